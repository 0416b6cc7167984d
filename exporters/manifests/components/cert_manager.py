"""cert-manager: copies, identity for DNS-01, Gateway API, and monitors."""

from __future__ import annotations

from typing import Any

from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.view import View

_NAME = "cert-manager"


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://cert-manager.io/docs/installation/best-practice/)."""
    identity = view.identity(_NAME)
    copies = view.replicas()
    budget = {"enabled": copies > 1, **({"minAvailable": 1} if copies > 1 else {})}
    found: dict[str, Any] = {
        "global": {"priorityClassName": PLATFORM_PRIORITY},
        "replicaCount": min(copies, 2),
        "podDisruptionBudget": budget,
        "serviceAccount": {"name": _NAME, "annotations": dict(identity.annotations)},
        "podLabels": dict(identity.pod_labels),
        "webhook": {"replicaCount": copies, "podDisruptionBudget": budget},
        "cainjector": {"replicaCount": min(copies, 2), "podDisruptionBudget": budget},
        "prometheus": {"enabled": True, "servicemonitor": {"enabled": view.monitors}},
    }
    if view.capability("gateway-api-crds"):
        found["config"] = {
            "apiVersion": "controller.config.cert-manager.io/v1alpha1",
            "kind": "ControllerConfiguration",
            "enableGatewayAPI": True,
        }
    return found


def objects(view: View) -> list[dict[str, Any]]:
    """What the platform's identity needs."""
    return list(view.identity(_NAME).objects)
