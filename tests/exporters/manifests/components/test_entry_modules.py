"""Every module from DNS to the registry: values that its charts know, objects that their schemas take, no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.loader import BUILT_IN
from exporters.manifests import check_charts, network, routes, security
from exporters.manifests.modules import hook, module
from exporters.manifests.references import Obj
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import charts, objects, wrong_objects, wrong_values
from tests.exporters.manifests.components.test_modules import MODULES, _mentions
from tests.exporters.manifests.test_check import CHARTS, needs_shared

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

OWN = {path.stem for layer in cases.LAYERS for path in (BUILT_IN / "components" / layer).glob("*.yaml")}


def selected(found: View) -> list[str]:
    return [entry.id for entry in found.design.selected() if entry.id in OWN]


def installed(found: View) -> list[str]:
    components = found.design.catalog.components
    return [entry for entry in selected(found) if components[entry].support == "installable"]


def made(found: View) -> list[Obj]:
    """Everything that modules and the framework's routes, policies and authorization make with their help."""
    everything = [obj for entry in selected(found) if hook(entry, "objects") for obj in objects(found, entry)]
    everything += [*routes.entrance(found), *security.authorization(found), *network.objects(found)]
    for workload in found.workloads:
        everything += routes.routes(found, workload)
        for ask in found.gather("canary", "progressive-delivery"):
            everything += ask(workload, found.workload_namespace(workload)) if workload.canary else []
    return everything


@needs_shared
@pytest.mark.parametrize("name", cases.DESIGNS)
def test_every_value_exists_in_its_chart(name: str) -> None:
    found = cases.design(name)
    assert [f"{entry}: {wrong}" for entry in installed(found) for wrong in wrong_values(found, entry)] == []


@needs_shared
@pytest.mark.parametrize("name", cases.DESIGNS)
def test_every_object_fits_its_schema(name: str) -> None:
    found = cases.design(name)
    assert set(wrong_objects(made(found), found.kubernetes_minor)) <= cases.UNVERIFIED


@needs_shared
def test_an_object_that_does_not_fit_is_noticed() -> None:
    planted = next(obj for obj in made(cases.design("bank")) if obj["kind"] == "CiliumBGPClusterConfig")
    assert wrong_objects([{**planted, "spec": {**planted["spec"], "peer": "router"}}], "1.36") != []


@needs_shared
def test_charts_that_are_not_here_are_known() -> None:
    absent = set()
    for name in cases.DESIGNS:
        found = cases.design(name)
        for entry in installed(found):
            for mine in charts(found, entry):
                assert mine.chart is not None
                if check_charts.chart_at(str(CHARTS), mine.chart.reference or mine.chart.chart) is None:
                    absent.add(mine.chart.chart)
    assert absent <= cases.WITHOUT_CHART


def test_the_designs_choose_every_component_with_a_module() -> None:
    modules = {entry for entry in OWN if module(entry) is not None}
    chosen = {entry.id for name in cases.DESIGNS for entry in cases.design(name).design.selected()}
    assert modules - chosen - cases.RARE == set()


@pytest.mark.parametrize("name", cases.DESIGNS)
def test_no_secret_value_is_written(name: str) -> None:
    assert [obj["metadata"]["name"] for obj in made(cases.design(name)) if obj["kind"] == "Secret"] == []


def test_no_module_asks_for_another_component() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    ids = set(catalog.components) - {"aws", "gcp", "azure", "none", "gcs", "s3", "grpc", "http", "thrift"}
    own = {entry.replace("-", "_") for entry in OWN}
    files = [path for path in sorted(MODULES.glob("*.py")) if path.stem in own]
    files += sorted(Path(MODULES.parent / "families").glob("*.py"))
    assert {path.name: found for path in files if (found := _mentions(path, ids))} == {}
