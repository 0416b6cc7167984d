"""Maintenance windows: what people write, in which zone, and what of it can be said in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.windows import DAY, Window, in_utc, window


@pytest.mark.parametrize(("text", "meant"), [
    ("Tue-Thu 02:00-05:00 UTC", Window((2, 3, 4), 120, 300, "UTC")),
    ("Sat-Mon 01:15-04:45 UTC", Window((0, 1, 6), 75, 285, "UTC")),
    ("Sun 02:30-05:30 Europe/Berlin", Window((0,), 150, 330, "Europe/Berlin")),
    ("22:00-02:00 America/Argentina/Buenos_Aires", Window(tuple(range(7)), 1320, 120, "America/Argentina/Buenos_Aires")),
    ("Sat-Mon 22:00-24:00 UTC", Window((0, 1, 6), 1320, DAY, "UTC")),
    ("Sat 22:00-00:00 UTC", Window((6,), 1320, DAY, "UTC")),
])
def test_a_window_is_read_as_people_write_it(text: str, meant: Window) -> None:
    assert window(text) == meant


@pytest.mark.parametrize("text", [
    "", "when it suits", "Tux 02:00-05:00 UTC", "02:00-05:00", "Tue 02:00-05:00 CEST2", "Tue 2:00-5:00 UTC",
    "Tue 02:60-05:00 UTC", "Tue 02:00-25:00 UTC", "Tue 02:00-05:00 Europe/Bielefeld", "Tue 02:00-05:00 ../../etc/passwd",
    "Tue 02:00-05:00 Etc/../UTC", "Tue 05:00-02:00 UTC", "02:00-02:00 UTC", "02:00-02:45 Europe/Berlin"])
def test_what_is_no_window_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        window(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6), st.integers(0, 23), st.integers(0, 59), st.integers(121, 1000), st.integers(0, 364),
       st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]))
def test_what_is_said_in_utc_lies_in_the_window_on_every_day_of_the_year(
        day: int, hour: int, minute: int, length: int, later: int, zone: str) -> None:
    start = hour * 60 + minute
    end = min(start + length, DAY)
    said = Window((day,), start, end, zone)
    midnight = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=later)
    for at in list(in_utc(said))[:: 37]:
        moment = midnight + timedelta(days=(at // DAY - (midnight.weekday() + 1)) % 7, minutes=at % DAY)
        there = moment.astimezone(ZoneInfo(zone))
        assert (there.weekday() + 1) % 7 == day
        assert start <= there.hour * 60 + there.minute < end
