"""EKS as workloads see it: nodes that can be taken away carry the label of their provisioner and a taint of ours."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://karpenter.sh/docs/concepts/scheduling/, and the label of managed node groups."""
    terms = [
        {"matchExpressions": [{"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot"]}]},
        {"matchExpressions": [{"key": "eks.amazonaws.com/capacityType", "operator": "In", "values": ["SPOT"]}]},
    ]
    wishes = [{"weight": 100, "preference": term} for term in terms]
    toleration = {"key": "k8s-wizard.dev/spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"}
    affinity = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": wishes}}
    return {"tolerations": [toleration], "affinity": affinity}


def reach(view: View) -> tuple[str, ...]:
    """https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html"""
    name = view.cluster.name
    return (f"aws eks update-kubeconfig --name {name} --alias {name} --region {view.region}",)
