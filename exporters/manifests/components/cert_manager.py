"""cert-manager: copies, identity for DNS-01, Gateway API, and monitors."""

from __future__ import annotations

from typing import Any

from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.references import Issuer, Obj
from exporters.manifests.view import View

_NAME = "cert-manager"
_ORIGIN = "origin"


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://cert-manager.io/docs/installation/best-practice/)."""
    identity = view.identity(_NAME)
    copies = view.replicas()
    budget = {"enabled": copies > 1, **({"minAvailable": 1} if copies > 1 else {})}
    found: dict[str, Any] = {
        "global": {"priorityClassName": PLATFORM_PRIORITY},
        "replicaCount": min(copies, 2),
        "podDisruptionBudget": budget,
        "serviceAccount": {"name": _NAME, "annotations": dict(identity.annotations)},
        "podLabels": dict(identity.pod_labels),
        "webhook": {"replicaCount": copies, "podDisruptionBudget": budget},
        "cainjector": {"replicaCount": min(copies, 2), "podDisruptionBudget": budget},
        "prometheus": {"enabled": True, "servicemonitor": {"enabled": view.monitors}},
    }
    if str(view.setting("acme.challenge", "http-01")) == "dns-01":
        # It looks its own records up before the authority does: by the DNS that its pods may ask, not at each zone's servers.
        found["dns01RecursiveNameserversOnly"] = True
    if view.capability("gateway-api-crds"):
        found["config"] = {
            "apiVersion": "controller.config.cert-manager.io/v1alpha1",
            "kind": "ControllerConfiguration",
            "enableGatewayAPI": True,
        }
    return found


def images(view: View) -> tuple[str, ...]:
    """What answers an authority by HTTP stands beside the Ingress that it answers for
    (https://cert-manager.io/docs/configuration/acme/http01/)."""
    return ("quay.io/jetstack/cert-manager-acmesolver:",)


def issuer(view: View) -> Issuer | None:
    """Where nothing in the cluster signs for the public (a CDN shows its own certificate), an authority of the cluster's
    own: traffic from the edge is encrypted, and the edge is told to trust this authority."""
    return Issuer("ClusterIssuer", _ORIGIN, gateway_annotations={"cert-manager.io/cluster-issuer": _ORIGIN})


def objects(view: View) -> list[Obj]:
    """What the platform's identity needs, and the authority where it is asked for."""
    found = list(view.identity(_NAME).objects)
    chosen = view.issuer()
    return [*found, *_authority(view)] if chosen is not None and chosen.name == _ORIGIN else found


def _authority(view: View) -> list[Obj]:
    """An authority that signs itself (https://cert-manager.io/docs/configuration/selfsigned/)."""
    own, ca = f"{_ORIGIN}-root", f"{_ORIGIN}-ca"
    spec = {
        "isCA": True,
        "commonName": f"{view.design.name} {view.cluster.name} origin",
        "secretName": ca,
        "duration": "43800h",
        "renewBefore": "8760h",
        "privateKey": {"algorithm": "ECDSA", "size": 256},
        "issuerRef": {"name": own, "kind": "ClusterIssuer", "group": "cert-manager.io"},
    }
    api = "cert-manager.io/v1"
    return [
        {"apiVersion": api, "kind": "ClusterIssuer", "metadata": {"name": own}, "spec": {"selfSigned": {}}},
        {"apiVersion": api, "kind": "Certificate", "metadata": {"name": ca, "namespace": view.namespace}, "spec": spec},
        {"apiVersion": api, "kind": "ClusterIssuer", "metadata": {"name": _ORIGIN}, "spec": {"ca": {"secretName": ca}}},
    ]
