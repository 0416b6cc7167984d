"""metrics-server: copies and monitors."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the chart; kubelets of hand-made clusters show certificates that no authority signed."""
    copies = max(1, min(2, view.replicas()))
    found: dict[str, Any] = {
        "replicas": copies,
        "podDisruptionBudget": {"enabled": copies > 1},
        "metrics": {"enabled": view.monitors},
        "serviceMonitor": {"enabled": view.monitors},
    }
    if view.capability("self-managed-kubernetes"):
        found["args"] = ["--kubelet-insecure-tls"]
    return found
