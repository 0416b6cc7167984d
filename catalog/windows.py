"""Maintenance windows as people write them: weekdays, hours and minutes, and the time zone that both are meant in.

Owns which text is a window and what it means; each tool that keeps to one says it in its own words.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""Weekdays in the order of their numbers in schedules."""
DAY = 24 * 60
"""Minutes of a day."""
PATTERN = (r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))? )?"
           r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00) (UTC|[A-Z][A-Za-z_+-]+(/[A-Za-z0-9_+-]+){1,2})")
MEANS = "weekdays, times and a time zone, such as Tue-Thu 02:00-05:00 UTC or Sun 02:30-05:30 Europe/Berlin"

_YEAR = 2026
"""Whose clock changes count: the same window gives the same bytes in any year."""


class Window(NamedTuple):
    """When upgrades and reboots may disturb workloads, in the time of its zone."""

    days: tuple[int, ...]
    """Days of the week on which it opens, Sunday being 0; all seven where none are named."""
    start: int
    """Minute of the day at which it opens."""
    end: int
    """Minute of the day at which it closes, 1440 at most; before `start` where that is on the next day."""
    zone: str

    @property
    def minutes(self) -> int:
        """How long it is open; at a change of clocks an hour more or less."""
        return self.end - self.start + (DAY if self.end < self.start else 0)


def window(text: str) -> Window:
    """The window that a text says; ValueError with what is wrong."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{text!r} is not {MEANS}")
    *named, hours, zone = text.split(" ")
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in hours.split("-"))
    if start == end:
        raise ValueError(f"{text!r} is a window that opens and closes at the same time")
    days = tuple(range(7))
    if named:
        first, _, last = named[0].lower().partition("-")
        at = DAYS.index(first)
        days = tuple(sorted((at + step) % 7 for step in range((DAYS.index(last or first) - at) % 7 + 1)))
    if end == 0:
        end = DAY
    if end < start and len(days) < 7:
        raise ValueError(f"{text!r} goes on into the next day, which tools count as another weekday: let it end at 24:00, "
                         "or name no weekdays")
    found = Window(days, start, end, zone)
    changes = max(_offsets(zone)) - min(_offsets(zone))
    if found.minutes <= changes:
        raise ValueError(f"{text!r} is no longer than the change of clocks in {zone}, so tools that know UTC alone could "
                         "never keep to it")
    return found


def in_utc(said: Window) -> frozenset[int]:
    """Minutes of the week, from Sunday 00:00 UTC on, that lie in the window whatever its zone's clocks say that day."""
    whole = 7 * DAY
    found: list[frozenset[int]] = []
    for offset in _offsets(said.zone):
        found.append(frozenset((day * DAY + said.start + minute - offset) % whole
                               for day in said.days for minute in range(said.minutes)))
    return frozenset.intersection(*found)


def _offsets(zone: str) -> frozenset[int]:
    """The minutes by which a zone's clocks are ahead of UTC over a year; ValueError for a zone that is none."""
    if zone == "UTC":
        return frozenset({0})
    from zoneinfo import ZoneInfo

    try:
        clock = ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"{zone!r} is no time zone of the IANA database, such as Europe/Berlin") from None
    days = (datetime(_YEAR, 1, 1, 12, tzinfo=clock) + timedelta(days=day) for day in range(365))
    return frozenset(int((day.utcoffset() or timedelta()).total_seconds() // 60) for day in days)
