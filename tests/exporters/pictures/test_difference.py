"""Two designs in one picture."""

from __future__ import annotations

from dataclasses import replace

from catalog.design import Design
from exporters.pictures import difference, layout, svg
from exporters.pictures.graph import Arrow, Box, Picture
from exporters.pictures.subject import subject
from tests.designs import design
from tests.exporters.pictures.landscape import catalog, choices, shop
from tests.exporters.pictures.overlaps import overlaps


def smaller() -> Design:
    """The shop without a mesh, with other logs, with one workload fewer and one changed, and an older Prometheus."""
    known, base = catalog(), shop()
    picked = {**choices(known), "mesh": (), "log-store": ()}
    workloads = [base.workloads[0].model_copy(update={"port": 8081}), *base.workloads[1:-1]]
    found = design(picked, catalog=known, name="shop", clusters=base.clusters, workloads=workloads,
                   externals=base.externals)
    return replace(found, releases={"store": "2.9.0"})


def marks() -> dict[str, str]:
    found = difference.difference(subject(smaller()), subject(replace(shop(), releases={"store": "3.0.0"})))
    assert found is not None
    return {box.title: f"{box.mark}: {box.subtitle}" if box.mark == "changed" else box.mark for box in found.boxes}


def test_what_is_new_gone_or_different_is_marked_and_the_rest_is_not() -> None:
    found = marks()
    assert found["Istio"] == "added"
    assert found["queue"] == "added"
    assert found["Prometheus"] == "changed: 2.9.0 → 3.0.0"
    assert found["web"] == "changed: other port"
    assert found["Grafana"] == ""


def test_seen_from_the_other_side_added_is_removed() -> None:
    found = difference.difference(subject(shop()), subject(smaller()))
    assert found is not None
    assert {box.title for box in found.boxes if box.mark == "removed"} >= {"Istio", "Loki", "queue"}


def test_layers_in_which_nothing_changes_are_counted_and_left_out() -> None:
    found = difference.difference(subject(smaller()), subject(shop()))
    assert found is not None
    assert "Cloud CDN" not in {box.title for box in found.boxes}
    assert "more parts are in layers where nothing changes" in found.caption


def test_equal_designs_have_no_difference() -> None:
    assert difference.difference(subject(shop()), subject(shop())) is None


def test_marks_differ_by_shape_and_sign_and_have_a_legend() -> None:
    found = difference.difference(subject(smaller()), subject(shop()))
    assert found is not None
    text = svg.draw(layout.place(found), embed=False)
    assert "<circle" in text and 'class="k-changed"' in text
    assert ">added</text>" in text and ">changed</text>" in text
    assert overlaps(text) == []


def test_two_pictures_of_one_view_become_one_with_the_arrows_of_both() -> None:
    before = Picture("v", "T", "", boxes=(Box("a", "A"), Box("b", "B"), Box("c", "C")),
                     arrows=(Arrow("a", "b", "request"), Arrow("b", "c", "store")))
    after = Picture("v", "T", "", boxes=(Box("a", "A"), Box("b", "B new"), Box("d", "D")),
                    arrows=(Arrow("a", "b", "request"), Arrow("b", "d", "store")))
    found = difference.merged(before, after)
    assert {box.id: box.mark for box in found.boxes} == {"a": "", "b": "changed", "c": "removed", "d": "added"}
    assert [arrow.mark for arrow in found.arrows] == ["", "added", "removed"]


def test_the_picture_of_two_equal_designs_says_that_nothing_changes() -> None:
    assert "Nothing changes" in difference.picture_of_difference(shop(), shop()).decode()
    assert "Istio" in difference.picture_of_difference(smaller(), shop()).decode()
