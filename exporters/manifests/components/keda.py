"""KEDA: copies, identity for the queues it reads, and monitors."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.view import View

_ACCOUNT = "keda-operator"


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://keda.sh/docs/latest/deploy/)."""
    identity = view.identity(_ACCOUNT)
    copies = max(1, min(2, view.replicas()))
    budget = {"maxUnavailable": 1} if copies > 1 else {}
    monitor = {"serviceMonitor": {"enabled": view.monitors}}
    return {
        "clusterName": view.cluster.name,
        "operator": {"replicaCount": copies},
        "metricsServer": {"replicaCount": copies},
        "webhooks": {"replicaCount": copies},
        "podDisruptionBudget": {"operator": budget, "metricServer": budget, "webhooks": budget},
        "serviceAccount": {"operator": {"annotations": dict(identity.annotations)}},
        "podLabels": {"keda": dict(identity.pod_labels)},
        "prometheus": {"operator": monitor, "metricServer": monitor, "webhooks": monitor},
    }


def objects(view: View) -> list[Obj]:
    """What the platform's identity needs."""
    return list(view.identity(_ACCOUNT).objects)
