"""Node exporter and kube-state-metrics: scraped by monitors where these are acted on."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View

_JOB = "jobLabel"
"""The label that names the job. Alerts and dashboards about nodes ask for the job `node-exporter`, and the chart's own
name for it is another (https://github.com/prometheus-operator/kube-prometheus/blob/main/manifests/nodeExporter-prometheusRule.yaml)."""


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
        "prometheus": {"monitor": {**monitor, "jobLabel": _JOB, "relabelings": [relabel]}},
        "commonLabels": {_JOB: "node-exporter"},
        "priorityClassName": "platform",
    }
