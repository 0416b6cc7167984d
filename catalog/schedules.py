"""Schedules of cron jobs, as the API server reads them (https://pkg.go.dev/github.com/robfig/cron/v3).

Owns which text is a schedule; says nothing about when it next comes due.
"""

from __future__ import annotations

import re

_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
           "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_PART = re.compile(r"(?P<first>\*|\?|[0-9a-z]+)(?:-(?P<last>[0-9a-z]+))?(?:/(?P<step>[0-9]+))?")


def check(schedule: str) -> None:
    """ValueError with what is wrong when the text is no schedule of five fields and none of the `@daily` sort."""
    if schedule.startswith("@"):
        if schedule not in _MACROS:
            raise ValueError(f"{schedule!r} is no schedule; the short forms are {', '.join(sorted(_MACROS))}")
        return
    fields = schedule.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f"{schedule!r} has {len(fields)} fields; a schedule has five: minute hour day month weekday")
    for text, (name, least, most, words) in zip(fields, _FIELDS, strict=True):
        for part in text.lower().split(","):
            _part(part, name, least, most, words)


def _part(part: str, name: str, least: int, most: int, words: dict[str, int]) -> None:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is no {name} of a schedule")
    ends = []
    for end in (match["first"], match["last"]):
        if end is None or end in "*?":
            continue
        number = words.get(end, int(end) if end.isdecimal() else None)
        if number is None or not least <= number <= most:
            raise ValueError(f"{end!r} is no {name} of a schedule: it goes from {least} to {most}")
        ends.append(number)
    if match["last"] is not None and (len(ends) < 2 or ends[0] > ends[1]):
        raise ValueError(f"{part!r} is no range of a {name}")
    if match["step"] is not None and int(match["step"]) == 0:
        raise ValueError(f"{part!r} steps by nothing")
