"""PodMonitors for components whose chart has none, or is installed before these kinds exist."""

from __future__ import annotations

from catalog.components import Component
from exporters.manifests.references import Obj
from exporters.manifests.view import View


def of_pods(view: View, component: Component, namespace: str | None = None) -> list[Obj]:
    """One for each endpoint that the component says serves metrics; empty where nothing acts on them."""
    if not view.monitors or component.install is None:
        return []
    home = component.install.namespace
    found: list[Obj] = []
    for endpoint in component.endpoints:
        if "metrics-endpoint" not in endpoint.serves or not endpoint.pods or endpoint.host_network:
            continue
        if endpoint.application not in (None, "http"):
            continue
        interval = str(view.setting("metrics.scrape-interval", "30s"))
        found.append(
            {
                "apiVersion": "monitoring.coreos.com/v1",
                "kind": "PodMonitor",
                "metadata": {"name": f"{component.id}-{endpoint.name}", "namespace": namespace or home},
                "spec": {
                    "selector": {"matchLabels": dict(endpoint.pods)},
                    "namespaceSelector": {"matchNames": [home]},
                    "podMetricsEndpoints": [{"portNumber": endpoint.port, "path": "/metrics", "interval": interval}],
                },
            }
        )
    return found
