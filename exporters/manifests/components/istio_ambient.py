"""Istio with a proxy on each node, and a waypoint in each workload namespace for what needs requests to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests.cluster import workload_namespaces
from exporters.manifests.families import istio_mesh
from exporters.manifests.labels import PREFIX
from exporters.manifests.references import Entry, Obj
from exporters.manifests.view import View

_WAYPOINT = "waypoint"
_HBONE = 15008


def values(view: View) -> dict[str, Any]:
    """Values of its charts."""
    if view.release == "istio-cni":
        return istio_mesh.node_agent(view)
    if view.release == "ztunnel":
        return istio_mesh.common(view)
    if view.release != "istiod":
        return {}
    return istio_mesh.control(view)


def objects(view: View) -> list[Obj]:
    """Strict mutual TLS, telemetry, and the waypoints."""
    if "mesh" not in view.roles:
        return istio_mesh.monitors(view)
    found = [*istio_mesh.mesh_objects(view), *istio_mesh.monitors(view)]
    for namespace in workload_namespaces(view):
        listener = {"name": "mesh", "port": _HBONE, "protocol": "HBONE"}
        found.append(
            {
                "apiVersion": "gateway.networking.k8s.io/v1",
                "kind": "Gateway",
                "metadata": {"name": _WAYPOINT, "namespace": namespace, "labels": {"istio.io/waypoint-for": "service"}},
                "spec": {"gatewayClassName": "istio-waypoint", "listeners": [listener]},
            }
        )
    waypoints = istio_mesh.proxy_monitor(view, "istio-waypoints", "gateway.networking.k8s.io/gateway-name")
    return [*found, *waypoints]


def entry(view: View) -> Entry:
    """Its gateway."""
    return istio_mesh.entry(view)


def images(view: View) -> tuple[str, ...]:
    """What it runs in namespaces of workloads."""
    return istio_mesh.images(view)


def unmeshed(view: View) -> dict[str, Any]:
    """What keeps a pod of a namespace of the mesh out of it."""
    return {"labels": {"istio.io/dataplane-mode": "none"}}


def sidecars(view: View) -> dict[str, Any]:
    """Labels of the namespace lead its traffic through the node's proxy and the waypoint."""
    return {"namespace_labels": {"istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": _WAYPOINT}}


def authorize(view: View) -> Callable[[dict[str, Any], list[dict[str, Any]]], list[Obj]]:
    """Callers are checked at the waypoint of the Service; the pod takes what comes from there and from the entry."""

    def answer(target: dict[str, Any], callers: list[dict[str, Any]]) -> list[Obj]:
        named, plain = istio_mesh.principals(view, callers)
        service = {"targetRefs": [{"kind": "Service", "group": "", "name": name} for name in target["services"]]}
        pods = {"selector": {"matchLabels": dict(target["labels"])}}
        through = f"cluster.local/ns/{target['namespace']}/sa/{_WAYPOINT}"
        rules = istio_mesh.rules(target, named, plain)
        return [
            istio_mesh.policy(target, rules, service),
            istio_mesh.policy(target, istio_mesh.rules(target, [*named, through], plain), pods, "-pods"),
        ]

    return answer


def request_metrics(view: View) -> Callable[[Any, str, tuple[str, ...]], tuple[str, str]]:
    """What the waypoints count."""
    return istio_mesh.request_metrics("waypoint")


def dataplane(view: View) -> dict[str, Any]:
    """Calls travel in tunnels between node proxies, which check identities; probes come from a fixed address
    (https://istio.io/latest/docs/ambient/usage/networkpolicy/)."""
    if "mesh" not in view.roles:
        return {}
    tunnel = [{"protocol": "TCP", "port": _HBONE}]
    members: Obj = {"namespaceSelector": {}}
    return {
        "name": "mesh",
        "objects": [_entrance_tunnels(view)] if "ingress" in view.roles else [],
        "ingress": [
            {"from": [members], "ports": tunnel},
            {"from": [{"ipBlock": {"cidr": "169.254.7.127/32"}}]},
        ],
        "egress": [istio_mesh.control_egress(), {"to": [members], "ports": tunnel}],
        "residue": [
            "Pods of the mesh may open tunnels (port 15008) to each other; who may call whom inside of them is said by "
            "the mesh's own authorization."
        ],
    }


def _entrance_tunnels(view: View) -> Obj:
    """Its own gateway speaks to members through tunnels too."""
    workloads = {"namespaceSelector": {"matchLabels": {f"{PREFIX}/kind": "workloads"}}}
    spec = {
        "podSelector": {"matchLabels": dict(istio_mesh.entry(view).pods)},
        "policyTypes": ["Egress"],
        "egress": [{"to": [workloads], "ports": [{"protocol": "TCP", "port": _HBONE}]}],
    }
    metadata = {"name": "mesh-tunnels", "namespace": istio_mesh.gateway_place(view)}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def splits(view: View) -> str:
    """Calls are split by routes of the Gateway API whose parent is the Service."""
    return "routes"
