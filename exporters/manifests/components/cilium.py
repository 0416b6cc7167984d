"""Cilium: data plane, addresses of services, BGP, gateway and encryption, as far as the design asks for each.

Monitors are objects and not values: its chart goes in before anything knows their kind.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Crossing, Entry, Obj
from exporters.manifests.view import View

_SERVICES = "services"
_API = "cilium.io/v2"
_OPERATOR = "cilium-operator"
"""The account that makes network interfaces where pods have addresses of a VPC."""


def _announces(view: View, how: str) -> bool:
    """True where Cilium itself makes service addresses known; another balancer of own machines does it alone."""
    capability = {"bgp": "bgp-announcement", "layer-2": "layer-2-announcement"}[how]
    others = [entry for entry in view.providers(capability) if entry.id != view.me.id]
    return how in view.gather("announcement", "address-announcement") and not others


def _routed(view: View) -> bool:
    """True where pod addresses are announced to routers."""
    return view.capability("routable-pods") and _announces(view, "bgp")


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/)."""
    found: dict[str, Any] = {
        "cluster": {"name": view.cluster.name[:32]},
        "operator": {"replicas": 2 if view.nodes > 1 else 1},
        "bgpControlPlane": {"enabled": _announces(view, "bgp")},
        "l2announcements": {"enabled": _announces(view, "layer-2")},
        "gatewayAPI": {"enabled": "ingress" in view.roles},
        "hubble": {"relay": {"replicas": min(2, view.replicas())}},
    }
    if view.meshed and "mesh" not in view.roles:
        # A mesh chains its own plugin, and must see the addresses of Services before they are translated.
        found["cni"] = {"exclusive": False}
        found["socketLB"] = {"enabled": True, "hostNamespaceOnly": True}
    kind = next(iter(view.gather("node_encryption", "node-network")), None)
    if kind is not None:
        found["encryption"] = {"enabled": True, "type": kind, "nodeEncryption": False}
    for host, port in view.gather("api_server", "kubernetes"):
        found["k8sServiceHost"], found["k8sServicePort"] = host, port
    for options in view.gather("host_options", "kubernetes"):
        found |= options
    addresses = _addresses(view)
    # What a mesh and a platform both say about the CNI's own files stands side by side.
    cni = {**found.get("cni", {}), **addresses.get("cni", {})}
    return {**found, **addresses, **({"cni": cni} if cni else {})}


def _addresses(view: View) -> dict[str, Any]:
    """Where pods get their addresses from (https://docs.cilium.io/en/stable/installation/k8s-install-helm/)."""
    pods = view.cluster.ranges.pods
    pool = {"clusterPoolIPv4PodCIDRList": [pods], "clusterPoolIPv4MaskSize": 24} if pods else {}
    found: dict[str, Any] = {"ipam": {"mode": "cluster-pool", **({"operator": pool} if pool else {})}}
    if view.capability("self-managed-kubernetes"):
        if _routed(view) and pods:
            found |= {"routingMode": "native", "ipv4NativeRoutingCIDR": pods, "autoDirectNodeRoutes": True}
        return found
    # Managed clusters keep their kube-proxy, which leads agents to the API server until they do it themselves.
    if view.cloud == "aws":
        accounts = {"operator": {"annotations": dict(view.identity(_OPERATOR).annotations)}}
        return {"eni": {"enabled": True}, "ipam": {"mode": "eni"}, "routingMode": "native", "serviceAccounts": accounts}
    if view.cloud == "azure":
        # The pool that it takes by itself is all of 10.0.0.0/8, the network of nodes and Services among it.
        return {"aksbyocni": {"enabled": True}, **found}
    return {
        "gke": {"enabled": True},
        "ipam": {"mode": "kubernetes"},
        "cni": {"binPath": "/home/kubernetes/bin"},
        "nodeinit": {"enabled": True, "reconfigureKubelet": True, "removeCbrBridge": True},
        **({"ipv4NativeRoutingCIDR": pods} if pods else {}),
    }


def objects(view: View) -> list[Obj]:
    """Addresses of services and their announcement, and monitors."""
    found: list[Obj] = []
    if _announces(view, "bgp") or _announces(view, "layer-2"):
        blocks = [{"cidr": str(view.setting("announcement.range", "192.0.2.0/24"))}]
        found.append(_made("CiliumLoadBalancerIPPool", _SERVICES, {"blocks": blocks, "allowFirstLastIPs": "No"}))
    if _announces(view, "layer-2"):
        policy = _made("CiliumL2AnnouncementPolicy", _SERVICES, {"loadBalancerIPs": True})
        found.append({**policy, "apiVersion": "cilium.io/v2alpha1"})
    if _announces(view, "bgp"):
        found.extend(_bgp(view))
    if view.monitors:
        found.extend(_monitors(view))
    return found


def _made(kind: str, name: str, spec: Obj) -> Obj:
    return {"apiVersion": _API, "kind": kind, "metadata": {"name": name}, "spec": spec}


def _bgp(view: View) -> list[Obj]:
    """One session from each node to the router (https://docs.cilium.io/en/stable/network/bgp-control-plane/)."""
    advertise = {"k8s-wizard.dev/bgp": "advertise"}
    peer = {
        "name": "router",
        "peerASN": int(view.setting("announcement.peer-as", 64513)),
        "peerAddress": str(view.setting("announcement.peer-address", "192.0.2.1")),
        "peerConfigRef": {"name": "router"},
    }
    instance = {"name": "cluster", "localASN": int(view.setting("announcement.own-as", 64512)), "peers": [peer]}
    services = {
        "advertisementType": "Service",
        "service": {"addresses": ["LoadBalancerIP"]},
        # An expression that holds for every Service: an empty selector would hold for none.
        "selector": {"matchExpressions": [{"key": "k8s-wizard.dev/bgp", "operator": "NotIn", "values": ["never"]}]},
    }
    advertisements = [services, *([{"advertisementType": "PodCIDR"}] if _routed(view) else [])]
    advertisement = _made("CiliumBGPAdvertisement", _SERVICES, {"advertisements": advertisements})
    advertisement["metadata"]["labels"] = advertise
    families = [{"afi": "ipv4", "safi": "unicast", "advertisements": {"matchLabels": advertise}}]
    config = {
        "families": families,
        "gracefulRestart": {"enabled": True, "restartTimeSeconds": 120},
        "timers": {"holdTimeSeconds": 9, "keepAliveTimeSeconds": 3},
    }
    nodes = {"matchLabels": {"kubernetes.io/os": "linux"}}
    return [
        _made("CiliumBGPClusterConfig", "cluster", {"nodeSelector": nodes, "bgpInstances": [instance]}),
        _made("CiliumBGPPeerConfig", "router", config),
        advertisement,
    ]


def _monitors(view: View) -> list[Obj]:
    def monitor(name: str, labels: dict[str, str], *ports: str) -> Obj:
        return {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PodMonitor",
            "metadata": {"name": name, "namespace": view.namespace},
            "spec": {
                "selector": {"matchLabels": labels},
                "podMetricsEndpoints": [{"port": port, "honorLabels": True} for port in ports],
            },
        }

    return [
        monitor("cilium-agent", {"k8s-app": "cilium"}, "prometheus", "hubble-metrics"),
        monitor("cilium-operator", {"io.cilium/app": "operator"}, "prometheus"),
    ]


def entry(view: View) -> Entry:
    """Its gateway: Envoy on the nodes, of the class that the chart makes."""
    return Entry(gateway_class="cilium", timeouts=True)


def crossing(view: View, crossing: Crossing) -> list[Obj]:
    """Flows to and from what has no pods, by entity or by DNS name."""
    entities = {"kubernetes-api": "kube-apiserver", "nodes": "nodes", "host": None, "entry": "ingress", "internet": None}
    entity = entities[crossing.place]
    ports = [{"port": str(port), "protocol": protocol} for port, protocol in crossing.ports if port is not None]
    rule: Obj = {"toPorts": [{"ports": ports}]} if ports else {}
    if crossing.place == "host" and crossing.host:
        names = [{"matchName": crossing.host}] if "*" not in crossing.host else [{"matchPattern": crossing.host}]
        rules = [_resolved(names), {"toFQDNs": names, **rule}]
    elif entity is None:
        return []
    else:
        targets = ["host", "remote-node"] if entity == "nodes" else [entity]
        rules = [{"toEntities" if crossing.direction == "egress" else "fromEntities": targets, **rule}]
    return [
        {
            "apiVersion": _API,
            "kind": "CiliumNetworkPolicy",
            "metadata": {"name": crossing.name, "namespace": crossing.namespace},
            "spec": {
                "endpointSelector": {"matchLabels": dict(crossing.pods)} if crossing.pods else {},
                crossing.direction: rules,
            },
        }
    ]


def _resolved(names: list[Obj]) -> Obj:
    """Names become addresses by watching the answers of cluster DNS, which this rule sends through the proxy."""
    dns = {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns"}}
    ports = [{"port": "53", "protocol": "ANY"}]
    return {"toEndpoints": [dns], "toPorts": [{"ports": ports, "rules": {"dns": [{"matchPattern": "*"}]}}]}


def splits(view: View) -> str:
    """Routes of Services are read where its Gateway API controller runs."""
    return "routes" if "ingress" in view.roles else ""
