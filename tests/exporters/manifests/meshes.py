"""What a service mesh adds to the network, written to be read: which port a call between members really takes, and who
the mesh lets in. Known are the kinds that exports use of Istio with sidecars and without (ambient), Linkerd and Consul.

- Ambient: members reach each other through tunnels to port 15008 alone; the far node's proxy, or a waypoint, checks the
  caller's identity (https://istio.io/latest/docs/ambient/usage/networkpolicy/).
- Sidecars of Istio: a call arrives at its own port and is taken by the proxy inside of the pod.
- Linkerd: likewise, but what it does not understand (opaque) travels to the proxy's port 4143.
- Consul: members reach the proxy's port 20000; a port left out of redirection takes plain calls instead.

A caller that is no member has no identity: it is let in only where a policy does not ask for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Obj = Mapping[str, Any]
HBONE, LINKERD_PROXY, CONSUL_PROXY = 15008, 4143, 20000
_NAME = "app.kubernetes.io/name"
_EXCLUDED = "consul.hashicorp.com/transparent-proxy-exclude-inbound-ports"
_WAYPOINT = "istio.io/use-waypoint"
_GATEWAY = "gateway.networking.k8s.io/gateway-name"
"""Label of the pods of a Gateway: proxies of the mesh wherever they stand, with an account called after it."""
_LABELS = {"ambient": "istio.io/dataplane-mode", "istio": "istio-injection"}


class Mesh:
    """Members, carriers and policies of one cluster."""

    def __init__(self, objects: Sequence[Obj]) -> None:
        self.objects = objects
        self.namespaces = {body["metadata"]["name"]: body["metadata"] for body in objects if body["kind"] == "Namespace"}
        self.templates = {
            (body["metadata"]["namespace"], body["metadata"]["name"]): body["spec"]["template"]
            for body in objects
            if body["kind"] in ("Deployment", "StatefulSet", "Job", "Rollout") and "template" in body["spec"]
        }
        # Jobs are called after what they run; a pod is known by its label.
        self.templates |= {
            (body["metadata"]["namespace"], body["spec"]["template"]["metadata"].get("labels", {}).get(_NAME, "")):
                body["spec"]["template"]
            for body in objects
            if body["kind"] == "Job"
        }
        self.templates |= {
            (body["metadata"]["namespace"], body["metadata"]["name"]): body["spec"]["jobTemplate"]["spec"]["template"]
            for body in objects
            if body["kind"] == "CronJob"
        }

    def kind(self, end: Any) -> str:
        """`ambient`, `istio`, `linkerd` or `consul` for a member of a mesh; empty for what is none."""
        if _GATEWAY in getattr(end, "labels", {}):
            spaces = [entry.get("labels", {}) for entry in self.namespaces.values()]
            return next((kind for kind, key in _LABELS.items() if any(key in entry for entry in spaces)), "")
        space = self.namespaces.get(getattr(end, "namespace", ""))
        if space is None:
            return ""
        labels, annotations = space.get("labels", {}), space.get("annotations", {})
        if labels.get("istio.io/dataplane-mode") == "ambient":
            return "ambient"
        if labels.get("istio-injection") == "enabled":
            return "istio"
        if annotations.get("linkerd.io/inject") == "enabled":
            return "linkerd"
        template = self.templates.get((end.namespace, end.name), {"metadata": {}})
        injected = template["metadata"].get("annotations", {}).get("consul.hashicorp.com/connect-inject")
        return "consul" if injected == "true" else ""

    def _inside(self, target: Any) -> str:
        """The mesh that a call to this enters: a Gateway takes calls from outside at its listeners."""
        return "" if _GATEWAY in getattr(target, "labels", {}) else self.kind(target)

    def carriers(self, connection: Any) -> tuple[int, ...]:
        """The ports by which the network may see a call."""
        mesh = self._inside(connection.target)
        if not mesh or self.kind(connection.source) != mesh:
            return (connection.port,)
        if mesh == "ambient":
            return (HBONE,)
        if mesh == "consul":
            return (CONSUL_PROXY,) if connection.port in self._ports(connection.target) else (connection.port,)
        if mesh == "linkerd" and any(server["spec"].get("proxyProtocol") == "opaque" for server in self._servers(connection)):
            return (connection.port, LINKERD_PROXY)
        return (connection.port,)

    def authorizes(self, connection: Any) -> bool:
        """True when the mesh of the target lets the caller in."""
        mesh = self._inside(connection.target)
        if not mesh:
            return True
        who = connection.source if self.kind(connection.source) == mesh else None
        if mesh == "consul":
            return self._consul(connection, who)
        if mesh == "linkerd":
            return self._linkerd(connection, who)
        return self._istio(connection, who)

    def _ports(self, target: Any) -> set[int]:
        """The ports of a workload that its Service names."""
        services = [body for body in self._of("Service", target.namespace) if body["metadata"]["name"] == target.name]
        return {entry["port"] for body in services for entry in body["spec"].get("ports", ())}

    # ---- Istio

    def _istio(self, connection: Any, who: Any) -> bool:
        target = connection.target
        if who is None and not self._takes_plain(connection):
            return False
        account = "" if who is None else who.account or f"{who.labels.get(_GATEWAY)}-istio"
        identity = "" if who is None else f"cluster.local/ns/{who.namespace}/sa/{account}"
        mine = [body for body in self._istio_policies(target) if "targetRefs" not in body["spec"]]
        if not mine or _permits(mine, identity, connection.port):
            return True
        waypoint = self.namespaces[target.namespace].get("labels", {}).get(_WAYPOINT)
        if waypoint is None or who is None:
            return False
        through = [
            body
            for body in self._istio_policies(target)
            if any(reference["name"] == target.name for reference in body["spec"].get("targetRefs", ()))
        ]
        passed = f"cluster.local/ns/{target.namespace}/sa/{waypoint}"
        return _permits(through, identity, connection.port) and _permits(mine, passed, connection.port)

    def _istio_policies(self, target: Any) -> list[Obj]:
        return [
            body
            for body in self._of("AuthorizationPolicy", target.namespace, "security.istio.io")
            if "selector" not in body["spec"] or _selects(body["spec"]["selector"], target)
        ]

    def _takes_plain(self, connection: Any) -> bool:
        own = [
            body
            for body in self._of("PeerAuthentication", connection.target.namespace)
            if _selects(body["spec"].get("selector", {}), connection.target) and "selector" in body["spec"]
        ]
        for body in own:
            port = body["spec"].get("portLevelMtls", {}).get(str(connection.port))
            return bool((port or body["spec"]["mtls"])["mode"] == "PERMISSIVE")
        whole = [body for body in self.objects if body["kind"] == "PeerAuthentication" and "selector" not in body["spec"]]
        return not any(body["spec"]["mtls"]["mode"] == "STRICT" for body in whole)

    # ---- Linkerd

    def _servers(self, connection: Any) -> list[Obj]:
        return [
            body
            for body in self._of("Server", connection.target.namespace)
            if body["spec"]["port"] == connection.port and _selects(body["spec"]["podSelector"], connection.target)
        ]

    def _linkerd(self, connection: Any, who: Any) -> bool:
        servers = {body["metadata"]["name"] for body in self._servers(connection)}
        if not servers:
            return True
        space = connection.target.namespace
        networks = {body["metadata"]["name"] for body in self._of("NetworkAuthentication", space)}
        known = {body["metadata"]["name"]: body["spec"]["identities"] for body in self._of("MeshTLSAuthentication", space)}
        identity = "" if who is None else f"{who.account}.{who.namespace}.serviceaccount.identity.linkerd.cluster.local"
        for body in self._of("AuthorizationPolicy", space, "policy.linkerd.io"):
            if body["spec"]["targetRef"]["name"] not in servers:
                continue
            asked = body["spec"]["requiredAuthenticationRefs"]
            if all(
                entry["name"] in networks
                if entry["kind"] == "NetworkAuthentication"
                else bool(identity) and identity in known.get(entry["name"], ())
                for entry in asked
            ):
                return True
        return False

    # ---- Consul

    def _consul(self, connection: Any, who: Any) -> bool:
        target = connection.target
        template = self.templates[target.namespace, target.name]
        left_out = template["metadata"].get("annotations", {}).get(_EXCLUDED, "").split(",")
        if who is None:
            return str(connection.port) in left_out
        for body in self._of("ServiceIntentions", target.namespace):
            if body["spec"]["destination"]["name"] == target.name:
                said = {entry["name"]: entry["action"] for entry in body["spec"]["sources"]}
                return bool(said.get(who.name, said.get("*", "allow")) == "allow")
        return True

    def _of(self, kind: str, namespace: str, group: str = "") -> Iterable[Obj]:
        return (
            body
            for body in self.objects
            if body["kind"] == kind
            and body["metadata"].get("namespace") == namespace
            and (not group or body["apiVersion"].startswith(f"{group}/"))
        )


def _selects(selector: Mapping[str, Any], pod: Any) -> bool:
    return bool(selector.get("matchLabels", {}).items() <= pod.labels.items())


def _permits(policies: Iterable[Obj], identity: str, port: int) -> bool:
    """True when a rule of some policy matches; a policy without rules matches nothing."""
    for body in policies:
        for rule in body["spec"].get("rules", ()):
            sources = [entry["source"] for entry in rule.get("from", ())]
            ports = [number for entry in rule.get("to", ()) for number in entry["operation"].get("ports", ())]
            known = not sources or any(
                identity in source.get("principals", ()) or (source.get("notPrincipals") == ["*"] and not identity)
                for source in sources
            )
            if known and (not ports or str(port) in ports):
                return True
    return False


def refuses_probe(mesh: str, probe: Mapping[str, Any]) -> bool:
    """True where the kubelet, which is no member, cannot ask: Istio asks in its place and HTTP probes are let through by
    the others, but a gRPC probe to a port that wants identities is refused
    (https://github.com/linkerd/linkerd2/issues/9595)."""
    return mesh in ("linkerd", "consul") and "grpc" in probe
