"""Let's Encrypt (or another ACME authority) as a ClusterIssuer, where something in the cluster renews certificates."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from exporters.manifests import names
from exporters.manifests import namespace_policies as policies
from exporters.manifests.cluster import platform_namespaces
from exporters.manifests.references import Issuer
from exporters.manifests.routes import GATEWAY, gateway_namespace, hosted, shown
from exporters.manifests.view import View

_NAME = "acme"
_SOLVER, _ANSWERS = "acme.cert-manager.io/http01-solver", 8089
"""Label and port of the pods that answer for a name, as cert-manager has them."""
_ASKS = {"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/instance": "cert-manager"}


def issuer(view: View) -> Issuer | None:
    """The issuer that routes name."""
    if not view.capability("certificate-automation"):
        return None
    return Issuer("ClusterIssuer", _NAME, gateway_annotations={"cert-manager.io/cluster-issuer": _NAME})


def authority(view: View) -> str | None:
    """Where the store of secrets keeps the root's certificate, where the directory is a private authority; a public one is
    known to everybody."""
    return f"{view.design.name}/company-authority/ca.crt" if view.pem("acme.root") is not None else None


def _automation(view: View) -> View:
    """The view of what renews certificates: Secrets of cluster-wide issuers lie in its namespace."""
    return view.of(view.providers("certificate-automation")[0])


def objects(view: View) -> list[dict[str, Any]]:
    """The ClusterIssuer with one solver (https://cert-manager.io/docs/configuration/acme/)."""
    if not view.capability("certificate-automation"):
        return []
    found: list[dict[str, Any]] = []
    solvers: list[dict[str, Any]] = []
    if str(view.setting("acme.challenge", "http-01")) == "dns-01":
        asker = _automation(view)
        writers = view.gather("dns_writer", "dns-api")
        for writer in writers:
            answer = writer(asker)
            # Of two services that serve the zone a check may ask either: the name is led to a zone of the first alone.
            solver = _following(answer["solver"]) if len(writers) > 1 else answer["solver"]
            solvers.append({"dns01": solver, "selector": {"dnsZones": [view.domain]}})
            found.extend(obj for obj in answer.get("objects", ()) if obj["kind"] != "ConfigMap")
            break
    if not solvers:
        if not shown(view):
            return []  # no name of this cluster is shown to anybody, and there is no entrance to answer by
        solvers.append({"http01": _http(view)})
    acme = {
        "server": str(view.setting("acme.directory", "https://acme-v02.api.letsencrypt.org/directory")),
        "email": str(view.setting("acme.contact", "platform@example.com")),
        "privateKeySecretRef": {"name": "acme-account"},
        "solvers": solvers,
    }
    root = view.pem("acme.root")
    if root is not None:
        acme["caBundle"] = base64.b64encode(root.encode()).decode()
    spec = {"acme": acme}
    issuer_made = {"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": _NAME}, "spec": spec}
    return [*found, *(_let_through(view) if "http01" in solvers[0] else ()), *_led(view), issuer_made]


def _led(view: View) -> list[dict[str, Any]]:
    """The way to an authority at another port than public ones have, such as step-ca's."""
    port = urlsplit(str(view.setting("acme.directory", ""))).port or 443
    if port == 443 or not view.capability("network-policy") or _stance(view) == "open":
        return []
    asked = {"to": [{"ipBlock": {"cidr": policies.ANYWHERE}}], "ports": [{"protocol": "TCP", "port": port}]}
    return [policies.policy("acme-authority", _automation(view).namespace, _ASKS, egress=[asked])]


def _stance(view: View) -> str:
    return str(next(iter(view.gather("stance", "network-policy")), "deny"))


def _following(solver: dict[str, Any]) -> dict[str, Any]:
    """The solver for a name that a CNAME leads elsewhere: the zone is found, and not said."""
    bodies = {name: {key: value for key, value in body.items() if key != "hostedZoneName"} for name, body in solver.items()}
    return {"cnameStrategy": "Follow", **bodies}


def _http(view: View) -> dict[str, Any]:
    entry = view.entry()
    if entry is not None and entry.gateway_class:
        parent = {
            "group": "gateway.networking.k8s.io",
            "kind": "Gateway",
            "name": GATEWAY,
            "namespace": gateway_namespace(view),
            "sectionName": "http",
        }
        return {"gatewayHTTPRoute": {"parentRefs": [parent]}}
    found: dict[str, Any] = {"ingressClassName": entry.ingress_class if entry and entry.ingress_class else "public"}
    if entry is not None and entry.joined_by:
        found["ingressTemplate"] = {"metadata": {"annotations": dict(entry.joined_by)}}
    for apart in view.gather("unmeshed", "mesh"):  # it stands among workloads, and the entry calls it as it is
        found["podTemplate"] = {"metadata": dict(apart)}
    return {"ingress": found}


def _let_through(view: View) -> list[dict[str, Any]]:
    """Policies that let the entry reach what answers for a name, and the asker ask by the entry before the authority does
    (https://cert-manager.io/docs/troubleshooting/acme/)."""
    entry = view.entry()
    if entry is None or not view.capability("network-policy") or _stance(view) == "open":
        return []
    asker = _automation(view).namespace
    spaces = {*map(view.workload_namespace, hosted(view)), *(space for _, space in names.own(view))}
    places = [gateway_namespace(view)] if entry.gateway_class else sorted(spaces)
    proxies = _pods(entry.namespace, entry.pods) if entry.namespace and entry.pods else None
    answering = [{"protocol": "TCP", "port": _ANSWERS}]
    calling = {"from": [proxies], "ports": answering} if proxies else {"ports": answering}
    found = [policies.policy("acme-answers", place, {_SOLVER: "true"}, ingress=[calling]) for place in places]
    if proxies is None or entry.namespace is None:
        return found
    asked = {"from": [_pods(asker, _ASKS)]}
    led = {"to": [_pods(place, {_SOLVER: "true"}) for place in places], "ports": answering}
    if entry.namespace in platform_namespaces(view):  # where the platform runs the entry nothing is closed before such a policy
        found.append(policies.policy("acme-entry", entry.namespace, entry.pods, ingress=[asked], egress=[led]))
    return [*found, policies.policy("acme-asks", asker, _ASKS, egress=[{"to": [proxies]}])]


def _pods(namespace: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "namespaceSelector": {"matchLabels": {policies.NAMESPACE: namespace}},
        "podSelector": policies.selector(labels),
    }
