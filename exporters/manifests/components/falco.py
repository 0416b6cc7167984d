"""Falco: what it sees goes the way of all other alerts."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Monitors, every node, and a forwarder where alerts have somewhere to go."""
    found: dict[str, Any] = {
        "serviceMonitor": {"create": view.monitors},
        "tolerations": [{"operator": "Exists"}],
        "podPriorityClassName": "platform",
        "resources": {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
    }
    alerting = view.address("alerting")
    if alerting is not None:
        target = {"hostport": alerting, "endpoint": "/api/v2/alerts", "minimumpriority": "warning"}
        found["falcosidekick"] = {
            "enabled": True,
            "replicaCount": 2 if view.highly_available else 1,
            "config": {"alertmanager": target, "customfields": f"cluster:{view.cluster.name}"},
            "serviceMonitor": {"enabled": view.monitors},
            "resources": {"requests": {"cpu": "20m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        }
    return found
