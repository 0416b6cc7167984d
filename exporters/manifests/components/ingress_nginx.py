"""ingress-nginx: copies, the Service before them, TLS versions and monitors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.sharing import Second
from exporters.manifests.view import View

_PODS = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart."""
    copies = view.replicas()
    oldest = str(view.setting("tls.minimum", "1.2"))
    protocols = "TLSv1.3" if oldest == "1.3" else "TLSv1.2 TLSv1.3"
    config = {
        "ssl-protocols": protocols,
        "ssl-redirect": str(bool(view.setting("edge.redirect-https", default=True))).lower(),
    }
    controller: dict[str, Any] = {
        "replicaCount": copies,
        "minAvailable": 1,
        "topologySpreadConstraints": view.spread(_PODS),
        "config": config,
        "service": {
            "type": entrances.service_type(view),
            "externalTrafficPolicy": entrances.TRAFFIC_POLICY,
            "annotations": entrances.service_annotations(view),
        },
        "metrics": {"serviceMonitor": {"enabled": view.monitors}},
    }
    if view.tracing:
        host, _, port = view.tracing.rpartition(":")
        config |= {"enable-opentelemetry": "true", "otlp-collector-host": host, "otlp-collector-port": port}
    return {"controller": controller}


def entry(view: View) -> Entry:
    """Its class is `nginx`."""
    grpc = {"nginx.ingress.kubernetes.io/backend-protocol": "GRPC"}
    return Entry(ingress_class="nginx", namespace=view.namespace, pods=_PODS, grpc=grpc, splits="nginx")


def second(view: View) -> Callable[[Obj, Workload, Second], list[Obj]]:
    """A second Ingress with canary annotations."""
    return entrances.nginx_second
