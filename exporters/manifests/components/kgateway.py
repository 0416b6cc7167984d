"""kgateway: copies of its controller and of its proxies, and the Service before these. It makes its class by itself.

Its proxies follow the `GatewayParameters` that the class refers to
(https://kgateway.dev/docs/envoy/latest/setup/customize/gateway/); without them there is one copy of each."""

from __future__ import annotations

from typing import Any

from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import GATEWAY
from exporters.manifests.view import View

_CLASS = "kgateway"
_CONTROLLER = {"app.kubernetes.io/instance": "kgateway", "app.kubernetes.io/name": "kgateway"}
_PODS = {"gateway.networking.k8s.io/gateway-name": GATEWAY}
_PARAMETERS = "public"


def values(view: View) -> dict[str, Any]:
    """Values of the controller's chart."""
    if view.release != "kgateway":
        return {}
    copies = min(2, view.replicas())
    controller: dict[str, Any] = {"replicaCount": copies, "priorityClassName": PLATFORM_PRIORITY}
    if copies > 1:
        controller["podDisruptionBudget"] = {"minAvailable": 1}
        controller["topologySpreadConstraints"] = view.spread(_CONTROLLER)
    if view.monitors:
        controller["serviceMonitor"] = {"enabled": True}
    parameters = {"name": _PARAMETERS, "namespace": view.namespace}
    return {"controller": controller, "gatewayClassParametersRefs": {_CLASS: parameters}}


def entry(view: View) -> Entry:
    """Its proxies stand where the Gateway is."""
    return Entry(gateway_class=_CLASS, namespace=view.namespace, pods=_PODS, timeouts=True)


def objects(view: View) -> list[Obj]:
    """How many proxies there are, where they stand, and what is before them."""
    copies = view.replicas()
    service: Obj = {"type": entrances.service_type(view), "externalTrafficPolicy": entrances.TRAFFIC_POLICY}
    annotations = entrances.service_annotations(view)
    if annotations:
        service["extraAnnotations"] = annotations
    kube: Obj = {
        "envoyContainer": {"resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}},
        "podTemplate": {"priorityClassName": PLATFORM_PRIORITY, "topologySpreadConstraints": view.spread(_PODS)},
        "service": service,
    }
    if copies > 1:
        kube["podDisruptionBudget"] = {"spec": {"maxUnavailable": 1}}
    if view.capability("pod-autoscaling") and view.production:
        kube["horizontalPodAutoscaler"] = {"spec": entrances.growth(view, copies)}
    else:
        kube["deployment"] = {"replicas": copies}
    metadata = {"name": _PARAMETERS, "namespace": view.namespace}
    parameters = {
        "apiVersion": "gateway.kgateway.dev/v1alpha1",
        "kind": "GatewayParameters",
        "metadata": metadata,
        "spec": {"kube": kube},
    }
    return [parameters, *entrances.pod_monitor(view, "kgateway-proxies", _PODS, "http-monitoring")]
