"""A day on the command line. There is no clock in this product: whoever wants today's date says it."""

from __future__ import annotations

from datetime import date

from catalog.errors import UsageError


def day(text: str) -> date:
    """`2027-06-30` as a date. Raises UsageError for anything that is no day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day of the calendar; write it like 2027-06-30") from None
