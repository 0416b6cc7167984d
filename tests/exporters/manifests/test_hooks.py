"""What components answer reaches the objects that need it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.workloads import External, Workload
from exporters.manifests import check, network, plan, reliability
from exporters.manifests.view import views
from tests.exporters.manifests.standins import EXTERNALS, WORKLOADS, stand_in
from tests.exporters.manifests.test_check import SCHEMAS, needs_shared

MESH = {"mesh": ("stand-mesh",)}


def objects(choices: dict[str, tuple[str, ...]], kind: str, **fields: Any) -> dict[str, Any]:
    found = plan.objects_by_cluster(stand_in(choices, **fields))["prod"]
    return {body["metadata"]["name"]: body for body in found if body["kind"] == kind}


def test_workloads_become_members_of_the_mesh() -> None:
    assert objects(MESH, "Namespace")["shop"]["metadata"]["labels"]["stand-mesh/injection"] == "enabled"
    pod = objects(MESH, "Deployment")["web"]["spec"]["template"]["metadata"]
    assert pod["annotations"]["stand-mesh/proxy"] == "yes"
    job = objects(MESH, "CronJob")["report"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]
    assert job["annotations"]["stand-mesh/proxy"] == "native"


def test_the_mesh_authorises_exactly_the_callers() -> None:
    rules = objects(MESH, "AuthorizationPolicy")["api"]["spec"]["rules"][0]["from"]
    principals = {entry["source"]["principals"][0] for entry in rules}
    assert principals == {"cluster.local/ns/shop/sa/web", "cluster.local/ns/shop/sa/report"}
    assert "rules" not in objects(MESH, "AuthorizationPolicy")["cache"]["spec"]


def test_what_the_dataplane_needs_is_added_to_every_workload_namespace_and_its_residue_told() -> None:
    policies = [body for body in plan.objects_by_cluster(stand_in(MESH))["prod"] if body["kind"] == "NetworkPolicy"]
    assert {body["metadata"]["namespace"] for body in policies if body["metadata"]["name"] == "dataplane-mesh"} == {
        "shop",
        "back-end",
    }
    assert "The mesh tunnels." in network.residue(views(stand_in(MESH))[0])


def test_jobs_with_a_proxy_reach_the_control_plane_too() -> None:
    report = next(
        body
        for body in plan.objects_by_cluster(stand_in(MESH))["prod"]
        if body["kind"] == "NetworkPolicy" and body["metadata"]["name"] == "flows-report"
    )
    assert any(port["port"] == 15012 for rule in report["spec"]["egress"] for port in rule["ports"])


def test_objectives_use_what_the_mesh_measures() -> None:
    rule = next(body for body in reliability.objectives(views(stand_in(MESH))[0]))
    assert "mesh_failed" in rule["spec"]["groups"][0]["rules"][0]["expr"]
    own = next(body for body in reliability.objectives(views(stand_in())[0]))
    assert "http_server_request_duration_seconds_count" in own["spec"]["groups"][0]["rules"][0]["expr"]


def test_a_second_version_without_a_host_is_split_by_the_mesh_and_without_one_it_is_residue() -> None:
    from exporters.manifests import routes

    inner = Workload.model_validate(
        {
            "name": "inner",
            "image": "registry.example.com/inner:1",
            "port": 8080,
            "canary": {"image": "registry.example.com/inner:2", "weight": 5},
        }
    )
    route = objects(MESH, "HTTPRoute", workloads=[inner])["inner"]
    assert route["spec"]["parentRefs"][0]["kind"] == "Service"
    assert [backend["weight"] for backend in route["spec"]["rules"][0]["backendRefs"]] == [95, 5]
    assert "inner" not in objects({}, "HTTPRoute", workloads=[inner])
    assert any("inner" in sentence for sentence in routes.residue(views(stand_in(workloads=[inner]))[0]))


def test_progressive_delivery_takes_the_second_version_over() -> None:
    choices = {"progressive-delivery": ("stand-steps",)}
    assert objects(choices, "Canary")["web"]["spec"]["targetRef"]["name"] == "web"
    assert "web-canary" not in objects(choices, "Deployment")
    backends = objects(choices, "HTTPRoute")["web"]["spec"]["rules"][0]["backendRefs"]
    assert [backend["name"] for backend in backends] == ["web"]


def test_policies_come_after_their_engine_and_before_workloads() -> None:
    made = plan.plans(stand_in({"policy-engine": ("stand-judge",)}))[0]
    rank = {name: folder.rank for folder in made.folders for name in folder.units}
    assert rank["stand-judge"] < rank["policies"] < rank["workloads-web"]


def test_images_are_pulled_with_the_registrys_secret_in_every_workload_namespace() -> None:
    choices = {"registry": ("stand-images",)}
    found = plan.objects_by_cluster(stand_in(choices))["prod"]
    made = {
        body["metadata"]["namespace"] for body in found if body["kind"] == "ExternalSecret" and body["metadata"]["name"] == "pull"
    }
    assert made == {"shop", "back-end"}
    assert objects(choices, "ServiceAccount")["web"]["imagePullSecrets"] == [{"name": "pull"}]


def test_only_workloads_that_call_the_cloud_get_an_identity() -> None:
    bucket = External.model_validate({"name": "bucket", "kind": "object-storage", "host": "storage.example.com", "port": 443})
    caller = Workload.model_validate(
        {"name": "caller", "image": "registry.example.com/caller:1", "port": 80, "calls": ["bucket"]}
    )
    accounts = objects(
        {"workload-identity": ("stand-ident",)}, "ServiceAccount", externals=[*EXTERNALS, bucket], workloads=[*WORKLOADS, caller]
    )
    assert accounts["caller"]["metadata"]["annotations"]["stand-ident/account"] == "shop-caller"
    assert "stand-ident/account" not in accounts["web"]["metadata"]["annotations"]


def test_a_dataplane_that_can_name_hosts_and_the_api_server_leaves_no_wide_rule() -> None:
    db = External.model_validate({"name": "db", "host": "db.example.com", "port": 5432})
    design = stand_in({"cni": ("stand-names",)}, externals=[db])
    found = plan.objects_by_cluster(design)["prod"]
    named = [body for body in found if body["kind"] == "CiliumNetworkPolicy"]
    assert any("toFQDNs" in rule for body in named for rule in body["spec"].get("egress", ()))
    sentences = network.residue(views(design)[0])
    assert not any("db.example.com" in sentence or "API server name its ports" in sentence for sentence in sentences)
    for body in found:
        if body["kind"] == "NetworkPolicy" and body["metadata"]["namespace"] in ("shop", "back-end"):
            wide = [
                peer
                for rule in body["spec"].get("egress", ())
                for peer in rule.get("to", ())
                if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
            ]
            assert wide == []


@needs_shared
@pytest.mark.parametrize("cni", ["stand-net", "stand-names"])
def test_all_hooks_together_pass_every_check(cni: str) -> None:
    choices = {
        **MESH,
        "registry": ("stand-images",),
        "progressive-delivery": ("stand-steps",),
        "cni": (cni,),
        "policy-engine": ("stand-judge",),
        "workload-identity": ("stand-ident",),
    }
    files = {document.path: list(document.objects) for document in plan.documents(stand_in(choices))}
    assert [str(entry) for entry in check.check(check.Tree(files), ("1.36",), schemas=SCHEMAS).findings] == []
