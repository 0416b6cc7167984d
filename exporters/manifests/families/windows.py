"""Maintenance windows as people write them: weekdays and hours, in UTC."""

from __future__ import annotations

import re

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def schedule(window: str) -> tuple[str, int, int] | None:
    """(weekdays as cron writes them, first hour in UTC, hours) of `Tue-Thu 02:00-05:00 UTC`; None when it says else."""
    match = re.match(r"(?:([A-Za-z]{3})(?:-([A-Za-z]{3}))? )?(\d\d):\d\d-(\d\d):\d\d(?: UTC)?$", window.strip())
    if match is None:
        return None
    start, hours = int(match[3]) % 24, (int(match[4]) - int(match[3])) % 24
    if not hours:
        return None
    if not match[1]:
        return "*", start, hours
    first, last = match[1].lower(), (match[2] or match[1]).lower()
    if first not in _DAYS or last not in _DAYS:
        return None
    chosen = [(_DAYS.index(first) + step) % 7 for step in range((_DAYS.index(last) - _DAYS.index(first)) % 7 + 1)]
    return ",".join(str(day) for day in sorted(chosen)), start, hours
