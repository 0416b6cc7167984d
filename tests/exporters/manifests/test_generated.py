"""Generated designs of the built-in catalog: accepted by schemas, whole in their references, exact in policies."""

from __future__ import annotations

import re

import pytest

from catalog.loader import BUILT_IN
from exporters.manifests.view import views
from tests.exporters.manifests import generated, proofs
from tests.exporters.manifests.test_check import CHARTS, MINORS, SCHEMAS, needs_shared

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

PARTS = 12
"""The designs are checked in this many tests, so that several processes can share them."""


def part(at: int) -> list[generated.Generated]:
    return list(generated.designs()[at::PARTS])


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("at", range(PARTS))
def test_generated_designs_pass_every_check(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        minors = (views(entry.design)[0].kubernetes_minor,) if at % 2 else MINORS
        for finding in proofs.report(entry.design, minors, SCHEMAS, CHARTS).findings:
            wrong.setdefault(str(finding), entry.name)
    assert [f"{name}: {finding}" for finding, name in wrong.items()] == []


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_generated_designs_allow_every_flow_and_no_other_between_workloads(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for flow in proofs.flows(entry.design):
            wrong.setdefault(flow, entry.name)
    assert [f"{name}: {flow}" for flow, name in wrong.items()] == []


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_somebody_installs_the_kinds_of_every_object(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for kind in proofs.unbrought(entry.design):
            wrong.setdefault(kind, entry.name)
    assert [f"{name}: {kind}" for kind, name in wrong.items()] == []


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("at", range(PARTS))
def test_objects_are_of_the_stable_version_of_their_kind_where_it_has_one(at: int) -> None:
    """An API server warns of the others, and one day does not serve them."""
    wrong: dict[str, str] = {}
    for entry in part(at):
        for version, kind in proofs.versions(entry.design):
            group, _, served = version.rpartition("/")
            stable = (SCHEMAS / group).glob(f"{kind.lower()}_v[0-9].json") if group else ()
            if not re.fullmatch(r"v\d+", served) and any(stable):
                wrong.setdefault(f"{kind} {version}", entry.name)
    assert wrong == {}


def test_every_installable_component_is_in_several_designs_and_every_tool_meets_every_platform() -> None:
    assert proofs.scarce(generated.designs(), generated.TIMES) == []


def test_modules_belong_to_components_of_the_catalog() -> None:
    known = {path.stem.replace("-", "_").replace(".", "_") for path in (BUILT_IN / "components").glob("*/*.yaml")}
    folder = BUILT_IN.parent / "exporters" / "manifests" / "components"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules - known == set()
