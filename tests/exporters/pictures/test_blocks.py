"""The whole on one page, and pages of cards: laid out without the engine, tidy, and as wide as a web page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog.design import Design
from exporters.pictures import blocks, layout, svg, views
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Arrow, Box, Group, Picture
from exporters.pictures.lanes import Lanes
from exporters.pictures.subject import subject
from tests.exporters.pictures.landscape import crowd, media, shop


def placed(made: Design, view: str) -> layout.Placed:
    found = views.view(view).make(subject(made), views.view(view).most)
    assert found is not None
    return layout.place(found)


@pytest.mark.parametrize("made", [shop, media, crowd])
def test_every_arrow_of_the_overview_has_a_way_that_crosses_no_frame(made: Callable[[], Design]) -> None:
    page = placed(made(), "overview")
    ends = page.groups | {box.id: page.boxes[box.id] for box in page.picture.boxes if box.group is None}
    for arrow, line in zip(page.picture.arrows, page.lines, strict=True):
        assert line is not None, arrow
        for name, area in ends.items():
            inner = Rect(area.x + 3, area.y + 3, area.w - 6, area.h - 6)
            assert not any(inner.contains(Rect(*line.at(step / 80), 0, 0), slack=0) for step in range(81)), (arrow, name)


@pytest.mark.parametrize("made", [shop, media, crowd])
@pytest.mark.parametrize("view", ["overview", "inside", "growth"])
def test_pages_are_about_as_wide_as_code_hosts_show_them(made: Callable[[], Design], view: str) -> None:
    assert svg.size(placed(made(), view))[0] <= 1160


def test_frames_of_one_row_end_at_the_same_height() -> None:
    page = placed(media(), "overview")
    ends: dict[float, set[float]] = {}
    for area in page.groups.values():
        ends.setdefault(round(area.y), set()).add(round(area.y + area.h))
    assert sum(len(found) > 1 for found in ends.values()) <= 1  # only where frames stand below each other in a row


def test_two_arrows_between_the_same_frames_run_straight_and_side_by_side() -> None:
    found = Picture("v", "T", "", (Group("g", "G"), Group("h", "H", row=2)),
                    (Box("a", "a", group="g"), Box("b", "b", group="h")),
                    (Arrow("g", "h", "request", "HTTPS 443"), Arrow("g", "h", "backup")), form="blocks")
    ways = blocks.place(found).lines
    assert [len(line.points) for line in ways if line] == [4, 4]
    assert len({round(line.tip[0]) for line in ways if line}) == 2


def test_where_every_lane_is_taken_there_is_no_way_and_no_error() -> None:
    lanes = Lanes({"a": Rect(0, 0, 60, 60), "b": Rect(0, 120, 60, 60)}, 60, 180)
    ways = [lanes.way("a", "b", (0.0, 0.0)) for _ in range(20)]
    assert ways[0] is not None and ways[-1] is None


def test_cards_fill_their_shelves() -> None:
    page = placed(shop(), "growth")
    assert {round(area.x + area.w) for area in page.groups.values()} == {round(page.width)}
