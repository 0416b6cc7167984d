"""Classes that nobody brings and hosts that lead nowhere are found; what a platform or an unknown chart brings is open."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from exporters.manifests import check_classes, check_hosts
from exporters.manifests.check import Placed
from exporters.manifests.check_charts import Valued
from tests.exporters.manifests import generated
from tests.exporters.manifests.test_check_named import made

Objects = dict[str, dict[str, Any]]


def of_group(group: str, kind: str, name: str, spec: dict[str, Any], namespace: str = "shop") -> dict[str, Any]:
    return {**made(kind, name, spec, namespace), "apiVersion": f"{group}/v1"}


# ---- classes


def gateway(name: Any) -> dict[str, Any]:
    return of_group("gateway.networking.k8s.io", "Gateway", "public", {"gatewayClassName": name})


def ingress(name: Any) -> dict[str, Any]:
    return of_group("networking.k8s.io", "Ingress", "web", {"ingressClassName": name})


def chart(name: str, values: dict[str, Any] | None = None, path: str = "manifests/09-x/chart.yaml") -> Valued:
    return Valued(path, name, "1", values or {}, "")


def classes(bodies: list[dict[str, Any]], *charts: Valued) -> tuple[list[str], list[str]]:
    findings, open_ends = check_classes.check([Placed("a.yaml", body) for body in bodies], (), charts, "prod")
    return [finding.message for finding in findings], open_ends


own = of_group("gateway.networking.k8s.io", "GatewayClass", "envoy", {"controllerName": "x"}, "")


@pytest.mark.parametrize(
    ("bodies", "charts"),
    [
        ([gateway("envoy"), own], []),
        ([gateway("traefik")], [chart("traefik", {"providers": {"kubernetesGateway": {"enabled": True}}})]),
        ([gateway("own")], [chart("nginx-gateway-fabric", {"nginxGateway": {"gatewayClassName": "own"}})]),
        ([gateway("istio-waypoint")], [chart("istiod")]),
        ([ingress("nginx")], [chart("ingress-nginx")]),
        ([ingress("alb")], [chart("aws-load-balancer-controller", path="manifests/clusters/prod/a.yaml")]),
        ([ingress(None), of_group("networking.istio.io", "Gateway", "public", {})], []),
    ],
)
def test_a_class_of_the_tree_or_of_one_of_its_charts_is_there(bodies: list[dict[str, Any]], charts: list[Valued]) -> None:
    assert classes(bodies, *charts) == ([], [])


@pytest.mark.parametrize(
    ("bodies", "charts", "kind"),
    [
        ([gateway("envoi"), own], [], "GatewayClass envoi"),
        ([gateway("traefik")], [chart("traefik")], "GatewayClass traefik"),
        ([gateway("nginx")], [chart("nginx-gateway-fabric", {"nginxGateway": {"gatewayClassName": "own"}})],
         "GatewayClass nginx"),
        ([gateway("nginx")], [chart("ingress-nginx")], "GatewayClass nginx"),
        ([ingress("nginx")], [chart("ingress-nginx", {"controller": {"ingressClassResource": {"enabled": False}}})],
         "IngressClass nginx"),
        ([ingress("alb")], [chart("aws-load-balancer-controller", path="manifests/clusters/dev/a.yaml")], "IngressClass alb"),
    ],
)
def test_a_class_that_nobody_brings_is_found(bodies: list[dict[str, Any]], charts: list[Valued], kind: str) -> None:
    assert classes(bodies, *charts) == ([f"its {kind} is nowhere, and no chart of the tree brings it"], [])


def test_a_class_of_a_platform_or_of_a_chart_that_nobody_knows_is_open() -> None:
    told = "GatewayClass gke-l7-rilb: not in the tree, it has to come from the platform (GKE)"
    assert classes([gateway("gke-l7-rilb")]) == ([], [told])
    told = "GatewayClass house: not in the tree, it has to come from a chart (house-gate)"
    assert classes([gateway("house")], chart("house-gate"), chart("traefik")) == ([], [told])


def test_it_is_known_of_every_chart_of_the_catalog_which_classes_it_brings() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    charts = {entry.chart for part in catalog.components.values() if part.install is not None for entry in part.install.charts}
    assert charts - check_classes.known().looked_into == set()


# ---- hosts


def objects() -> Objects:
    """Two Services of a workload whose calls a VirtualService splits, and a host outside."""
    route = {"name": "shares", "route": [
        {"destination": {"host": "web", "port": {"number": 80}}, "weight": 90},
        {"destination": {"host": "web-two.shop.svc.cluster.local", "subset": "two"}, "weight": 10}]}
    router = {"istio": {"virtualService": {"name": "web", "routes": ["shares"]}}}
    return {
        "space": made("Namespace", "shop", namespace="", metadata={"labels": {"k8s-wizard.dev/kind": "workloads"}}),
        "web": made("Service", "web", {"ports": [{"port": 80}]}),
        "two": made("Service", "web-two", {"ports": [{"port": 80}]}),
        "outside": of_group("networking.istio.io", "ServiceEntry", "db", {"hosts": ["db.example.com", "*.cdn.example.com"]}),
        "subsets": of_group("networking.istio.io", "DestinationRule", "two", {
            "host": "web-two", "subsets": [{"name": "two", "labels": {"a": "b"}}]}),
        "db": of_group("networking.istio.io", "DestinationRule", "db", {"host": "db.example.com"}),
        "cdn": of_group("networking.istio.io", "DestinationRule", "cdn", {"host": "a.cdn.example.com"}),
        "all": of_group("networking.istio.io", "DestinationRule", "all", {"host": "*.shop.svc.cluster.local"}),
        "theirs": of_group("networking.istio.io", "DestinationRule", "theirs", {"host": "x.monitoring.svc.cluster.local"}),
        "split": of_group("networking.istio.io", "VirtualService", "web", {"hosts": ["web"], "http": [route]}),
        "entry": of_group("networking.istio.io", "VirtualService", "entry", {
            "hosts": ["shop.example.com"], "gateways": ["public"],
            "http": [{"route": [{"destination": {"host": "web"}}], "mirror": {"host": "web-two"}}]}),
        "rollout": made("Rollout", "web", {"strategy": {"canary": {"trafficRouting": router}}}),
    }


def hosts(found: Objects) -> list[str]:
    return [finding.message for finding in check_hosts.check([Placed("a.yaml", body) for body in found.values()])]


def test_hosts_that_lead_somewhere_are_not_told() -> None:
    assert hosts(objects()) == []


def destination(found: Objects, at: int) -> dict[str, Any]:
    one: dict[str, Any] = found["split"]["spec"]["http"][0]["route"][at]["destination"]
    return one


def moved(found: Objects) -> dict[str, Any]:
    one: dict[str, Any] = found["rollout"]["spec"]["strategy"]["canary"]["trafficRouting"]["istio"]["virtualService"]
    return one


PLANTS: list[tuple[Callable[[Objects], Any], str]] = [
    (lambda found: found["subsets"]["spec"].update(host="ghost"), "its host ghost is no Service and no ServiceEntry"),
    (lambda found: found["db"]["spec"].update(host="mail.example.com"),
     "its host mail.example.com is no Service and no ServiceEntry"),
    (lambda found: found["db"]["spec"].update(host="web.shop"), "its host web.shop is no Service and no ServiceEntry"),
    (lambda found: found["all"]["spec"].update(host="*.ghost.svc.cluster.local"),
     "its host *.ghost.svc.cluster.local is no Service and no ServiceEntry"),
    (lambda found: found["split"]["spec"].update(hosts=["ghost"]), "its host ghost is no Service and no ServiceEntry"),
    (lambda found: destination(found, 0).update(host="ghost"), "it leads to ghost, which is no Service and no ServiceEntry"),
    (lambda found: destination(found, 0).update(port={"number": 81}), "it leads to web, which has no port 81"),
    (lambda found: destination(found, 1).update(subset="ghost"),
     "it leads to the subset ghost of web-two.shop.svc.cluster.local, which no DestinationRule makes"),
    (lambda found: found["entry"]["spec"]["http"][0].update(mirror={"host": "ghost"}),
     "it leads to ghost, which is no Service and no ServiceEntry"),
    (lambda found: moved(found).update(name="ghost"), "it moves VirtualService ghost, which is nowhere"),
    (lambda found: moved(found).update(routes=["ghost"]),
     "it moves the route ghost of VirtualService web, which has none of that name"),
]


@pytest.mark.parametrize(("plant", "message"), PLANTS, ids=[message[:40] for _, message in PLANTS])
def test_a_host_that_leads_nowhere_is_found(plant: Callable[[Objects], Any], message: str) -> None:
    found = copy.deepcopy(objects())
    plant(found)
    assert message in hosts(found)
