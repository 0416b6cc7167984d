"""Envoy Gateway: its class, its proxies (how many, where, behind which load balancer), and TLS of the entry."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.view import View

_CLASS = "envoy"
_PODS = {"app.kubernetes.io/component": "proxy", "app.kubernetes.io/managed-by": "envoy-gateway"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart; the class is ours, so that it can name the proxies' parameters."""
    copies = view.replicas()
    return {
        "deployment": {"replicas": min(2, copies)},
        "podDisruptionBudget": {"minAvailable": 1} if copies > 1 else {},
    }


def entry(view: View) -> Entry:
    """Its proxies stand beside the controller."""
    tls = {"minVersion": str(view.setting("tls.minimum", "1.2"))}
    client: Obj = {
        "apiVersion": "gateway.envoyproxy.io/v1alpha1",
        "kind": "ClientTrafficPolicy",
        "metadata": {"name": "public", "namespace": view.namespace},
        "spec": {"targetRefs": [entrances.gateway_reference()], "tls": tls},
    }
    return Entry(gateway_class=_CLASS, namespace=view.namespace, pods=_PODS, timeouts=True, gateway=(client,))


def objects(view: View) -> list[Obj]:
    """The class and the parameters of its proxies (https://gateway.envoyproxy.io/docs/tasks/operations/customize-envoyproxy/)."""
    copies = view.replicas()
    deployment: Obj = {
        "replicas": copies,
        "pod": {"topologySpreadConstraints": view.spread(_PODS)},
        "container": {"resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}},
    }
    service: Obj = {"type": entrances.service_type(view), "externalTrafficPolicy": entrances.TRAFFIC_POLICY}
    annotations = entrances.service_annotations(view)
    if annotations:
        service["annotations"] = annotations
    kubernetes: Obj = {"envoyDeployment": deployment, "envoyService": service}
    if copies > 1:
        kubernetes["envoyPDB"] = {"maxUnavailable": 1}
    if view.capability("pod-autoscaling") and view.production:
        del deployment["replicas"]
        kubernetes["envoyHpa"] = entrances.growth(view, copies)
    spec: Obj = {"provider": {"type": "Kubernetes", "kubernetes": kubernetes}}
    if view.tracing:
        host, _, port = view.tracing.rpartition(":")
        spec["telemetry"] = {
            "tracing": {"samplingRate": 5, "provider": {"type": "OpenTelemetry", "host": host, "port": int(port)}}
        }
    proxy: Obj = {
        "apiVersion": "gateway.envoyproxy.io/v1alpha1",
        "kind": "EnvoyProxy",
        "metadata": {"name": "public", "namespace": view.namespace},
        "spec": spec,
    }
    parameters = {"group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "name": "public", "namespace": view.namespace}
    return [
        proxy,
        entrances.gateway_class(_CLASS, "gateway.envoyproxy.io/gatewayclass-controller", parameters),
        *entrances.pod_monitor(view, "envoy-proxies", _PODS, "metrics", "/stats/prometheus"),
    ]
