"""Traefik: copies, the Service before them, monitors and tracing. Its chart makes the GatewayClass.

Its entry points have the ports of the Gateway's listeners, because Traefik joins the two by number.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry
from exporters.manifests.view import View

_PODS = {"app.kubernetes.io/name": "traefik"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart."""
    copies = view.replicas()
    port = {"port": 80, "exposedPort": 80}
    found: dict[str, Any] = {
        "deployment": {"replicas": copies},
        "podDisruptionBudget": {"enabled": copies > 1, **({"maxUnavailable": 1} if copies > 1 else {})},
        "topologySpreadConstraints": view.spread(_PODS),
        "ports": {"web": port, "websecure": {"port": 443, "exposedPort": 443}},
        # Lets a process without rights open the ports below 1024 in its own network, which Pod Security allows.
        "podSecurityContext": {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]},
        "service": {
            "annotations": entrances.service_annotations(view),
            "spec": {"type": entrances.service_type(view), "externalTrafficPolicy": entrances.TRAFFIC_POLICY},
        },
        "metrics": {
            "prometheus": {"service": {"enabled": view.monitors}, "serviceMonitor": {"enabled": view.monitors}},
        },
        "global": {"checkNewVersion": False},
    }
    if view.tracing:
        found["tracing"] = {"otlp": {"enabled": True, "grpc": {"enabled": True, "endpoint": view.tracing, "insecure": True}}}
    return found


def entry(view: View) -> Entry:
    """Its pods are gateway and controller in one."""
    return Entry(gateway_class="traefik", namespace=view.namespace, pods=_PODS)
