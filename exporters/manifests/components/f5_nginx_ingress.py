"""NGINX Ingress Controller of F5: copies, the Service before them, and monitors."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry
from exporters.manifests.view import View

_PODS = {"app.kubernetes.io/name": "nginx-ingress"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://docs.nginx.com/nginx-ingress-controller/install/helm/)."""
    copies = view.replicas()
    return {
        "controller": {
            "replicaCount": copies,
            "topologySpreadConstraints": view.spread(_PODS),
            "service": {"type": entrances.service_type(view), "annotations": entrances.service_annotations(view)},
            "podDisruptionBudget": {"enabled": copies > 1, **({"maxUnavailable": 1} if copies > 1 else {})},
            "ingressClass": {"name": "nginx", "create": True},
            "config": {"entries": {"http2": "true"}},
        },
        # The monitor selects a Service that the chart makes only when told.
        "prometheus": {"service": {"create": view.monitors}, "serviceMonitor": {"create": view.monitors}},
    }


def entry(view: View) -> Entry:
    """Its class is `nginx`; gRPC needs HTTP/2, which `values` switches on
    (https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-annotations/)."""
    grpc = {"nginx.org/grpc-services": "{service}"}
    return Entry(ingress_class="nginx", namespace=view.namespace, pods=_PODS, grpc=grpc)
