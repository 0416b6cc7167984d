"""Views of real designs for tests of components' modules, and what every module has to hold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from catalog.workloads import Cluster
from exporters.manifests import check, check_charts, check_kinds, cluster, units
from exporters.manifests.modules import hook
from exporters.manifests.references import Obj
from exporters.manifests.view import View, views
from tests.exporters.manifests import generated
from tests.exporters.manifests.standins import EXTERNALS, WORKLOADS
from tests.exporters.manifests.test_check import CHARTS, SCHEMAS
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.complete import resolve


@cache
def _view(
    cloud: str,
    choices: tuple[tuple[str, tuple[str, ...]], ...],
    context: tuple[tuple[str, str], ...],
    settings: tuple[tuple[str, str], ...],
    environment: str,
    rejects: tuple[tuple[str, tuple[str, ...]], ...],
) -> View:
    catalog = generated.real_catalog()
    assert catalog is not None
    disks = {"raw": 2, "size": "1Ti"} if cloud in ("on-premises", "other-cloud") else {}
    pools = [] if cloud == "gcp" else [{"name": "general", "nodes": 4, "zones": 3, "disks": disks}]
    place = Cluster.model_validate(
        {"name": "prod", "environment": environment, "cloud": cloud, "region": "region-1", "pools": pools}
    )
    answers = Answers(
        name="shop",
        context={name: Said((value,)) for name, value in context},
        clusters=(ClusterAnswers(place),),
        choices={name: Said(value) for name, value in choices},
        settings={name: Said(value) for name, value in settings},
        rejects={name: Said(value) for name, value in rejects},
        workloads=tuple(Said(workload) for workload in WORKLOADS),
        externals=tuple(Said(external) for external in EXTERNALS),
    )
    return views(resolve(answers, catalog, generated.engine(), reasons=False))[0]


def view(
    cloud: str,
    choices: dict[str, str],
    context: dict[str, str] | None = None,
    settings: dict[str, str] | None = None,
    environment: str = "prod",
    rejects: dict[str, str] | None = None,
) -> View:
    """The framework's view of a one-cluster design with these choices; the rest is completed."""
    said = {"availability": "99.95", "platform-team": "yes", "services": "tens", **(context or {})}
    return _view(
        cloud,
        tuple((name, tuple(value.split(","))) for name, value in choices.items()),
        tuple(said.items()),
        tuple((settings or {}).items()),
        environment,
        tuple((name, tuple(value.split(","))) for name, value in (rejects or {}).items()),
    )


def charts(found: View, component: str) -> Iterator[View]:
    """Views of the component's charts."""
    yield from cluster.charts(found, found.design.catalog.components[component])


def values(found: View, component: str, release: str | None = None) -> dict[str, Any]:
    """Final values of a chart."""
    mine = next(mine for mine in charts(found, component) if release in (None, mine.release))
    return units.values(mine)


def objects(found: View, component: str, ask: str = "objects") -> list[Obj]:
    """What the module makes."""
    asked = hook(component, ask)
    assert asked is not None
    made: list[Obj] = asked(found.of(component))
    return made


def wrong_values(found: View, component: str) -> list[str]:
    """Values that a chart does not know or refuses (charts that are not here cannot say)."""
    wrong = []
    for mine in charts(found, component):
        assert mine.chart is not None
        chart = check_charts.chart_at(str(CHARTS), mine.chart.reference or mine.chart.chart)
        if chart is None:
            continue
        final = units.values(mine)
        wrong += [f"{mine.release}: unknown {key}" for key in check_charts.unknown_keys(final, chart, str(CHARTS))]
        wrong += [f"{mine.release}: {message}" for message in check_charts.refused(final, chart)]
    return wrong


def wrong_objects(made: list[Obj], minor: str) -> list[str]:
    """Objects that their schema refuses, or that have none here."""
    placed = list(check.Tree({"manifests/made.yaml": made}).objects())
    findings, unverified = check_kinds.custom(placed, SCHEMAS)
    return [str(finding) for finding in [*check_kinds.core(placed, minor), *findings]] + unverified
