"""Karpenter's NodePools, which three platforms read: one for each pool of the design, with its shape and bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalog.windows import Window
from catalog.workloads import Pool
from exporters.manifests.families import windows
from exporters.manifests.references import Obj
from exporters.manifests.view import View

POOL_LABEL = "k8s-wizard.dev/pool"
"""Label of the nodes of a pool."""

SPOT_TAINT = {"key": "k8s-wizard.dev/spot", "value": "true", "effect": "NoSchedule"}
"""Taint of nodes that can be taken away: only pods that say they can stand it run there."""

_LIFE = "480h"
"""Nodes are replaced after twenty days at the latest, so that patches of the image reach every one."""

_CPUS = 1000
"""Most CPUs of a pool without bounds of its own: a runaway scaler meets an end."""

_CPUS_OF_A_NODE = 16

_FIRST = 10
"""Weight of pools that may be taken away: they are cheaper, so pods that stand both are placed there first."""


def spot(label: str) -> dict[str, Any]:
    """Tolerations and affinity of pods that may run on machines that can be taken away."""
    wish = {"weight": 100, "preference": {"matchExpressions": [{"key": label, "operator": "In", "values": ["spot"]}]}}
    return {
        "tolerations": [{"key": SPOT_TAINT["key"], "operator": "Exists", "effect": "NoSchedule"}],
        "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [wish]}},
    }


def pools(
    view: View,
    node_class: dict[str, str],
    provider: str,
    *,
    general: bool,
    spot_taint: Mapping[str, str] = SPOT_TAINT,
) -> list[Obj]:
    """A NodePool per pool of machines; without pools a general one, where nothing else brings nodes.

    `provider`: prefix of the labels that the platform gives to its nodes, such as `karpenter.k8s.aws`.
    `spot_taint`: what keeps other pods from nodes that can be taken away.
    """
    stated = [pool for pool in view.cluster.pools if pool.compute == "machines"]
    if not stated:
        return [_pool(view, Pool(name="general"), node_class, provider, spot_taint)] if general else []
    return [_pool(view, pool, node_class, provider, spot_taint) for pool in stated]


def _pool(view: View, pool: Pool, node_class: dict[str, str], provider: str, spot_taint: Mapping[str, str]) -> Obj:
    needs: list[Obj] = [
        _in("kubernetes.io/os", "linux"),
        _in("kubernetes.io/arch", pool.architecture),
        # Where no machine can be had that may be taken away, one that stays is better than none.
        _in("karpenter.sh/capacity-type", *(("spot", "on-demand") if pool.spot else ("on-demand",))),
    ]
    if pool.machine:
        needs.append(_in("node.kubernetes.io/instance-type", pool.machine))
    elif "azure" in provider:
        needs.append(_in(f"{provider}/sku-family", "D", "E", "F"))
    else:
        needs.append(_in(f"{provider}/instance-category", "c", "m", "r"))
        needs.append({"key": f"{provider}/instance-generation", "operator": "Gt", "values": ["5"]})
    taints = [taint for text in pool.taints if (taint := taint_of(text))]
    if pool.spot and not any(taint["key"] == spot_taint["key"] for taint in taints):
        taints.append(dict(spot_taint))
    template: Obj = {"nodeClassRef": dict(node_class), "requirements": needs, "expireAfter": _LIFE}
    if taints:
        template["taints"] = taints
    spec: Obj = {
        "template": {"metadata": {"labels": {POOL_LABEL: pool.name}}, "spec": template},
        "disruption": {
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
            "consolidateAfter": "5m",
            "budgets": _budgets(windows.of(view)),
        },
        "limits": {"cpu": str(pool.at_most * _CPUS_OF_A_NODE if pool.at_most else _CPUS)},
    }
    if pool.spot:
        spec["weight"] = _FIRST
    return {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": pool.name}, "spec": spec}


def _in(key: str, *values: str) -> Obj:
    return {"key": key, "operator": "In", "values": list(values)}


def taint_of(text: str) -> Obj | None:
    """A taint as people write it: `key=value:Effect` or `key:Effect`."""
    match = re.match(r"([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$", text)
    if match is None:
        return None
    found = {"key": match[1], "effect": match[3]}
    return {**found, "value": match[2]} if match[2] else found


def toleration(taint: Mapping[str, str]) -> Obj:
    """What tolerates a taint."""
    return {**taint, "operator": "Equal" if "value" in taint else "Exists"}


def _budgets(window: Window | None) -> list[Obj]:
    """A tenth of the nodes at a time; nodes whose image drifted only within the maintenance window."""
    if window is None:
        return [{"nodes": "10%"}]
    return [
        {"nodes": "10%", "reasons": ["Empty", "Underutilized"]},
        *({"nodes": "0", "reasons": ["Drifted"], "schedule": schedule, "duration": duration}
          for schedule, duration in windows.closed(window)),
        {"nodes": "10%", "reasons": ["Drifted"]},
    ]
