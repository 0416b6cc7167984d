"""Karpenter on AWS: a class of machines and one pool for each node pool of the design.

Subnets and security groups are found by the tag `karpenter.sh/discovery`, which infrastructure code sets.
"""

from __future__ import annotations

from typing import Any

from catalog.workloads import Pool
from exporters.manifests.references import Obj
from exporters.manifests.view import View, label

_NAME = "karpenter"
_CLASS = "default"


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/)."""
    identity = view.identity(_NAME)
    name = view.cluster.name
    return {
        "replicas": max(1, min(2, view.replicas())),
        "settings": {"clusterName": name, "interruptionQueue": name},
        "serviceAccount": {"annotations": dict(identity.annotations)},
        "podLabels": dict(identity.pod_labels),
        "serviceMonitor": {"enabled": view.monitors},
    }


def objects(view: View) -> list[Obj]:
    """The class and the pools; nodes are replaced when their image is old, and only in the maintenance window."""
    pools = view.cluster.pools or (Pool(name="general"),)
    found = [*view.identity(_NAME).objects, _machines(view)]
    found.extend(_pool(view, pool) for pool in pools)
    return found


def _machines(view: View) -> Obj:
    tags = [{"tags": {"karpenter.sh/discovery": view.cluster.name}}]
    image = next(iter(view.gather("node_image", "node-os")), "al2023@latest")
    spec = {
        "role": f"KarpenterNodeRole-{view.cluster.name}",
        "amiSelectorTerms": [{"alias": image}],
        "subnetSelectorTerms": tags,
        "securityGroupSelectorTerms": tags,
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
    }
    return {"apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "metadata": {"name": _CLASS}, "spec": spec}


def _pool(view: View, pool: Pool) -> Obj:
    def needs(key: str, *allowed: str) -> Obj:
        return {"key": key, "operator": "In", "values": list(allowed)}

    requirements = [
        needs("kubernetes.io/os", "linux"),
        needs("kubernetes.io/arch", pool.architecture),
        needs("karpenter.sh/capacity-type", *(("spot", "on-demand") if pool.spot else ("on-demand",))),
    ]
    family = (pool.machine or "").split(".")[0]
    if family:
        requirements.append(needs("karpenter.k8s.aws/instance-family", family))
    else:
        requirements.append(needs("karpenter.k8s.aws/instance-category", "c", "m", "r"))
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": _CLASS}
    template: Obj = {"nodeClassRef": reference, "requirements": requirements, "expireAfter": "720h"}
    if pool.spot:
        template["taints"] = [{"key": "k8s-wizard.dev/spot", "value": "true", "effect": "NoSchedule"}]
    disruption = {
        "consolidationPolicy": "WhenEmptyOrUnderutilized",
        "consolidateAfter": "5m",
        "budgets": [{"nodes": "10%"}],
    }
    spec: Obj = {
        "template": {"metadata": {"labels": {"k8s-wizard.dev/pool": label(pool.name)}}, "spec": template},
        "disruption": disruption,
        "limits": {"cpu": str(16 * (pool.at_most or 20)), "memory": f"{64 * (pool.at_most or 20)}Gi"},
    }
    metadata = {"name": label(pool.name)}
    return {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": metadata, "spec": spec}
