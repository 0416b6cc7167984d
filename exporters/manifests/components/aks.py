"""AKS as workloads see it: nodes that can be taken away carry a label and a taint."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import azure_clusters
from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://learn.microsoft.com/en-us/azure/aks/spot-node-pool"""
    key = "kubernetes.azure.com/scalesetpriority"
    term = {"matchExpressions": [{"key": key, "operator": "In", "values": ["spot"]}]}
    wish = {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": term}]}
    toleration = {"key": key, "operator": "Equal", "value": "spot", "effect": "NoSchedule"}
    return {"tolerations": [toleration], "affinity": {"nodeAffinity": wish}}


def reach(view: View) -> tuple[str, ...]:
    """As every cluster of AKS is reached."""
    return azure_clusters.reach(view)


def api_agents(view: View) -> tuple[dict[str, str], ...]:
    """As in every cluster of AKS."""
    return azure_clusters.api_agents(view)
