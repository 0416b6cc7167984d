"""Calico: the operator's Installation, addresses, encryption, and BGP where pods or services are announced."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """The Installation (https://docs.tigera.io/calico/latest/reference/installation/api); the chart of its kinds needs none."""
    assert view.chart is not None
    if view.chart.release == "calico-crds":
        return {}
    if view.cloud == "aws" and not view.capability("self-managed-kubernetes"):
        installation: dict[str, Any] = {"kubernetesProvider": "EKS", "cni": {"type": "Calico"}}
    elif view.cloud == "azure" and not view.capability("self-managed-kubernetes"):
        installation = {"kubernetesProvider": "AKS", "cni": {"type": "Calico"}}
    else:
        installation = {}
    routed = view.capability("routable-pods")
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
    installation["controlPlaneReplicas"] = min(2, view.nodes)
    return {"installation": installation}


def _bgp(view: View) -> bool:
    return view.capability("routable-pods")


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
