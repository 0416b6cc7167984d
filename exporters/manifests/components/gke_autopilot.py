"""GKE Autopilot as workloads see it: pods ask for spot capacity themselves."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://docs.cloud.google.com/kubernetes-engine/docs/how-to/autopilot-spot-pods"""
    term = {"matchExpressions": [{"key": "cloud.google.com/gke-spot", "operator": "In", "values": ["true"]}]}
    needs = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    return {"affinity": {"nodeAffinity": needs}}
