"""Node exporter and kube-state-metrics: scraped by monitors where these are acted on."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """The same switch for both charts; the labels that alerts and dashboards group by are let through."""
    monitor: dict[str, Any] = {"enabled": view.monitors}
    if view.release == "kube-state-metrics":
        return {
            "prometheus": {"monitor": {**monitor, "http": {"honorLabels": True}}},
            "metricLabelsAllowlist": ["pods=[app.kubernetes.io/name]", "nodes=[topology.kubernetes.io/zone]"],
        }
    relabel = {"sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "instance", "action": "replace"}
    return {
        "prometheus": {"monitor": {**monitor, "relabelings": [relabel]}},
        "priorityClassName": "platform",
    }
