"""What Kubernetes NetworkPolicy means, written to be read
(https://kubernetes.io/docs/concepts/services-networking/network-policies/).

A pod that no policy selects for a direction may do everything in it; a pod that any policy selects may do only what
some policy that selects it allows. A connection needs the consent of both ends: egress of the source, ingress of the
target. What a node says to its own pods (the kubelet's probes) is always allowed. Of Cilium's own kind the part that
exports use is known too: entities and DNS names, joined with the standard policies of the same pod
(https://docs.cilium.io/en/stable/security/policy/language/). Whether address ranges match pods as well is not the same
everywhere, so it can be asked both ways (`ranges_match_pods`).

In a mesh the network sees what carries a call (`meshes`), and the mesh says who may make it: both have to agree."""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.exporters.manifests.meshes import Mesh


@dataclass(frozen=True)
class Pod:
    """A pod with an address in the cluster."""

    name: str
    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    """Its service account, by which a mesh knows it."""
    ip: str = "10.128.64.7"


@dataclass(frozen=True)
class Address:
    """Anything that is no pod: an external system, a node, the API server."""

    name: str
    ip: str
    entity: str = "world"
    """What Cilium takes it for: `kube-apiserver`, `host`, `remote-node`, `ingress`, `world`."""
    host: str = ""
    """The DNS name it is reached by, where it has one."""
    local: bool = False
    """The node that the other end runs on."""


End = Pod | Address


@dataclass(frozen=True)
class Connection:
    """`source` opens `port` of `target`."""

    source: End
    target: End
    port: int
    protocol: str = "TCP"


class Cluster:
    """The policies and namespace labels of one cluster."""

    def __init__(self, objects: Iterable[Mapping[str, Any]], *, ranges_match_pods: bool = False) -> None:
        objects = list(objects)
        self.ranges_match_pods = ranges_match_pods
        self.mesh = Mesh(objects)
        self.policies = [body for body in objects if body["kind"] == "NetworkPolicy"]
        self.cilium = [body for body in objects if body["kind"] == "CiliumNetworkPolicy"]
        self.namespaces = {
            body["metadata"]["name"]: {
                **body["metadata"].get("labels", {}),
                "kubernetes.io/metadata.name": body["metadata"]["name"],
            }
            for body in objects
            if body["kind"] == "Namespace"
        }
        self.namespaces.setdefault("kube-system", {"kubernetes.io/metadata.name": "kube-system"})

    def allows(self, connection: Connection) -> bool:
        """True when the network lets through what carries the call, and the mesh lets the caller in."""
        ports = self.mesh.carriers(connection)
        return any(self.passes(replace(connection, port=port)) for port in ports) and self.mesh.authorizes(connection)

    def passes(self, connection: Connection) -> bool:
        """True when both ends consent."""
        out = self._consents(connection.source, "Egress", connection.target, connection)
        into = self._consents(connection.target, "Ingress", connection.source, connection)
        return out and into

    def _consents(self, end: End, direction: str, other: End, connection: Connection) -> bool:
        if isinstance(end, Address):
            return True  # policies bind pods only
        if isinstance(other, Address) and other.local:
            return True
        mine = [policy for policy in self.policies if self._selects(policy, end) and direction in policy["spec"]["policyTypes"]]
        own = [policy for policy in self.cilium if _cilium_selects(policy, end) and direction.lower() in policy["spec"]]
        if not mine and not own:
            return True
        if any(_cilium_allows(policy["spec"][direction.lower()], direction, other, connection) for policy in own):
            return True
        rules = [rule for policy in mine for rule in policy["spec"].get(direction.lower()) or ()]
        word = "to" if direction == "Egress" else "from"
        return any(self._peers(rule.get(word), other, policy_of(mine, rule)) and _ports(rule, connection) for rule in rules)

    def _selects(self, policy: Mapping[str, Any], pod: Pod) -> bool:
        return policy["metadata"]["namespace"] == pod.namespace and matches(policy["spec"]["podSelector"], pod.labels)

    def _peers(self, peers: Sequence[Mapping[str, Any]] | None, other: End, own_namespace: str) -> bool:
        if not peers:
            return True  # no peers: from or to anywhere
        return any(self._peer(peer, other, own_namespace) for peer in peers)

    def _peer(self, peer: Mapping[str, Any], other: End, own_namespace: str) -> bool:
        if "ipBlock" in peer:
            # Ranges are for what is outside; dataplanes disagree on whether they match pods, so here they do only
            # where it was asked for.
            if isinstance(other, Pod) and not self.ranges_match_pods:
                return False
            # Cilium knows nodes and the API server by identity, and then no range matches them.
            if self.cilium and (isinstance(other, Pod) or other.entity != "world"):
                return False
            block = peer["ipBlock"]
            inside = ipaddress.ip_address(other.ip) in ipaddress.ip_network(block["cidr"])
            excepted = any(ipaddress.ip_address(other.ip) in ipaddress.ip_network(cut) for cut in block.get("except", ()))
            return inside and not excepted
        if isinstance(other, Address):
            return False
        if "namespaceSelector" in peer:
            if not matches(peer["namespaceSelector"], self.namespaces.get(other.namespace, {})):
                return False
        elif other.namespace != own_namespace:
            return False
        return matches(peer.get("podSelector", {}), other.labels)


def _cilium_selects(policy: Mapping[str, Any], pod: Pod) -> bool:
    return policy["metadata"]["namespace"] == pod.namespace and matches(policy["spec"]["endpointSelector"], pod.labels)


def _cilium_allows(rules: Sequence[Mapping[str, Any]], direction: str, other: End, connection: Connection) -> bool:
    word = "to" if direction == "Egress" else "from"
    return any(_cilium_peer(rule, word, other) and _cilium_ports(rule, connection) for rule in rules)


def _cilium_peer(rule: Mapping[str, Any], word: str, other: End) -> bool:
    assert not set(rule) - {"toPorts", "toFQDNs", "toEndpoints", f"{word}Entities"}, f"{sorted(rule)}: a rule of another sort"
    if isinstance(other, Pod):
        return any(_cilium_endpoint(entry, other) for entry in rule.get("toEndpoints", ()))
    if other.entity in rule.get(f"{word}Entities", ()):
        return True
    names = rule.get("toFQDNs", ())
    return any(other.host == name.get("matchName") or _matches_pattern(other.host, name.get("matchPattern")) for name in names)


def _cilium_endpoint(selector: Mapping[str, Any], pod: Pod) -> bool:
    labels = {"k8s:io.kubernetes.pod.namespace": pod.namespace, **pod.labels}
    return matches(selector, labels)


def _matches_pattern(host: str, pattern: str | None) -> bool:
    return pattern is not None and fnmatch.fnmatchcase(host, pattern)


def _cilium_ports(rule: Mapping[str, Any], connection: Connection) -> bool:
    entries = rule.get("toPorts")
    if not entries:
        return True
    wanted = {(str(connection.port), connection.protocol), (str(connection.port), "ANY")}
    return any((port["port"], port.get("protocol", "ANY")) in wanted for entry in entries for port in entry["ports"])


def policy_of(policies: Sequence[Mapping[str, Any]], rule: Mapping[str, Any]) -> str:
    """Namespace of the policy that a rule stands in (all of these select one pod, so they share it)."""
    return str(policies[0]["metadata"]["namespace"])


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """A label selector; an empty one matches everything."""
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    return all(_expression(entry, labels) for entry in selector.get("matchExpressions", ()))


def _expression(entry: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value = labels.get(entry["key"])
    return {
        "In": value in entry.get("values", ()),
        "NotIn": value not in entry.get("values", ()),
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }[entry["operator"]]


def _ports(rule: Mapping[str, Any], connection: Connection) -> bool:
    ports = rule.get("ports")
    if not ports:
        return True  # no ports: every port
    return any(
        port.get("protocol", "TCP") == connection.protocol
        and ("port" not in port or port["port"] <= connection.port <= port.get("endPort", port["port"]))
        for port in ports
    )
