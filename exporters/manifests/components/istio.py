"""Istio with a proxy in each pod, or as a gateway alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.families import istio_mesh
from exporters.manifests.references import Entry, Obj
from exporters.manifests.sharing import Second
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of its charts."""
    if view.release == "istio-cni":
        return istio_mesh.node_agent(view)
    if view.release != "istiod":
        return {}
    return {**istio_mesh.control(view), **({"cni": {"enabled": True}} if "mesh" in view.roles else {})}


def objects(view: View) -> list[Obj]:
    """Strict mutual TLS and telemetry of the mesh."""
    if "mesh" not in view.roles:
        return istio_mesh.monitors(view)
    proxies = istio_mesh.proxy_monitor(view, "istio-proxies", "security.istio.io/tlsMode")
    return [*istio_mesh.mesh_objects(view), *istio_mesh.monitors(view), *proxies]


def entry(view: View) -> Entry:
    """Its gateway."""
    return istio_mesh.entry(view)


def images(view: View) -> tuple[str, ...]:
    """What it runs in namespaces of workloads."""
    return istio_mesh.images(view)


def unmeshed(view: View) -> dict[str, Any]:
    """What keeps a pod of a namespace of the mesh out of it."""
    return {"labels": {"sidecar.istio.io/inject": "false"}}


def sidecars(view: View) -> dict[str, Any]:
    """A label of the namespace puts a proxy into its pods."""
    return {
        "namespace_labels": {"istio-injection": "enabled"},
        "pod_annotations": {},
        # What the chart's own defaults ask for in each pod.
        "requests": {"cpu": "100m", "memory": "128Mi"},
    }


def authorize(view: View) -> Callable[[dict[str, Any], list[dict[str, Any]]], list[Obj]]:
    """Who may call whom."""
    return istio_mesh.authorize(view)


def request_metrics(view: View) -> Callable[[Any, str, tuple[str, ...]], tuple[str, str]]:
    """What the proxies of the called pods count."""
    return istio_mesh.request_metrics("destination")


def dataplane(view: View) -> dict[str, Any]:
    """Proxies fetch their configuration, and are asked for metrics and health at ports of their own."""
    if "mesh" not in view.roles:
        return {}
    own = [{"protocol": "TCP", "port": port} for port in (15020, 15021)]
    platform = {"namespaceSelector": {"matchLabels": {"k8s-wizard.dev/kind": "platform"}}}
    return {"name": "mesh", "egress": [istio_mesh.control_egress()], "ingress": [{"from": [platform], "ports": own}]}


def splits(view: View) -> str:
    """Routes of the Gateway API where its kinds are there, else kinds of its own. The ambient mesh is split by routes
    alone: waypoints do not act on both kinds for one Service
    (https://istio.io/latest/docs/ambient/usage/l7-features/)."""
    return "routes" if view.capability("gateway-api-crds") else "virtual-service"


def between(view: View) -> Callable[[Workload, str, Second], list[Obj]]:
    """Shares of the calls between members of the mesh."""
    return istio_mesh.virtual_service
