"""Karpenter on AWS: its identity and queue, a class of machines, and a pool for each that the design names.

Subnets and security groups are found by the tag `karpenter.sh/discovery`, which infrastructure code sets.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import node_pools, volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_NAME = "karpenter"
_CLASS = "default"
_ROOT, _DATA = "/dev/xvda", "/dev/xvdb"


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/)."""
    identity = view.identity(_NAME)
    name = view.cluster.name
    return {
        "replicas": max(1, min(2, view.replicas())),
        "settings": {"clusterName": name, "interruptionQueue": name, "isolatedVPC": view.yes("air-gap")},
        "serviceAccount": {"annotations": dict(identity.annotations)},
        "podLabels": dict(identity.pod_labels),
        "serviceMonitor": {"enabled": view.monitors},
    }


def objects(view: View) -> list[Obj]:
    """The class and the pools; nodes are replaced when their image is old, and only in the maintenance window."""
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": _CLASS}
    pools = node_pools.pools(view, reference, "karpenter.k8s.aws", general=True)
    return [*view.identity(_NAME).objects, _machines(view), *pools]


def _machines(view: View) -> Obj:
    """The class (https://karpenter.sh/docs/concepts/nodeclasses/)."""
    tags = [{"tags": {"karpenter.sh/discovery": view.cluster.name}}]
    image = next(iter(view.gather("node_image", "node-os")), "al2023@latest")
    spec: Obj = {
        "role": f"KarpenterNodeRole-{view.cluster.name}",
        "amiSelectorTerms": [{"alias": image}],
        "subnetSelectorTerms": tags,
        "securityGroupSelectorTerms": tags,
        # Pods have identities of their own: one hop keeps them from the machine's.
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
        "tags": {"cluster": view.cluster.name, "environment": view.environment},
    }
    disk: Obj = {"volumeSize": "80Gi", "volumeType": "gp3", "encrypted": True, "deleteOnTermination": True}
    if volumes.own_key(view):
        disk["kmsKeyID"] = f"arn:aws:kms:{view.region}:ACCOUNT_ID:key/KEY_ID"
    # An image that is read-only keeps what pods write on a second disk.
    device = _DATA if not image.startswith("al2023") else _ROOT
    spec["blockDeviceMappings"] = [{"deviceName": device, "ebs": disk}]
    return {"apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "metadata": {"name": _CLASS}, "spec": spec}
