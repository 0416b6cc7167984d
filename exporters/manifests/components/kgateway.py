"""kgateway: copies of its controller and of its proxies. Its class is made by itself."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Entry
from exporters.manifests.routes import GATEWAY
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the controller's chart."""
    if view.release != "kgateway":
        return {}
    return {"controller": {"replicaCount": min(2, view.replicas())}}


def entry(view: View) -> Entry:
    """Its proxies stand where the Gateway is."""
    pods = {"gateway.networking.k8s.io/gateway-name": GATEWAY}
    return Entry(gateway_class="kgateway", namespace=view.namespace, pods=pods, timeouts=True)
