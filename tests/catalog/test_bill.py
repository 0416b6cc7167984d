"""The bill of materials, what ages in a design, and what cannot be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.availability import Path, copies_for, mend, paths_of
from catalog.bill import ageing, bill, one_way_doors
from catalog.design import Design
from catalog.workloads import Cluster
from tests.designs import design


def test_a_component_in_two_roles_is_one_line() -> None:
    lines = {line.component: line for line in bill(design())}
    assert lines["weave"].roles == ("mesh", "ingress")
    assert lines["weave"].charts == (("weave-base", "1.2.3"), ("weaved", "1.2.3"))
    assert lines["weave"].version == "1.30.0" and lines["weave"].support_until == date(2027, 2, 1)


def test_a_line_says_where_it_runs_and_nothing_outside_of_clusters_does() -> None:
    made = design(clusters=(Cluster(name="prod", cloud="gcp"), Cluster(name="dev", cloud="gcp")))
    lines = {line.component: line for line in bill(made)}
    assert lines["meter"].clusters == ("prod", "dev")
    assert lines["bright-cdn"].clusters == ()


def test_what_ages_is_told_for_the_day_asked() -> None:
    before = {(entry.component, entry.what) for entry in ageing(design(), date(2026, 11, 1))}
    after = {(entry.component, entry.what) for entry in ageing(design(), date(2027, 6, 1))}
    assert {("weave", "ends"), ("logbook", "retires"), ("logbook", "relicensed")} <= before
    assert {("weave", "ended"), ("logbook", "retired")} <= after


def test_dates_come_in_order() -> None:
    days = [entry.on for entry in ageing(design(), date(2026, 11, 1))]
    assert days == sorted(days)


def test_one_way_doors_start_with_what_can_never_be_undone() -> None:
    made = design({"kubernetes": ("own-cluster",)})
    assert [(door.component, door.how) for door in one_way_doors(made)] == [("own-cluster", "never")]
    assert [door.how for door in one_way_doors(design())] == ["rebuild"]


def test_availability_is_the_product_of_the_links_and_never_better_than_the_weakest() -> None:
    path, = paths_of(design())
    product = Decimal(1)
    for link in path.links:
        product *= Decimal(link.percent) / 100
    assert [link.component for link in path.links] == ["bright-cdn", "weave", "auto-cluster"]
    assert Decimal(path.percent) <= product * 100 < Decimal(path.percent) + Decimal("0.0001")
    assert Decimal(path.percent) <= Decimal(path.weakest.percent)


def test_what_is_assumed_has_no_source_and_says_so() -> None:
    path, = paths_of(design())
    links = {link.component: link for link in path.links}
    assert links["bright-cdn"].sources and not links["weave"].sources
    assert "2 copies" in links["weave"].scope


def test_more_copies_for_higher_targets() -> None:
    assert [copies_for(target) for target in ("99", "99.5", "99.95", "99.99")] == [1, 2, 3, 3]


def test_the_link_that_breaks_the_target_is_named_and_the_cheapest_mend_reaches_it() -> None:
    made = _asking("99.99")
    path, = paths_of(made)
    assert Decimal(path.reached) < Decimal("99.99")
    assert path.weakest.component == "auto-cluster"
    found = mend(made, path, "99.95")
    assert found is not None and found.way == "place"
    assert Decimal(found.percent) >= Decimal("99.95") > Decimal(path.reached)


def test_no_mend_is_named_that_does_not_reach_the_target() -> None:
    path, = paths_of(_asking("99.99"))
    assert mend(_asking("99.99"), path, "99.999") is None


def test_a_target_that_is_met_by_every_link_but_one_optional_one_is_mended_by_a_way_around_it() -> None:
    made = _asking("99.9")
    path, = paths_of(made)
    weak = tuple(replace(link, percent="99.2") if link.component == "bright-cdn" else replace(link, percent="99.999")
                 for link in path.links)
    found = mend(made, Path(path.clusters, weak, "99.1980"), "99.9")
    assert found is not None and (found.way, found.component) == ("around", "bright-cdn")


def test_places_stand_in_for_each_other_only_where_users_are_led_between_them() -> None:
    path, = paths_of(design())
    assert not path.together and path.reached == path.percent


def test_what_only_sets_up_another_part_of_the_path_is_no_link_of_its_own() -> None:
    made = design()
    weave = made.catalog.components["weave"].model_copy(update={"configures": "cdn"})
    catalog = replace(made.catalog, components={**made.catalog.components, "weave": weave})
    path, = paths_of(replace(made, catalog=catalog))
    assert [link.component for link in path.links] == ["bright-cdn", "auto-cluster"]


def test_what_a_service_level_counts_already_is_not_multiplied_again() -> None:
    made = design()
    bright = made.catalog.components["bright-cdn"]
    assert bright.service_level is not None
    level = bright.service_level.model_copy(update={"includes": ("weave",)})
    catalog = replace(made.catalog, components={
        **made.catalog.components, "bright-cdn": bright.model_copy(update={"service_level": level})})
    path, = paths_of(replace(made, catalog=catalog))
    assert [link.component for link in path.links] == ["bright-cdn", "auto-cluster"]


def _asking(target: str) -> Design:
    made = design()
    return replace(made, context={**made.context, "availability": replace(made.context["availability"], value=target)})
