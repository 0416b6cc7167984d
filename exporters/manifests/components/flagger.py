"""Flagger: which mesh or gateway it steers and where it reads metrics.

No Canary is exported: it would own the Services and routes of a workload, which come from Git here.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://docs.flagger.app/tutorials/gatewayapi-progressive-delivery)."""
    store = view.address("metrics-store")
    found: dict[str, Any] = {
        "meshProvider": "gatewayapi:v1" if view.capability("gateway-api-crds") else "kubernetes",
        "leaderElection": {"enabled": view.highly_available, "replicaCount": max(1, min(2, view.replicas()))},
        "podMonitor": {"enabled": view.monitors, "namespace": view.namespace},
    }
    if store:
        found["metricsServer"] = store
    return found

