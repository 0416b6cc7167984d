"""Network policies that hold for a namespace whatever flows there are: none, within it, names; and the shape of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exporters.manifests.references import Obj
from exporters.manifests.shortened import short
from exporters.manifests.view import View

SYSTEM = "kube-system"
ANYWHERE = "0.0.0.0/0"
NAMESPACE = "kubernetes.io/metadata.name"
"""Label by which a policy finds a namespace."""


def selector(pods: Mapping[str, str]) -> Obj:
    """A label selector; `*` asks for the label and takes any value."""
    exact = {name: value for name, value in pods.items() if value != "*"}
    present = [{"key": name, "operator": "Exists"} for name, value in pods.items() if value == "*"]
    return {**({"matchLabels": exact} if exact else {}), **({"matchExpressions": present} if present else {})}


def of_system(pods: Mapping[str, str]) -> Obj:
    """Pods of the platform's own namespace as a peer."""
    return {"namespaceSelector": {"matchLabels": {NAMESPACE: SYSTEM}}, "podSelector": selector(pods)}


def policy(
    name: str,
    namespace: str,
    pods: Mapping[str, str],
    *,
    ingress: list[Obj] | None = None,
    egress: list[Obj] | None = None,
) -> Obj:
    """A NetworkPolicy of the pods with these labels; a direction without a list is not restricted by it."""
    spec: Obj = {
        "podSelector": selector(pods),
        "policyTypes": [word for word, rules in (("Ingress", ingress), ("Egress", egress)) if rules is not None],
    }
    if ingress is not None:
        spec["ingress"] = ingress
    if egress is not None:
        spec["egress"] = egress
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def deny_all(namespace: str) -> Obj:
    """Nothing in, nothing out."""
    made = policy("default-deny", namespace, {}, ingress=[], egress=[])
    del made["spec"]["ingress"], made["spec"]["egress"]
    return made


def names(view: View, namespace: str) -> Obj:
    """Every pod may resolve names: where the cluster's DNS says it answers, and at a cache on the node. Beside what answers
    names of its own at another port, pods go on asking the DNS that every cluster has."""
    peers: list[Obj] = []
    ports: list[Obj] = []
    for component in view.providers("cluster-dns"):
        for endpoint in component.endpoints:
            if "cluster-dns" not in endpoint.serves:
                continue
            where = component.install.namespace if component.install is not None else SYSTEM
            pods = {
                "namespaceSelector": {"matchLabels": {NAMESPACE: where}},
                "podSelector": {"matchLabels": endpoint.pods},
            }
            # DNS of the node itself answers at the link-local address of the provider's metadata server.
            peer = {"ipBlock": {"cidr": "169.254.169.254/32"}} if endpoint.host_network else pods
            peers += [peer] if peer not in peers else []
            port = {"protocol": endpoint.protocol, "port": endpoint.port}
            ports += [port] if port not in ports else []
    if not any(port["port"] == 53 for port in ports):
        peers.append({"namespaceSelector": {"matchLabels": {NAMESPACE: SYSTEM}}})
        ports += [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    cache = {"matchLabels": {"k8s-app": "node-local-dns"}}
    peers.append({"namespaceSelector": {"matchLabels": {NAMESPACE: SYSTEM}}, "podSelector": cache})
    peers.append({"ipBlock": {"cidr": "169.254.20.10/32"}})
    return policy("allow-names", namespace, {}, egress=[{"to": peers, "ports": ports}])


def answering(view: View, platform: Iterable[str]) -> Iterator[Obj]:
    """What answers names in a namespace of ours may be asked by every pod."""
    for component in view.providers("cluster-dns"):
        if component.install is None or component.install.namespace not in platform:
            continue
        for endpoint in component.endpoints:
            if "cluster-dns" in endpoint.serves and endpoint.port and not endpoint.host_network:
                ports = [{"protocol": endpoint.protocol, "port": endpoint.port}]
                everybody: Obj = {"from": [{"namespaceSelector": {}}], "ports": ports}
                name = short(f"answer-names-{endpoint.name}", 63)
                yield policy(name, component.install.namespace, endpoint.pods, ingress=[everybody])


def free_within(namespace: str) -> Obj:
    """Isolation by namespace: pods of one namespace talk freely and may call anything; others come in by flow only."""
    return policy("allow-namespace", namespace, {}, ingress=[{"from": [{"podSelector": {}}]}], egress=[{}])


def within(namespace: str) -> Obj:
    """Pods of one namespace talk to each other."""
    return policy(
        "allow-within", namespace, {}, ingress=[{"from": [{"podSelector": {}}]}], egress=[{"to": [{"podSelector": {}}]}]
    )
