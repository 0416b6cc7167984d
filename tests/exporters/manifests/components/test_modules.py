"""Every module of these layers: values that its charts know, objects that their schemas take, no secret, no other id."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from catalog.loader import BUILT_IN
from exporters.manifests import check_charts
from exporters.manifests.modules import hook, module
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import cases
from tests.exporters.manifests.components.checking import charts, objects, wrong_objects, wrong_values
from tests.exporters.manifests.test_check import CHARTS, needs_shared

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

OWN_LAYERS = {path.stem for layer in cases.LAYERS for path in (BUILT_IN / "components" / layer).glob("*.yaml")}
MODULES = BUILT_IN.parent / "exporters" / "manifests" / "components"
KINDS = ("objects", "policies", "bootstrap")
WITHOUT_CHART = {"gitlab-runner", "openbao", "tempo-distributed", "vector", "zipkin"}
"""Charts that are not at hand: their values are unverified."""
WITHOUT_SCHEMA = "constraints.gatekeeper.sh"
"""Kinds that an engine makes when it runs: nobody has their schema beforehand."""


def selected(name: str) -> list[str]:
    return [entry.id for entry in cases.design(name).design.selected() if entry.id in OWN_LAYERS]


@needs_shared
@pytest.mark.parametrize("name", cases.DESIGNS)
def test_every_value_exists_in_its_chart(name: str) -> None:
    found = cases.design(name)
    installed = [entry for entry in selected(name) if found.design.catalog.components[entry].install is not None]
    assert [wrong for entry in installed for wrong in wrong_values(found, entry)] == []


@needs_shared
@pytest.mark.parametrize("name", cases.DESIGNS)
def test_every_object_fits_its_schema(name: str) -> None:
    found = cases.design(name)
    made = [obj for entry in selected(name) for ask in KINDS if hook(entry, ask) for obj in objects(found, entry, ask)]
    wrong = [line for line in wrong_objects(made, found.kubernetes_minor) if WITHOUT_SCHEMA not in line]
    assert wrong == []


@needs_shared
def test_charts_that_are_not_here_are_known() -> None:
    absent = set()
    for name in cases.DESIGNS:
        found = cases.design(name)
        for entry in selected(name):
            if found.design.catalog.components[entry].install is None:
                continue
            for mine in charts(found, entry):
                assert mine.chart is not None
                if check_charts.chart_at(str(CHARTS), mine.chart.reference or mine.chart.chart) is None:
                    absent.add(mine.chart.chart)
    assert absent <= WITHOUT_CHART


def test_the_designs_choose_every_component_with_a_module() -> None:
    modules = {entry for entry in OWN_LAYERS if module(entry) is not None and not entry.endswith("-identity")}
    chosen = {entry.id for name in cases.DESIGNS for entry in cases.design(name).design.selected()}
    rare = {"irsa", "sops", "other-site-store", "gitlab-ci", "fqdn-network-policy"}
    assert modules - chosen - rare == set()


def test_no_secret_value_is_written() -> None:
    for name in cases.DESIGNS:
        found = cases.design(name)
        for entry in selected(name):
            for ask in KINDS:
                if not hook(entry, ask):
                    continue
                for obj in objects(found, entry, ask):
                    assert obj["kind"] != "Secret", (entry, obj["metadata"]["name"])
                    assert "PRIVATE KEY" not in json.dumps(obj)


def _mentions(path: Path, ids: set[str]) -> list[str]:
    """String constants of a module that are exactly the id of another component and are asked about."""
    text = path.read_text(encoding="utf-8")
    own = path.stem
    asked = re.findall(r'(?:==|!=|\bin\b|\.of\()\s*\(?\s*"([a-z0-9-]+)"', text)
    return [word for word in asked if word in ids and word.replace("-", "_") != own]


def test_no_module_asks_for_another_component() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    words = {"aws", "gcp", "azure", "none", "loki", "gcs", "s3"}  # clouds and protocols called like components
    ids = set(catalog.components) - words
    wrong = {path.name: _mentions(path, ids) for path in sorted(MODULES.glob("*.py")) if path.stem in _own_stems()}
    assert {name: found for name, found in wrong.items() if found} == {}


def _own_stems() -> set[str]:
    return {entry.replace("-", "_").replace(".", "_") for entry in OWN_LAYERS}
