"""Known retirements of the past, replayed: flagged on the day it happened, and not on the day before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from catalog.ageing import ages
from catalog.catalog import Catalog
from catalog.lifecycle import Status

RETIRED: list[tuple[str, date, Status]] = [
    ("ingress-nginx", date(2026, 3, 31), "unsupported"),
    ("kubefed", date(2023, 4, 25), "archived"),
    ("promtail", date(2025, 2, 13), "deprecated"),
    ("promtail", date(2026, 3, 2), "unsupported"),
    ("edgefs", date(2021, 1, 25), "archived"),
    ("weave-net", date(2024, 6, 20), "archived"),
    ("stackpath", date(2024, 6, 30), "unobtainable"),
    ("gcr", date(2024, 5, 15), "deprecated"),
    ("gcr", date(2025, 3, 18), "unobtainable"),
    ("clair-in-harbor", date(2021, 3, 3), "unobtainable"),
    ("notary", date(2023, 8, 29), "deprecated"),
    ("notary", date(2025, 7, 31), "archived"),
    ("jaeger-v1", date(2024, 12, 7), "deprecated"),
    ("jaeger-v1", date(2025, 12, 31), "unsupported"),
    ("kaniko", date(2025, 6, 3), "archived"),
    ("open-service-mesh", date(2023, 6, 30), "archived"),
    ("aws-app-mesh", date(2024, 9, 24), "deprecated"),
    ("aws-app-mesh", date(2026, 9, 30), "unobtainable"),
    ("grafana-oncall", date(2026, 3, 24), "archived"),
    ("opsgenie", date(2025, 6, 4), "unobtainable"),
    ("azure-cdn", date(2025, 10, 1), "unobtainable"),
    ("azure-front-door-classic", date(2025, 4, 1), "unobtainable"),
    ("kong", date(2025, 3, 27), "deprecated"),
    ("minio", date(2026, 2, 12), "archived"),
    ("aks-app-routing-nginx", date(2025, 11, 13), "deprecated"),
    ("aks-app-routing-nginx", date(2026, 12, 1), "unsupported"),
]


@pytest.mark.parametrize(("component", "day", "status"), RETIRED, ids=lambda value: str(value))
def test_a_retirement_is_flagged_on_its_day_and_not_before(
    catalog: Catalog, component: str, day: date, status: Status
) -> None:
    known = catalog.components[component]
    assert known.status(day) == status
    assert known.status(day - timedelta(days=1)) != status
    on_the_day = [entry for entry in ages([(known, None)], day) if entry.what == "retired"]
    the_day_before = [entry for entry in ages([(known, None)], day - timedelta(days=1)) if entry.what == "retired"]
    assert [entry for entry in on_the_day if entry not in the_day_before and entry.on == day]


@pytest.mark.parametrize("component", sorted({name for name, _, _ in RETIRED}))
def test_what_retired_names_a_living_successor_what_the_move_takes_and_a_source_for_each_event(
    catalog: Catalog, component: str
) -> None:
    life = catalog.components[component].lifecycle
    assert life.successor is not None
    assert catalog.components[life.successor].status(catalog.as_of) in ("active", "deprecated")
    assert life.move
    assert all(event.source.startswith("https://") and event.checked <= catalog.as_of for event in life.events)


def test_whatever_is_retired_in_the_catalog_says_where_to_go(catalog: Catalog) -> None:
    lost = [component.id for component in catalog.components.values()
            if component.status(catalog.as_of) in ("unsupported", "archived", "unobtainable")
            and not (component.lifecycle.successor and component.lifecycle.move)]
    assert lost == []


def test_a_release_is_supported_through_its_last_day(catalog: Catalog) -> None:
    component = catalog.components["istio"]
    release = next(entry for entry in component.releases if entry.end_of_support)
    assert release.end_of_support is not None
    last = [entry.what for entry in ages([(component, release)], release.end_of_support)]
    after = [entry.what for entry in ages([(component, release)], release.end_of_support + timedelta(days=1))]
    assert (last, after) == (["ends"], ["ended"])


def test_licence_changes_are_told_with_their_day(catalog: Catalog) -> None:
    vault = catalog.components["vault"]
    found = [entry for entry in ages([(vault, None)], date(2023, 8, 1)) if entry.what == "relicensed"]
    assert [(entry.on, "comes under BUSL-1.1" in entry.text) for entry in found] == [(date(2023, 8, 10), True)]
