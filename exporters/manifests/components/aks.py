"""AKS as workloads see it: nodes that can be taken away carry a label and a taint."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://learn.microsoft.com/en-us/azure/aks/spot-node-pool"""
    key = "kubernetes.azure.com/scalesetpriority"
    term = {"matchExpressions": [{"key": key, "operator": "In", "values": ["spot"]}]}
    wish = {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": term}]}
    toleration = {"key": key, "operator": "Equal", "value": "spot", "effect": "NoSchedule"}
    return {"tolerations": [toleration], "affinity": {"nodeAffinity": wish}}


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
