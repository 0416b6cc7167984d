"""The chart of lifecycles."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from exporters.pictures import gantt, raster

START, END = date(2026, 1, 1), date(2028, 1, 1)


def bars(text: str) -> dict[str, tuple[float, float]]:
    bar = r'<rect x="([\d.]+)" [^>]*?width="([\d.]+)" height="18" rx="4" class="s s-(\w+)"'
    return {found[2]: (float(found[0]), float(found[1])) for found in re.findall(bar, text)}


def test_a_bar_is_as_long_as_its_time() -> None:
    middle = date(2027, 1, 1)
    rows = [gantt.Row("a", spans=(gantt.Span(START, middle), gantt.Span(middle, END, "unsupported")))]
    found = bars(gantt.draw("T", "", rows, START, END))
    assert found["active"][1] == pytest.approx(found["unsupported"][1], abs=1)
    assert found["active"][0] + found["active"][1] == pytest.approx(found["unsupported"][0], abs=0.2)


def test_open_ends_reach_the_edges_and_spans_outside_are_left_out() -> None:
    rows = [gantt.Row("a", spans=(gantt.Span(None, None, "active"),)),
            gantt.Row("b", spans=(gantt.Span(date(2030, 1, 1), None, "archived"),))]
    found = bars(gantt.draw("T", "", rows, START, END))
    assert found["active"][1] == pytest.approx(1000 - 250 - 24)
    assert "archived" not in found


def test_the_day_is_drawn_only_when_it_is_in_the_chart() -> None:
    rows = [gantt.Row("a", spans=(gantt.Span(None, None),))]
    assert "2026-11-23" in gantt.draw("T", "", rows, START, END, date(2026, 11, 23))
    assert "2029-01-01" not in gantt.draw("T", "", rows, START, END, date(2029, 1, 1))


def test_hostile_titles_are_escaped_and_the_chart_can_be_painted() -> None:
    span = gantt.Span(None, date(2027, 5, 1), "deprecated", "<i>&")
    rows = [gantt.Row("<script>\"&'" + "x" * 300, "\u202e<b>", (span,))]
    text = gantt.draw("<T>", "&", rows, START, END, theme="light", embed=False)
    assert not [element for element in ElementTree.fromstring(text).iter() if element.tag.endswith("script")]
    assert raster.png(text).startswith(b"\x89PNG")


def test_a_chart_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        gantt.draw("T", "", [], END, START)
