"""Generated designs of the built-in catalog: accepted by schemas, whole in their references, exact in policies."""

from __future__ import annotations

import pytest

from catalog.loader import BUILT_IN
from exporters.manifests import check, check_kinds, cluster, network, plan, units
from exporters.manifests.view import views
from tests.exporters.manifests import generated
from tests.exporters.manifests.simulator import Cluster
from tests.exporters.manifests.test_check import CHARTS, MINORS, SCHEMAS, needs_shared
from tests.exporters.manifests.test_network import connections, strangers, unanswered

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

PARTS = 12
"""The designs are checked in this many tests, so that several processes can share them."""


def part(at: int) -> list[generated.Generated]:
    return list(generated.designs()[at::PARTS])


def references() -> dict[str, str]:
    catalog = generated.real_catalog()
    assert catalog is not None
    return {
        chart.chart: chart.reference
        for component in catalog.components.values()
        if component.install is not None
        for chart in component.install.charts
        if chart.reference
    }


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("at", range(PARTS))
def test_generated_designs_pass_every_check(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        files = {document.path: list(document.objects) for document in plan.documents(entry.design)}
        minor = views(entry.design)[0].kubernetes_minor
        report = check.check(
            check.Tree(files), (minor,) if at % 2 else MINORS, schemas=SCHEMAS, charts=CHARTS, references=references()
        )
        for finding in report.findings:
            wrong.setdefault(str(finding), entry.name)
    assert [f"{name}: {finding}" for finding, name in wrong.items()] == []


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_generated_designs_allow_every_flow_and_no_other_between_workloads(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for view in views(entry.design):
            objects = plan.objects_by_cluster(entry.design)[view.cluster.name]
            kinds = {body["kind"] for body in objects if body["kind"].endswith("NetworkPolicy")}
            assert kinds <= {"NetworkPolicy", "CiliumNetworkPolicy"}, f"{entry.name}: the simulator knows no {sorted(kinds)}"
            cluster = Cluster(objects)
            for edge, connection in connections(view):
                if not cluster.allows(connection):
                    wrong.setdefault(f"{edge.source} -> {edge.target}:{edge.port} ({edge.because})", entry.name)
            if not network.enforced(view) or next(iter(view.gather("stance", "network-policy")), "deny") != "deny":
                continue
            for sentence in unanswered(view, objects):
                wrong.setdefault(sentence, entry.name)
            # Dataplanes disagree on whether address ranges match pods; nothing may be open on either reading.
            for reading in (cluster, Cluster(objects, ranges_match_pods=True)):
                for connection in strangers(view):
                    if reading.allows(connection):
                        what = f"{connection.source.name} -> {connection.target.name}:{connection.port}"
                        wrong.setdefault(f"{what} is open, though no flow", entry.name)
    assert [f"{name}: {flow}" for flow, name in wrong.items()] == []


PLATFORM_GROUPS = {
    "networking.gke.io",
    "cloud.google.com",
    "karpenter.sh",
    "karpenter.k8s.aws",
    "eks.amazonaws.com",
    "gateway.networking.k8s.io",
    "snapshot.storage.k8s.io",
    "helm.cattle.io",
    "cilium.io",
    "elbv2.k8s.aws",
    "gateway.k8s.aws",
    "iam.cnrm.cloud.google.com",
    "karpenter.azure.com",
    "cns.azure.com",
    "alb.networking.azure.io",
    "networking.azure.com",
    "upgrade.cattle.io",
    "vpcresources.k8s.aws",
}
"""API groups that a managed platform or distribution may bring without a component that installs them."""


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_somebody_installs_the_kinds_of_every_object(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for view in views(entry.design):
            brought = set(PLATFORM_GROUPS)
            for component in cluster.installed(view):
                brought |= set(component.install.crds) if component.install is not None else set()
            for body in plan.objects_by_cluster(entry.design)[view.cluster.name]:
                group = units.group(body)
                if not check_kinds.is_core(body["apiVersion"]) and group not in brought:
                    wrong.setdefault(f"{body['kind']} {body['apiVersion']}", entry.name)
    assert [f"{name}: {kind}" for kind, name in wrong.items()] == []


def test_every_installable_component_is_in_some_generated_design() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    seen = {component.id for entry in generated.designs() for component in entry.design.selected()}
    installable = {
        component.id
        for component in catalog.components.values()
        if component.support == "installable" and component.status(catalog.as_of) in ("active", "deprecated")
    }
    assert installable - seen == set()


def test_modules_belong_to_components_of_the_catalog() -> None:
    known = {path.stem.replace("-", "_").replace(".", "_") for path in (BUILT_IN / "components").glob("*/*.yaml")}
    folder = BUILT_IN.parent / "exporters" / "manifests" / "components"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules - known == set()
