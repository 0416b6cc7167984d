"""NGINX Gateway Fabric: copies of controller and proxies, and the Service before these. Its chart makes the class."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the chart."""
    annotations = entrances.service_annotations(view)
    patches = [{"type": "StrategicMerge", "value": {"metadata": {"annotations": annotations}}}] if annotations else []
    return {
        "nginxGateway": {"replicas": min(2, view.replicas())},
        "nginx": {
            "replicas": view.replicas(),
            "service": {
                "type": entrances.service_type(view),
                "externalTrafficPolicy": entrances.TRAFFIC_POLICY,
                **({"patches": patches} if patches else {}),
            },
        },
    }


def entry(view: View) -> Entry:
    """Its proxies stand where the Gateway is."""
    return Entry(gateway_class="nginx", namespace=view.namespace, pods={"app.kubernetes.io/managed-by": "ngf-nginx"})
