"""Let's Encrypt (or another ACME authority) as a ClusterIssuer, where something in the cluster renews certificates."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Issuer
from exporters.manifests.routes import GATEWAY, gateway_namespace, hosted
from exporters.manifests.view import View

_NAME = "acme"


def issuer(view: View) -> Issuer | None:
    """The issuer that routes name."""
    if not view.capability("certificate-automation"):
        return None
    return Issuer("ClusterIssuer", _NAME, gateway_annotations={"cert-manager.io/cluster-issuer": _NAME})


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
        if not hosted(view):
            return []  # no name of this cluster is shown to anybody, and there is no entrance to answer by
        solvers.append({"http01": _http(view)})
    acme = {
        "server": str(view.setting("acme.directory", "https://acme-v02.api.letsencrypt.org/directory")),
        "email": str(view.setting("acme.contact", "platform@example.com")),
        "privateKeySecretRef": {"name": "acme-account"},
        "solvers": solvers,
    }
    spec = {"acme": acme}
    return [*found, {"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": _NAME}, "spec": spec}]


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
    return {"ingress": {"ingressClassName": entry.ingress_class if entry and entry.ingress_class else "public"}}
