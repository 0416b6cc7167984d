"""AKS Automatic as workloads see it: nodes come as they are asked for, and some of them can be taken away."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import azure_clusters, node_pools
from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://learn.microsoft.com/en-us/azure/aks/node-auto-provisioning-node-pools"""
    return node_pools.spot("karpenter.sh/capacity-type")


def reach(view: View) -> tuple[str, ...]:
    """As every cluster of AKS is reached."""
    return azure_clusters.reach(view)


def api_agents(view: View) -> tuple[dict[str, str], ...]:
    """As in every cluster of AKS."""
    return azure_clusters.api_agents(view)
