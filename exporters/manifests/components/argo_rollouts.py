"""Argo Rollouts: its controller, and for each workload with a second version a Rollout that takes over its Deployment.

New versions get pods step by step; where metrics can be asked, failed requests stop them. A share is one of pods and not
of requests: routes keep the one Service, which both versions stand behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.references import Obj
from exporters.manifests.view import View, short

_API = "argoproj.io/v1alpha1"
_MOST_FAILED = "0.05"


def values(view: View) -> dict[str, Any]:
    """Values of the chart."""
    copies = max(1, min(2, view.replicas()))
    return {
        "controller": {
            "replicas": copies,
            "pdb": {"enabled": copies > 1, **({"maxUnavailable": 1} if copies > 1 else {})},
            "metrics": {"serviceMonitor": {"enabled": view.monitors}},
        }
    }


def canary(view: View) -> Callable[[Workload, str], list[Obj]]:
    """The Rollout of a workload (https://argo-rollouts.readthedocs.io/en/stable/migrating/)."""

    def answer(workload: Workload, namespace: str) -> list[Obj]:
        if workload.kind != "deployment":
            return []
        from exporters.manifests.pods import stable
        from exporters.manifests.workloads import least, most, scaled

        metadata = {"name": workload.name, "namespace": namespace}
        wait = {"pause": {"duration": str(view.setting("canary.interval", "5m"))}}
        step = max(1, min(100, int(view.setting("canary.step", 20))))
        steps = [entry for weight in range(step, 100, step) for entry in ({"setWeight": weight}, wait)]
        analysis = _analysis(view, workload, metadata)
        strategy: Obj = {"maxSurge": "25%", "maxUnavailable": 0, "steps": steps}
        if analysis is not None:
            template = {"templateName": analysis["metadata"]["name"]}
            strategy["analysis"] = {"templates": [template], "startingStep": 1}
        reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name, "scaleDown": "onsuccess"}
        spec: Obj = {
            "selector": {"matchLabels": stable(view, workload)},
            "workloadRef": reference,
            "strategy": {"canary": strategy},
        }
        if not scaled(view, workload):
            spec["replicas"] = least(view, workload)
        found: list[Obj] = [{"apiVersion": _API, "kind": "Rollout", "metadata": metadata, "spec": spec}]
        if scaled(view, workload):
            found.append(_scaler(view, workload, namespace, least(view, workload), most(view, workload)))
        return [*found, *([analysis] if analysis is not None else [])]

    return answer


def _analysis(view: View, workload: Workload, metadata: Obj) -> Obj | None:
    """Stops a new version when more than one request in twenty fails."""
    store = view.address("metrics-store")
    if store is None or not workload.serves:
        return None
    from exporters.manifests.reliability import requests

    failed, total = (query.replace("WINDOW", "5m") for query in requests(view, workload))
    metric = {
        "name": "failed-requests",
        "interval": "1m",
        "count": 5,
        "failureLimit": 2,
        "successCondition": f"len(result) == 0 || isNaN(result[0]) || result[0] <= {_MOST_FAILED}",
        "provider": {"prometheus": {"address": store, "query": f"({failed} or vector(0)) / {total}"}},
    }
    return {"apiVersion": _API, "kind": "AnalysisTemplate", "metadata": metadata, "spec": {"metrics": [metric]}}


def _scaler(view: View, workload: Workload, namespace: str, least: int, most: int) -> Obj:
    """Scales the Rollout; the scaler of its Deployment rests while that has no pods."""
    target = int(view.setting("pod-autoscaling.cpu", 70))
    resource = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": target}}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": short(f"{workload.name}-rollout", 63), "namespace": namespace},
        "spec": {
            "scaleTargetRef": {"apiVersion": _API, "kind": "Rollout", "name": workload.name},
            "minReplicas": least,
            "maxReplicas": most,
            "metrics": [{"type": "Resource", "resource": resource}],
        },
    }
