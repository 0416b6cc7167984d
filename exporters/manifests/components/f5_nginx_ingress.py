"""NGINX Ingress Controller of F5: copies, the Service before them, and monitors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import certificate, hosted
from exporters.manifests.sharing import Second
from exporters.manifests.shortened import short
from exporters.manifests.view import View

_PODS = {"app.kubernetes.io/name": "nginx-ingress"}
_CLASS = "nginx"
_JOINS = "nginx.org/mergeable-ingress-type"
_UPLOADS = {"nginx.org/client-max-body-size": "0"}
_GRPC = {"nginx.org/grpc-services": "{service}"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://docs.nginx.com/nginx-ingress-controller/install/helm/)."""
    copies = view.replicas()
    return {
        "controller": {
            "replicaCount": copies,
            "topologySpreadConstraints": view.spread(_PODS),
            "service": {
                "type": entrances.service_type(view),
                "externalTrafficPolicy": entrances.TRAFFIC_POLICY,
                "annotations": entrances.service_annotations(view),
            },
            "podDisruptionBudget": {"enabled": copies > 1, **({"maxUnavailable": 1} if copies > 1 else {})},
            "ingressClass": {"name": _CLASS, "create": True},
            "config": {"entries": {"http2": "true"}},
        },
        # The monitor selects a Service that the chart makes only when told.
        "prometheus": {"service": {"create": view.monitors}, "serviceMonitor": {"create": view.monitors}},
    }


def entry(view: View) -> Entry:
    """Its class is `nginx`; gRPC needs HTTP/2, which `values` switches on
    (https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-annotations/)."""
    joined = {_JOINS: "minion"}
    return Entry(
        ingress_class=_CLASS, namespace=view.namespace, pods=_PODS, grpc=_GRPC, joined_by=joined, uploads=_UPLOADS
    )


def own_route(view: View) -> Callable[[Workload, str, Second | None], list[Obj]]:
    """An Ingress for each host, and one for each path: of two that only name the same host it refuses the younger, be it
    another workload's or what answers an authority
    (https://docs.nginx.com/nginx-ingress-controller/configuration/host-and-listener-collisions/)."""

    def answer(workload: Workload, namespace: str, second: Second | None) -> list[Obj]:
        backend = {"service": {"name": workload.name, "port": {"number": workload.port}}}
        path = {"path": workload.path, "pathType": "Prefix", "backend": backend}
        annotations = {_JOINS: "minion"}
        if workload.protocol == "grpc":
            annotations |= {key: value.replace("{service}", workload.name) for key, value in _GRPC.items()}
        mine = _ingress(workload.name, namespace, annotations, {"host": workload.host, "http": {"paths": [path]}})
        return [mine, *_host(view, workload, namespace)]

    return answer


def _host(view: View, workload: Workload, namespace: str) -> list[Obj]:
    """What holds for a whole host, once for all workloads that share it."""
    if next((other for other in hosted(view) if other.host == workload.host), workload).name != workload.name:
        return []
    return whole_host(view)(str(workload.host), namespace)


def whole_host(view: View) -> Callable[[str, str], list[Obj]]:
    """A host with its certificate, which Ingresses with its paths join."""
    return lambda host, namespace: [_master(view, host, namespace)]


def _master(view: View, host: str, namespace: str) -> Obj:
    issuer = view.issuer()
    annotations = {_JOINS: "master", **(issuer.gateway_annotations if issuer is not None else {})}
    secret = certificate(host)
    if issuer is not None and issuer.kind not in (None, "Secret"):
        # Until there is one it refuses TLS, where an authority that came by plain HTTP is led.
        annotations["cert-manager.io/issue-temporary-certificate"] = "true"
    made = _ingress(short(secret.removesuffix("-tls"), 63), namespace, annotations, {"host": host})
    if issuer is not None and issuer.kind is not None:
        made["spec"]["tls"] = [{"hosts": [host], "secretName": secret}]
    return made


def _ingress(name: str, namespace: str, annotations: dict[str, str], rule: Obj) -> Obj:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": {"ingressClassName": _CLASS, "rules": [rule]},
    }
