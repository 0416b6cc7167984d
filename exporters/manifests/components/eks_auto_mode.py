"""What EKS Auto Mode takes from Kubernetes objects: the class of its volumes and the pools of its nodes."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import node_pools, volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "ebs.csi.eks.amazonaws.com"
_CLASS = "auto-gp3"
_NODES = {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "default"}
_LABEL = "eks.amazonaws.com"


def storage_class(view: View, purpose: str) -> str | None:
    """Disks are for one pod at a time."""
    return _CLASS if purpose == "block" and "block-storage" in view.roles else None


def spot(view: View) -> dict[str, Any]:
    """Pods that may run on machines that can be taken away."""
    return node_pools.spot("karpenter.sh/capacity-type")


def objects(view: View) -> list[Obj]:
    """Encrypted volumes on its own nodes only (https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html),
    and a pool for each that the design names (https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html)."""
    found: list[Obj] = []
    if "block-storage" in view.roles:
        parameters = {"type": "gp3", "encrypted": "true"}
        if volumes.own_key(view):
            parameters["kmsKeyId"] = f"arn:aws:kms:{view.region}:ACCOUNT_ID:key/KEY_ID"
        places = [{"matchLabelExpressions": [{"key": f"{_LABEL}/compute-type", "values": ["auto"]}]}]
        found.append(volumes.storage_class(view, _CLASS, _DRIVER, parameters, allowedTopologies=places))
        found.extend(volumes.snapshot_class(view, "auto-ebs", _DRIVER))
    if "node-autoscaling" in view.roles:
        found.extend(node_pools.pools(view, _NODES, _LABEL, general=False))
    return found


def reach(view: View) -> tuple[str, ...]:
    """https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html"""
    name = view.cluster.name
    return (f"aws eks update-kubeconfig --name {name} --alias {name} --region {view.region}",)
