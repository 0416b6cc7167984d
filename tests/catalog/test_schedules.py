"""Schedules are read as the API server reads them."""

from __future__ import annotations

import pytest

from catalog import schedules


@pytest.mark.parametrize(
    "text", ["5 4 * * *", "*/15 * * * *", "0 2 1-7,15 jan-mar mon-fri", "0 0 ? * SUN", "@daily", "10-50/20 * * * 6"]
)
def test_a_schedule_is_taken(text: str) -> None:
    schedules.check(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("* * * *", "has 4 fields"),
        ("60 * * * *", "from 0 to 59"),
        ("* 24 * * *", "from 0 to 23"),
        ("* * 0 * *", "from 1 to 31"),
        ("* * * 13 *", "from 1 to 12"),
        ("* * * * 7", "from 0 to 6"),
        ("* * * * monday", "no day of the week"),
        ("5-1 * * * *", "no range"),
        ("*/0 * * * *", "steps by nothing"),
        ("1,,2 * * * *", "no minute"),
        ("@fortnightly", "short forms"),
    ],
)
def test_what_no_server_takes_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        schedules.check(text)
