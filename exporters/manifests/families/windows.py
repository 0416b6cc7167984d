"""Maintenance windows in the words of the tools that keep to them."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.windows import DAY, Window, in_utc, window
from exporters.manifests.view import View

_WEEK = 7 * DAY


def of(view: View) -> Window | None:
    """The window of the cluster; None where it says something else."""
    try:
        return window(str(view.setting("kubernetes.maintenance-window", "")))
    except ValueError:
        return None


def parted(said: Window) -> tuple[Window, Window]:
    """The window in two, with a sixth of it between them for what was begun in the first: two tools that each take one
    machine at a time would take two together."""
    first, second = (said.start + said.minutes * part // 12 for part in (5, 7))
    return said._replace(end=(first - 1) % DAY + 1), said._replace(start=second % DAY)


def clock(minute: int) -> str:
    """A minute of the day as people write it. The end of a day is its last minute: 00:00 would be its beginning."""
    return "23:59" if minute == DAY else f"{minute // 60:02d}:{minute % 60:02d}"


def closed(said: Window) -> Iterator[tuple[str, str]]:
    """When the window is closed, for a tool that knows schedules in UTC alone: (schedule, how long), one for each time
    of day and length. Where clocks change, what is open is open in summer and in winter."""
    is_open = in_utc(said)
    found: dict[tuple[int, int], list[int]] = {}
    for start in sorted(minute for minute in is_open if (minute + 1) % _WEEK not in is_open):
        begins = (start + 1) % _WEEK
        length = next(minutes for minutes in range(1, _WEEK + 1) if (begins + minutes) % _WEEK in is_open)
        found.setdefault((begins % DAY, length), []).append(begins // DAY)
    for (minute, length), days in sorted(found.items()):
        on = "*" if len(days) == 7 else ",".join(str(day) for day in days)
        hours, rest = divmod(length, 60)
        yield f"{minute % 60} {minute // 60} * * {on}", (f"{hours}h" if hours else "") + (f"{rest}m" if rest else "")
