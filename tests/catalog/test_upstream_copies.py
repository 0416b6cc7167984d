"""The catalog against copies of upstream's own lists: what they contradict is a failure, what they cannot confirm is
listed, and nothing is passed in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.catalog import Catalog
from wizard.refresh import Finding, compare
from wizard.upstream import Upstream, read


@pytest.fixture(scope="module")
def upstream(shared: Path) -> Upstream:
    return read(shared)


@pytest.fixture(scope="module")
def found(catalog: Catalog, upstream: Upstream) -> list[Finding]:
    return compare(catalog, upstream)


def test_no_copy_contradicts_the_catalog(found: list[Finding]) -> None:
    assert [f"{each.component}: {each.what}" for each in found if each.verdict == "change"] == []


def test_nothing_that_the_landscape_calls_archived_is_active_here(found: list[Finding]) -> None:
    assert [each for each in found if "by the landscape" in each.what] == []


def test_no_chart_that_is_deprecated_upstream_is_installed(found: list[Finding]) -> None:
    assert [each for each in found if "deprecated upstream" in each.what] == []


def test_every_chart_and_every_support_date_is_judged(catalog: Catalog, found: list[Finding]) -> None:
    """Each installed chart and each last day of support has a finding, if only that no copy can confirm it."""
    told = {(each.component, word) for each in found for word in ("chart ", "support of ", "release ") if word in each.what}
    for component in catalog.components.values():
        if component.install is not None and component.install.charts:
            assert (component.id, "chart ") in told
        if any(release.end_of_support for release in component.releases):
            assert {(component.id, "support of "), (component.id, "release ")} & told


def test_most_of_what_can_be_compared_is_confirmed_and_the_rest_is_listed(
    found: list[Finding], record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    unverified = [f"{each.component}: {each.what}" for each in found if each.verdict == "unverified"]
    with capsys.disabled():
        print(f"\n{len(unverified)} facts that no copy can confirm:")
        for line in unverified:
            print(f"  {line}")
    record_property("unverified", len(unverified))
    assert len(unverified) < sum(each.verdict == "same" for each in found)


def _names(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for component in catalog.components.values():
        for chart in component.install.charts if component.install else ():
            yield component.id, chart.reference or chart.chart, chart.chart


def test_charts_are_called_as_upstream_calls_them(catalog: Catalog, shared: Path) -> None:
    from catalog.reading import read as read_yaml

    wrong = []
    for component, folder, name in _names(catalog):
        path = shared / "charts" / folder / "Chart.yaml"
        if path.is_file() and read_yaml(path).value["name"] != name:
            wrong.append((component, name, read_yaml(path).value["name"]))
    assert wrong == []
