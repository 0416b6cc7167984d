"""Zipkin: traces in the memory of one pod."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Monitors, and memory as the store: its Elasticsearch module needs a client certificate file of its own."""
    return {
        "serviceMonitor": {"enabled": view.monitors},
        "zipkin": {"storage": {"type": "mem"}},
        "resources": {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
    }


def address(view: View, capability: str) -> str | None:
    """Its query API and pages."""
    return f"http://{view.me.id}.{view.namespace}.svc:9411" if capability == "tracing" else None


def datasource(view: View) -> list[dict[str, Any]]:
    """Grafana's data source."""
    source = {"name": "Zipkin", "uid": "traces", "type": "zipkin", "access": "proxy"}
    return [{**source, "url": address(view, "tracing")}]


def pipeline(view: View) -> dict[str, Any]:
    """Traces in Zipkin's own format."""
    return {"traces": {"name": "zipkin", "config": {"endpoint": f"{address(view, 'tracing')}/api/v2/spans"}}}
