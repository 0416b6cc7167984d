"""MetalLB: the range of addresses and how they are announced."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View

_API = "metallb.io"
_POOL = "services"


def values(view: View) -> dict[str, Any]:
    """FRR on each node speaks BGP and BFD; without BGP it is left out."""
    return {
        "frrk8s": {"enabled": _bgp(view)},
        "prometheus": {
            "serviceMonitor": {"enabled": False},
            "podMonitor": {"enabled": view.monitors},
            "prometheusRule": {"enabled": view.monitors},
            "serviceAccount": "prometheus" if view.monitors else "",
            "namespace": view.namespace if view.monitors else "",
            "rbacPrometheus": False,
        },
    }


def _bgp(view: View) -> bool:
    return "bgp" in view.gather("announcement", "address-announcement")


def objects(view: View) -> list[dict[str, Any]]:
    """The pool and its announcement (https://metallb.io/configuration/)."""
    if not view.roles:
        return []
    namespace = view.namespace

    def made(version: str, kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
        metadata = {"name": name, "namespace": namespace}
        return {"apiVersion": f"{_API}/{version}", "kind": kind, "metadata": metadata, "spec": spec}

    addresses = [str(view.setting("announcement.range", "192.0.2.0/24"))]
    pool = made("v1beta1", "IPAddressPool", _POOL, {"addresses": addresses, "avoidBuggyIPs": True})
    if not _bgp(view):
        return [pool, made("v1beta1", "L2Advertisement", _POOL, {"ipAddressPools": [_POOL]})]
    peer = {
        "myASN": int(view.setting("announcement.own-as", 64512)),
        "peerASN": int(view.setting("announcement.peer-as", 64513)),
        "peerAddress": str(view.setting("announcement.peer-address", "192.0.2.1")),
        "bfdProfile": "fast",
        "enableGracefulRestart": True,
    }
    return [
        pool,
        made("v1beta1", "BFDProfile", "fast", {"receiveInterval": 300, "transmitInterval": 300, "detectMultiplier": 3}),
        made("v1beta2", "BGPPeer", "router", peer),
        made("v1beta1", "BGPAdvertisement", _POOL, {"ipAddressPools": [_POOL]}),
    ]
