"""Generated designs of the built-in catalog: accepted by schemas, whole in their references, exact in policies."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import pytest

from catalog.design import Design
from catalog.loader import BUILT_IN
from catalog.workloads import Workload
from exporters.manifests.plan import objects_by_cluster
from exporters.manifests.view import views
from tests.exporters.manifests import generated, proofs
from tests.exporters.manifests.test_check import CHARTS, MINORS, SCHEMAS, needs_shared
from wizard.answers import Said
from wizard.complete import Refused, resolve

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


def _with(cloud: str, workloads: tuple[Workload, ...], **choices: str) -> Design | None:
    """A design of those workloads alone, or None where the catalog refuses the choices."""
    catalog = generated.real_catalog()
    assert catalog is not None
    said = {name.replace("_", "-"): (component,) for name, component in choices.items()}
    answers = replace(generated.answers(cloud, 4, said), workloads=tuple(Said(workload) for workload in workloads))
    with suppress(Refused):
        return resolve(answers, catalog, generated.engine(), reasons=False)
    return None


WORKER = Workload.model_validate({"name": "worker", "image": "registry.example.com/worker:1", "metrics-port": 9100})


@pytest.mark.parametrize("mesh", ["cilium", "cloud-service-mesh", "consul", "istio", "istio-ambient", "linkerd"])
def test_what_only_tells_its_metrics_can_be_asked_in_every_mesh(mesh: str) -> None:
    cloud = "gcp" if mesh == "cloud-service-mesh" else "on-premises"
    design = _with(cloud, (WORKER,), mesh=mesh, metrics="prometheus", network_policy="default-deny")
    assert design is not None
    assert any(edge.port == 9100 and edge.target.startswith("workload:worker") for edge in views(design)[0].topology.edges)
    assert list(proofs.flows(design)) == []


API = Workload.model_validate({"name": "api", "image": "registry.example.com/api:1", "port": 9090})
JOB = Workload.model_validate({"name": "once", "kind": "job", "image": "registry.example.com/once:1", "calls": ["api"]})


@pytest.mark.parametrize("mesh", ["consul", "istio", "istio-ambient", "linkerd"])
def test_a_job_reaches_what_it_calls_in_every_mesh(mesh: str) -> None:
    design = _with("on-premises", (API, JOB), mesh=mesh, network_policy="default-deny")
    assert design is not None
    assert list(proofs.flows(design)) == []


SHOP = Workload.model_validate({"name": "shop", "image": "registry.example.com/shop:1", "port": 8080, "host": "shop.example.com"})


@pytest.mark.parametrize("ingress", ["envoy-gateway", "traefik"])
def test_an_authority_that_asks_at_the_entrance_stands_only_where_there_is_one(ingress: str) -> None:
    design = _with("other-cloud", (WORKER,), ingress=ingress, certificates="lets-encrypt", certificate_automation="cert-manager")
    assert design is not None
    kinds = [body["kind"] for bodies in objects_by_cluster(design).values() for body in bodies]
    assert "Gateway" not in kinds and "ClusterIssuer" not in kinds


def test_names_behind_an_entrance_that_gives_each_ingress_an_address_of_its_own_are_proven_by_dns() -> None:
    design = _with("gcp", (SHOP,), ingress="gke-ingress", certificates="lets-encrypt")
    assert design is not None
    assert {kind.settings["acme.challenge"].value for kind in design.kinds} == {"dns-01"}
    issuers = [body for bodies in objects_by_cluster(design).values() for body in bodies if body["kind"] == "ClusterIssuer"]
    assert [list(solver) for body in issuers for solver in body["spec"]["acme"]["solvers"]] == [["dns01", "selector"]]


def test_an_entrance_that_the_platform_runs_is_not_closed_by_a_policy_of_ours() -> None:
    choices = {"ingress": "aks-app-routing-nginx", "certificates": "lets-encrypt", "network_policy": "default-deny"}
    design = _with("azure", (SHOP,), **choices)
    assert design is not None
    policies = [body["metadata"] for bodies in objects_by_cluster(design).values() for body in bodies
                if body["kind"] == "NetworkPolicy"]
    assert "app-routing-system" not in {metadata["namespace"] for metadata in policies}
    assert {"acme-answers", "acme-asks"} <= {metadata["name"] for metadata in policies}


@pytest.mark.parametrize("ingress", ["emissary", "f5-nginx-ingress", "ingress-nginx", "traefik"])
def test_the_sign_on_has_its_way_in_where_no_workload_has_one(ingress: str) -> None:
    design = _with("on-premises", (WORKER,), ingress=ingress, **{"sign-on": "dex"})
    assert design is not None
    bodies = [body for bodies in objects_by_cluster(design).values() for body in bodies]
    ways = [body for body in bodies if body["metadata"].get("namespace") == "dex" and "sso.example.com" in str(body.get("spec"))]
    assert {"HTTPRoute", "Ingress", "Mapping"} & {body["kind"] for body in ways}
    assert list(proofs.flows(design)) == []


@needs_shared
def test_a_class_that_only_a_platform_brings_is_open_beside_classes_of_the_tree() -> None:
    stateful = Workload.model_validate({"name": "db", "image": "registry.example.com/db:1", "kind": "statefulset",
                                        "port": 5432, "protocol": "tcp", "volumes": [{"path": "/data", "size": "1Gi"}]})
    design = _with("other-cloud", (stateful,), kubernetes="k3s", block_storage="local-path", distributed_storage="longhorn",
                   file_storage="longhorn")
    assert design is not None
    report = proofs.report(design, (views(design)[0].kubernetes_minor,), SCHEMAS, CHARTS)
    assert report.findings == ()
    assert "StorageClass local-path: not in the tree, it has to come from the platform (k3s)" in report.unverified


def test_every_installable_component_is_in_several_designs_and_in_each_role_and_every_tool_meets_every_platform() -> None:
    assert proofs.scarce(generated.designs(), generated.TIMES) == []


def test_modules_belong_to_components_of_the_catalog() -> None:
    known = {path.stem.replace("-", "_").replace(".", "_") for path in (BUILT_IN / "components").glob("*/*.yaml")}
    folder = BUILT_IN.parent / "exporters" / "manifests" / "components"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules - known == set()
