"""AKS Automatic as workloads see it: nodes come as they are asked for, and some of them can be taken away."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import node_pools
from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://learn.microsoft.com/en-us/azure/aks/node-auto-provisioning-node-pools"""
    return node_pools.spot("karpenter.sh/capacity-type")


def reach(view: View) -> tuple[str, ...]:
    """https://learn.microsoft.com/en-us/azure/aks/control-kubeconfig-access"""
    name = view.cluster.name
    return (
        f"az aks get-credentials --resource-group <GROUP> --name {name} --context {name}",
        "kubelogin convert-kubeconfig --login azurecli",
    )


def api_agents(view: View) -> tuple[dict[str, str], ...]:
    """Calls of the API server to pods come out of pods here (https://github.com/tigera/operator/pull/5212)."""
    return ({"app": "konnectivity-agent"},)
