"""kgateway: copies of its controller and of its proxies. Its class is made by itself."""

from __future__ import annotations

from typing import Any

from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.references import Entry
from exporters.manifests.routes import GATEWAY
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the controller's chart."""
    if view.release != "kgateway":
        return {}
    copies = min(2, view.replicas())
    controller: dict[str, Any] = {"replicaCount": copies, "priorityClassName": PLATFORM_PRIORITY}
    if copies > 1:
        controller["podDisruptionBudget"] = {"minAvailable": 1}
    return {"controller": controller}


def entry(view: View) -> Entry:
    """Its proxies stand where the Gateway is."""
    pods = {"gateway.networking.k8s.io/gateway-name": GATEWAY}
    return Entry(gateway_class="kgateway", namespace=view.namespace, pods=pods, timeouts=True)
