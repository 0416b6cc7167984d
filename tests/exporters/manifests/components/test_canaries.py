"""A second version by Argo Rollouts: requests are split by the route, and nothing fights over what the controller sets."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from exporters.manifests import plan, routes
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import objects, values, view, wrong_objects, wrong_values

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

_ROLLOUTS = {"metrics": "prometheus", "progressive-delivery": "argo-rollouts"}
GATEWAY = {**_ROLLOUTS, "kubernetes": "eks", "ingress": "envoy-gateway", "mesh": "linkerd", "deployment": "argo-cd"}
INGRESS = {**_ROLLOUTS, "kubernetes": "aks", "ingress": "aks-app-routing-nginx", "mesh": "none"}
PODS = {**_ROLLOUTS, "ingress": "f5-nginx-ingress", "mesh": "none"}


def _gateway() -> View:
    return view("aws", GATEWAY)


def _ingress() -> View:
    return view("azure", INGRESS)


@cache
def _made(cloud: str, choices: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], dict[str, Any]]:
    found = plan.objects_by_cluster(view(cloud, dict(choices)).design)["prod"]
    return {(obj["kind"], obj["metadata"]["name"]): obj for obj in found}


def _of(cloud: str, choices: dict[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    return _made(cloud, tuple(choices.items()))


def _strategy(made: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = made["Rollout", "web"]["spec"]["strategy"]["canary"]
    return found


def test_a_gateway_splits_requests_by_the_plugin_between_two_services() -> None:
    made = _of("aws", GATEWAY)
    strategy = _strategy(made)
    assert (strategy["stableService"], strategy["canaryService"]) == ("web", "web-canary")
    assert strategy["trafficRouting"]["plugins"]["argoproj-labs/gatewayAPI"]["httpRoutes"][0]["name"] == "web"
    backends = made["HTTPRoute", "web"]["spec"]["rules"][0]["backendRefs"]
    assert [(entry["name"], entry["weight"]) for entry in backends] == [("web", 100), ("web-canary", 0)]
    assert made["Service", "web-canary"]["spec"]["selector"] == made["Service", "web"]["spec"]["selector"]


def test_callers_with_the_header_get_the_new_version_before_its_share_grows() -> None:
    strategy = _strategy(_of("aws", GATEWAY))
    kinds = [next(iter(step)) for step in strategy["steps"]]
    assert kinds.index("setHeaderRoute") < kinds.index("setWeight")
    route = next(step["setHeaderRoute"] for step in strategy["steps"] if "setHeaderRoute" in step)
    assert route["match"] == [{"headerName": "x-canary", "headerValue": {"exact": "yes"}}]
    assert [entry["name"] for entry in strategy["trafficRouting"]["managedRoutes"]] == [route["name"]]


def test_the_plugin_comes_with_the_controller_and_has_rights_to_routes_alone() -> None:
    final = values(_gateway(), "argo-rollouts")
    controller = final["controller"]
    where = controller["trafficRouterPlugins"][0]["location"].removeprefix("file://")
    assert where.startswith(controller["volumeMounts"][0]["mountPath"])
    assert controller["initContainers"][0]["image"].rpartition(":")[2].startswith("v")
    rights = final["providerRBAC"]["providers"]
    assert [name for name, given in rights.items() if given] == ["gatewayAPI"]


@pytest.mark.parametrize(("cloud", "choices"), [("aws", GATEWAY), ("azure", INGRESS), ("on-premises", PODS)])
def test_charts_and_schemas_accept_what_is_made(cloud: str, choices: dict[str, str]) -> None:
    found = view(cloud, choices)
    assert wrong_values(found, "argo-rollouts") == []
    kinds = ("Rollout", "HTTPRoute", "AnalysisTemplate", "Ingress", "HorizontalPodAutoscaler", "Application")
    made = [obj for (kind, _), obj in _of(cloud, choices).items() if kind in kinds]
    assert wrong_objects(made, found.kubernetes_minor) == []


def test_an_ingress_of_nginx_splits_by_a_second_ingress() -> None:
    made = _of("azure", INGRESS)
    nginx = _strategy(made)["trafficRouting"]["nginx"]
    assert nginx["stableIngress"] == "web" and ("Ingress", "web") in made
    assert nginx["additionalIngressAnnotations"] == {"canary-by-header": "x-canary", "canary-by-header-value": "yes"}
    assert "setHeaderRoute" not in str(_strategy(made)["steps"])
    # The controller looks at Ingresses of the class `nginx` alone unless it is told.
    assert values(_ingress(), "argo-rollouts")["controller"]["extraArgs"] == [
        f"--nginx-ingress-classes={made['Ingress', 'web']['spec']['ingressClassName']}"
    ]


def test_where_nothing_splits_requests_the_overview_says_that_pods_are_shared() -> None:
    strategy = _strategy(_of("on-premises", PODS))
    assert "trafficRouting" not in strategy and "canaryService" not in strategy
    assert any("by the number of its pods" in sentence for sentence in routes.residue(view("on-premises", PODS)))
    assert not any("by the number of its pods" in sentence for sentence in routes.residue(_gateway()))


def test_the_rollout_alone_says_how_many_pods_there_are() -> None:
    made = _of("aws", GATEWAY)
    assert "replicas" not in made["Deployment", "web"]["spec"]
    assert made["HorizontalPodAutoscaler", "web"]["spec"]["scaleTargetRef"]["kind"] == "Rollout"


def test_delivery_leaves_alone_what_the_controller_changes() -> None:
    changed = {(entry["kind"], entry["name"]) for entry in objects(_gateway(), "argo-rollouts", "changed_live")}
    assert changed == {("Service", "web"), ("Service", "web-canary"), ("HTTPRoute", "web")}
    applications = plan.plans(_gateway().design)[0]
    from exporters.manifests.through import argocd_objects

    folder = next(folder for folder in applications.folders if folder.layer == "workloads")
    made = argocd_objects.applications(applications, folder)[f"{folder.name}.yaml"][0]
    named = {(entry["kind"], entry["name"]) for entry in made["spec"]["ignoreDifferences"]}
    assert named == changed and "RespectIgnoreDifferences=true" in made["spec"]["syncPolicy"]["syncOptions"]


def test_delivery_leaves_the_rule_of_a_header_alone_before_the_route_carries_a_label() -> None:
    changed = objects(_gateway(), "argo-rollouts", "changed_live")
    route = next(entry for entry in changed if entry["kind"] == "HTTPRoute")
    managed = _strategy(_of("aws", GATEWAY))["trafficRouting"]["managedRoutes"][0]["name"]
    assert f'.spec.rules[] | select(.name == "{managed}")' in route["jq"]


def test_a_delivery_tool_that_cannot_leave_shares_alone_is_named() -> None:
    flux = view("aws", {**GATEWAY, "deployment": "flux"})
    assert any("sets its shares back" in sentence for sentence in routes.residue(flux)) is not _ignores(flux)


def _ignores(found: View) -> bool:
    from exporters.manifests.through import flux

    made = plan.plans(found.design)[0]
    return any("ignore" in step["spec"] for step in flux.index(made)["folders.yaml"])


def test_a_mesh_that_knows_no_rollouts_counts_the_tried_version_by_its_pods() -> None:
    template = _of("aws", GATEWAY)["AnalysisTemplate", "web"]["spec"]
    assert "{{args.hash}}" in template["metrics"][0]["provider"]["prometheus"]["query"]
    assert _strategy(_of("aws", GATEWAY))["analysis"]["args"][0]["valueFrom"] == {"podTemplateHashValue": "Latest"}
