"""Node auto-provisioning of AKS: a pool for each that the design names, on the class of machines that AKS keeps."""

from __future__ import annotations

from exporters.manifests.families import node_pools
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_SPOT = {"key": "kubernetes.azure.com/scalesetpriority", "value": "spot", "effect": "NoSchedule"}
"""The taint that AKS itself gives to nodes that can be taken away, and that pods tolerate."""


def objects(view: View) -> list[Obj]:
    """Pools beside the platform's own (https://learn.microsoft.com/en-us/azure/aks/node-auto-provisioning-node-pools)."""
    reference = {"group": "karpenter.azure.com", "kind": "AKSNodeClass", "name": "default"}
    return node_pools.pools(view, reference, "karpenter.azure.com", general=False, spot_taint=_SPOT)
