"""Flagger: which gateway or mesh it steers, and a Canary for each workload that has a second version.

A Canary owns what carries the traffic: the Services of its workload, and the route where one splits by weight or header;
beside an Ingress of NGINX it makes a second one. The Deployment in Git is the next version; the one that serves is
Flagger's copy of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.settings import magnitude
from catalog.workloads import Workload
from exporters.manifests import names, routes, sharing
from exporters.manifests.labels import PREFIX
from exporters.manifests.references import Obj
from exporters.manifests.shortened import short
from exporters.manifests.view import View

_API = "flagger.app/v1beta1"
_LABEL = f"{PREFIX}/release"
"""Tells the pods that serve from those that are tried: Flagger's copies carry `<name>-primary` there."""
_KUBERNETES = "kubernetes"
_PROVIDERS = {"routes": "gatewayapi:v1", "nginx": "nginx", "virtual-service": "istio"}
_MOST_FAILED = 5
"""Percent of requests that may fail before a new version is taken back."""
_TRIES = 5
_ROUNDS = 10


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://docs.flagger.app/tutorials/gatewayapi-progressive-delivery)."""
    store = view.address("metrics-store")
    found: dict[str, Any] = {
        "meshProvider": "gatewayapi:v1" if view.capability("gateway-api-crds") else _KUBERNETES,
        "selectorLabels": _LABEL,
        "leaderElection": {"enabled": view.highly_available, "replicaCount": max(1, min(2, view.replicas()))},
        "podMonitor": {"enabled": view.monitors, "namespace": view.namespace},
    }
    if store:
        found["metricsServer"] = store
    return found


def _steers(workload: Workload) -> bool:
    return workload.kind == "deployment" and workload.canary is not None and workload.port is not None


def _provider(view: View, workload: Workload) -> str:
    """What Flagger steers, in its own words (https://docs.flagger.app/usage/how-it-works); where it can steer nothing, a
    version is tried beside the one that serves and then takes its place."""
    return _PROVIDERS.get(sharing.way(view, workload), _KUBERNETES)


def release_label(view: View) -> Callable[[Workload], dict[str, str]]:
    """What a workload's own pods carry so that Flagger can tell its copies from them."""
    return lambda workload: {_LABEL: workload.name} if _steers(workload) else {}


def owns_traffic(view: View) -> Callable[[Workload], tuple[str, ...]]:
    """Which of a workload's objects are Flagger's to make."""

    def answer(workload: Workload) -> tuple[str, ...]:
        if not _steers(workload):
            return ()
        split = _provider(view, workload)
        if split == _KUBERNETES:
            return ("services",)
        return ("services", "weights") if split == "nginx" else ("services", "route")

    return answer


def canary(view: View) -> Callable[[Workload, str], list[Obj]]:
    """The Canary of a workload (https://docs.flagger.app/usage/how-it-works), and how its failures are counted."""

    def answer(workload: Workload, namespace: str) -> list[Obj]:
        if not _steers(workload):
            return []
        from exporters.manifests.reliability import window
        from exporters.manifests.workloads import scaled

        template = _failures(view, workload, namespace)
        analysis: Obj = {
            "interval": _interval(str(view.setting("canary.interval", "5m"))),
            "threshold": _TRIES,
            **_progress(view, workload),
        }
        if template is not None:
            analysis["metrics"] = [
                {
                    "name": "failed-requests",
                    "templateRef": {"name": template["metadata"]["name"], "namespace": namespace},
                    "thresholdRange": {"max": _MOST_FAILED},
                    "interval": window(view, "1m"),
                }
            ]
        spec: Obj = {
            "provider": _provider(view, workload),
            "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
            "progressDeadlineSeconds": 600,
            "revertOnDeletion": True,
            "service": _service(view, workload),
            "analysis": analysis,
        }
        if spec["provider"] == "nginx":
            spec["ingressRef"] = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": workload.name}
        if scaled(view, workload):
            spec["autoscalerRef"] = {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "name": workload.name,
            }
        metadata = {"name": workload.name, "namespace": namespace}
        canary = {"apiVersion": _API, "kind": "Canary", "metadata": metadata, "spec": spec}
        return [canary] if template is None else [canary, template]

    return answer


def _progress(view: View, workload: Workload) -> Obj:
    """By header for those who send it, by growing weight, or all at once where nothing splits."""
    assert workload.canary is not None
    if _provider(view, workload) == _KUBERNETES:
        return {"iterations": _ROUNDS}
    if workload.canary.header:
        name, _, value = workload.canary.header.partition(":")
        return {"iterations": _ROUNDS, "match": [{"headers": {name.strip(): {"exact": value.strip()}}}]}
    step = max(1, min(100, int(view.setting("canary.step", 20))))
    return {"stepWeight": step, "maxWeight": max(step, workload.canary.weight)}


def _service(view: View, workload: Workload) -> Obj:
    from exporters.manifests.pods import stable
    from exporters.manifests.workloads import service_ports

    port = service_ports(workload)[0]
    # Monitors find Services by these labels: the one that serves, and the one that is tried.
    labels = {"labels": dict(stable(view, workload))}
    found: Obj = {
        "port": port["port"],
        "portName": port["name"],
        "targetPort": port["targetPort"],
        "portDiscovery": True,
        "apex": labels,
        "canary": labels,
    }
    if "appProtocol" in port:
        found["appProtocol"] = port["appProtocol"]
    parents = routes.parents(view, workload)
    if not parents:
        return found
    found["gatewayRefs"] = parents
    if workload.host:
        found["hosts"] = [workload.host]
        # The route that Flagger makes carries what its Service does: without these marks a cluster would write a name
        # that belongs to another, or past the CDN (https://docs.flagger.app/usage/how-it-works).
        if marks := names.marks(view, workload.host):
            found["apex"] = {**labels, "annotations": marks}
    if workload.path != "/":
        found["match"] = [{"uri": {"prefix": workload.path}}]
    entry = view.entry()
    if workload.host and entry is not None and entry.timeouts and workload.protocol != "grpc":
        found["timeout"] = str(view.setting("ingress.request-timeout", "30s"))
    return found


def _failures(view: View, workload: Workload, namespace: str) -> Obj | None:
    """Percent of failed requests of the version that is tried (https://docs.flagger.app/usage/metrics); None where no
    store of the cluster can be asked or nobody counts: Flagger would refuse every version that it learns nothing of."""
    from exporters.manifests.reliability import measured, requests

    store = view.address("metrics-store")
    if store is None or not measured(view, workload):
        return None
    failed, total = requests(view, workload, tried=True)
    # Flagger takes no answer, and NaN, for a failed check: without requests nothing failed, at night, before anybody sends
    # the header, and where nobody calls a version before it takes its place
    # (https://github.com/fluxcd/flagger/blob/main/pkg/metrics/providers/prometheus.go).
    query = f"100 * ({failed} or vector(0)) / (({total}) > 0) or vector(0)".replace("WINDOW", "{{ interval }}")
    spec = {"provider": {"type": "prometheus", "address": store}, "query": query}
    metadata = {"name": short(f"{workload.name}-failed-requests", 63), "namespace": namespace}
    return {"apiVersion": _API, "kind": "MetricTemplate", "metadata": metadata, "spec": spec}


def _interval(text: str) -> str:
    """A duration as its kind takes it: in seconds or minutes."""
    seconds = int(magnitude(text, "duration"))
    return f"{seconds // 60}m" if seconds >= 60 and seconds % 60 == 0 else f"{max(1, seconds)}s"
