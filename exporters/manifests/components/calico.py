"""Calico: the operator's Installation, addresses, encryption, and BGP where pods or services are announced."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.view import View

_PLATFORMS = {"aws": ("EKS", "AmazonVPC"), "azure": ("AKS", "AzureVNET")}
"""Clouds whose own plugin can give pods addresses of the network below Calico, by the names that Installation has for them."""


def values(view: View) -> dict[str, Any]:
    """The Installation (https://docs.tigera.io/calico/latest/reference/installation/api); the chart of its kinds needs none."""
    assert view.chart is not None
    if view.chart.release == "calico-crds":
        return {}
    routed = view.capability("routable-pods")
    copies = {"controlPlaneReplicas": min(2, view.nodes)}
    installation: dict[str, Any] = {}
    if not view.capability("self-managed-kubernetes") and view.cloud in _PLATFORMS:
        provider, plugin = _PLATFORMS[view.cloud]
        installation = {"kubernetesProvider": provider, "cni": {"type": plugin if routed else "Calico"}}
        if routed:  # the platform's own plugin gives addresses, and Calico enforces policies
            return {"installation": {**installation, **copies, "calicoNetwork": {"bgp": "Disabled"}}}
    pool: dict[str, Any] = {
        "name": "default-ipv4-ippool",
        "encapsulation": "None" if routed else "VXLAN",
        "natOutgoing": "Disabled" if routed else "Enabled",
        "nodeSelector": "all()",
    }
    if view.cluster.ranges.pods:
        installation["calicoNetwork"] = {
            "bgp": "Enabled" if _bgp(view) else "Disabled",
            "ipPools": [{**pool, "cidr": view.cluster.ranges.pods}],
        }
    return {"installation": {**installation, **copies}}


def _bgp(view: View) -> bool:
    return view.capability("routable-pods") and view.capability("self-managed-kubernetes")


def objects(view: View) -> list[Obj]:
    """Felix as the design wants it, and the session to the router."""
    felix: Obj = {"prometheusMetricsEnabled": True}
    if "wireguard" in view.gather("node_encryption", "node-network"):
        felix["wireguardEnabled"] = True
    found = [_made("FelixConfiguration", "default", felix)]
    if _bgp(view):
        own = int(view.setting("announcement.own-as", 64512))
        peer = {
            "peerIP": str(view.setting("announcement.peer-address", "192.0.2.1")),
            "asNumber": int(view.setting("announcement.peer-as", 64513)),
        }
        found.append(_made("BGPConfiguration", "default", {"asNumber": own, "nodeToNodeMeshEnabled": True}))
        found.append(_made("BGPPeer", "router", peer))
    return found


def _made(kind: str, name: str, spec: Obj) -> Obj:
    return {"apiVersion": "projectcalico.org/v3", "kind": kind, "metadata": {"name": name}, "spec": spec}
