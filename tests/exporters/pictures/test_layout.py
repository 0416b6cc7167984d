"""Nothing in a picture stands in anything's way, and every picture can be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.catalog import Catalog
from catalog.design import Design
from catalog.workloads import Cluster, Workload
from exporters.pictures import exporter, layout, measure, svg
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Arrow, Box, Group, Picture
from exporters.pictures.subject import subject
from samples.rebuild import HERE, names
from tests.designs import design
from tests.exporters.pictures.landscape import catalog as landscape_catalog
from tests.exporters.pictures.landscape import choices, crowd, fleet, media, shop
from tests.exporters.pictures.overlaps import overlaps
from wizard import answers_file
from wizard.complete import resolve
from wizard.solver import Engine

LONG = "Ein außerordentlich langer Name, den niemand kürzen wollte, " * 5
MIXED = "支付网关 결제 決済ゲートウェイ payments & <b>\"quoted\"</b>"


@pytest.mark.parametrize("made", [shop, media, crowd, lambda: shop(title=LONG), lambda: shop(title=MIXED)],
                         ids=["shop", "media", "crowd", "long names", "names in other scripts"])
def test_nothing_overlaps_and_nothing_is_cut_in_any_view(made: Callable[[], Design]) -> None:
    found = {drawn.view: overlaps(svg.draw(drawn.placed, embed=False))
             for drawn in exporter.place_all(subject(made())) if drawn.placed}
    assert len(found) >= 11
    assert {view: said for view, said in found.items() if said} == {}


@pytest.mark.parametrize("made", [shop, media, crowd, fleet])
def test_every_view_fits_a_page(made: Callable[[], Design]) -> None:
    for drawn in exporter.place_all(subject(made())):
        assert drawn.placed is not None
        wide, tall = svg.size(drawn.placed)
        assert wide * tall <= exporter.PIXELS, drawn.view
        assert wide <= exporter.WIDEST, drawn.view
        assert tall <= exporter.TALLEST, drawn.view


def test_the_checker_itself_finds_two_boxes_and_two_texts_on_top_of_each_other() -> None:
    found = Picture("v", "T", "", boxes=(Box("a", "one"), Box("b", "two")), arrows=(Arrow("a", "b", "request"),))
    placed = layout.place(found)
    same = dict.fromkeys(placed.boxes, placed.boxes["a"].moved(2, 3))
    broken = layout.Placed(found, placed.width, placed.height, same, {}, placed.lines)
    assert overlaps(svg.draw(placed, embed=False)) == []
    said = overlaps(svg.draw(broken, embed=False))
    assert any("'one' and 'two'" in text for text in said)


def test_boxes_lie_inside_of_their_frames() -> None:
    for drawn in exporter.place_all(subject(media())):
        assert drawn.placed is not None
        for box in drawn.placed.picture.boxes:
            if box.group is not None:
                assert drawn.placed.groups[box.group].contains(drawn.placed.boxes[box.id]), (drawn.view, box.title)


def test_a_frame_is_wide_enough_for_its_title() -> None:
    group = Group("g", "A zone with quite a long name", note="and a note in small print")
    found = Picture("v", "T", "", groups=(group,),
                    boxes=(Box("a", "x", group="g"), Box("b", "y")), arrows=(Arrow("a", "b", "request"),))
    assert layout.place(found).groups["g"].w >= measure.group(found.groups[0])[0]


def test_a_title_of_wide_characters_gets_a_wider_box_than_one_of_narrow_ones() -> None:
    assert measure.box(Box("a", "结算结算结算")).width > measure.box(Box("b", "llllll")).width + 30


def test_a_group_of_boxes_without_arrows_becomes_a_block_and_not_a_row() -> None:
    loose = tuple(Box(f"b{index}", f"box {index}", group="g") for index in range(12))
    found = Picture("v", "T", "", groups=(Group("g", "G"),), boxes=(*loose, Box("x", "x"), Box("y", "y")),
                    arrows=(Arrow("x", "y", "request"),))
    placed = layout.place(found)
    assert placed.groups["g"].w < 6 * placed.boxes["b0"].w


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """A design with some of all parts, one to three clusters, and services that call each other as it happens."""
    known = landscape_catalog()
    taken = {decision: ids if draw(st.booleans()) else () for decision, ids in choices(known).items()}
    count = draw(st.integers(0, 14))
    words = st.sampled_from(["web", "支付", "a-rather-long-name-of-a-service", "x"])
    names = [f"{draw(words)}{at}" for at in range(count)]
    workloads = [
        Workload(name=f"w{at}", title=names[at], image="r.example.com/x:1", port=8080 + at,
                 host=f"h{at}.example.com" if draw(st.booleans()) else None,
                 protocol=draw(st.sampled_from(["http", "grpc", "tcp"])),
                 calls=tuple(f"w{other}" for other in range(count) if other != at and draw(st.integers(0, 4)) == 0))
        for at in range(count)
    ]
    clusters = [Cluster(name=f"c{at}", cloud="gcp", region=f"region-{at % 2}", environment="prod" if at < 2 else "dev")
                for at in range(draw(st.integers(1, 3)))]
    taken["kubernetes"] = ("cluster",)
    return design(taken, catalog=known, name="any", clusters=clusters, workloads=workloads)


def crossings(placed: layout.Placed) -> list[str]:
    """Arrows that run through a box they have nothing to do with."""
    frames = {box.id: box.group for box in placed.picture.boxes}
    said = []
    for arrow, line in zip(placed.picture.arrows, placed.lines, strict=True):
        assert line is not None
        own = {arrow.source, arrow.target}
        for box, area in placed.boxes.items():
            if box not in own and frames[box] not in own and any(
                    area.contains(Rect(*line.at(step / 40), 0, 0), slack=-2) for step in range(1, 40)):
                said.append(f"{arrow.source} to {arrow.target} runs through {box}")
    return said


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(designs())
def test_whatever_is_chosen_nothing_overlaps_and_every_view_fits(made: Design) -> None:
    for drawn in exporter.place_all(subject(made)):
        assert drawn.placed is not None, drawn.problem
        assert overlaps(svg.draw(drawn.placed, embed=False)) == [], drawn.view
        assert exporter.fits(svg.size(drawn.placed)), (drawn.view, svg.size(drawn.placed))


@pytest.mark.parametrize("name", names())
def test_every_view_of_a_sample_is_read_without_scrolling_to_the_side(name: str, catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(HERE / name / "answers.yaml", catalog, "answers.yaml")
    for drawn in exporter.place_all(subject(resolve(answers, catalog, engine))):
        assert drawn.placed is not None, drawn.problem
        text = svg.draw(drawn.placed, embed=False)
        assert svg.size(drawn.placed)[0] <= exporter.PAGE[0], drawn.view
        assert overlaps(text) == [], drawn.view
        assert crossings(drawn.placed) == [], drawn.view
        assert None not in drawn.placed.lines, drawn.view


def test_clusters_that_an_overview_has_no_room_for_are_named_under_its_title() -> None:
    drawn = exporter.place_all(subject(fleet()), ["overview"])[0]
    assert drawn.placed is not None
    shown = {box.group for box in drawn.placed.picture.boxes if box.group and box.group.startswith("cluster:")}
    left = [cluster.name for cluster in fleet().clusters if not any(cluster.name in group.title for group in
            drawn.placed.picture.groups)]
    assert len(shown) == 4 and left
    assert all(f"{name} is drawn among the regions" in drawn.placed.picture.caption for name in left)


@pytest.mark.parametrize("made", [shop, media, crowd, fleet])
def test_no_arrow_runs_through_a_box_and_every_label_found_its_place(made: Callable[[], Design]) -> None:
    for drawn in exporter.place_all(subject(made())):
        assert drawn.placed is not None
        assert crossings(drawn.placed) == [], drawn.view
        for arrow, line in zip(drawn.placed.picture.arrows, drawn.placed.lines, strict=False):
            assert line is not None
            assert not arrow.label or line.label is not None, (drawn.view, arrow)
