"""GKE's Ingress controller: an address and a load balancer for each Ingress, and what belongs to it as objects beside it.

FrontendConfig for redirect and TLS policy, BackendConfig for health check, timeout, cache and firewall policy,
ManagedCertificate where Google holds the certificates.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from catalog.settings import magnitude
from catalog.workloads import Workload
from exporters.manifests import names
from exporters.manifests.pods import port_name
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import hosted
from exporters.manifests.shortened import label, short
from exporters.manifests.view import View

_FRONT_ENDS = ("35.191.0.0/16", "130.211.0.0/22")
_API = "networking.gke.io"
_ADDRESS = "kubernetes.io/ingress.global-static-ip-name"


def _name(view: View) -> str:
    return label(f"{view.design.name}-{view.cluster.name}")


def entry(view: View) -> Entry:
    """Ingress objects that this controller takes are told by annotation: it knows no class by `ingressClassName` and leaves alone
    whatever names one, so the API server's warning of the annotation stays
    (https://github.com/kubernetes/ingress-gce/blob/master/pkg/utils/utils.go, IsGCEIngress, read on 2026-08-21)."""
    annotations = {"kubernetes.io/ingress.class": "gce", f"{_API}/v1beta1.FrontendConfig": "public"}
    # Whoever lets gRPC through here has pods that take TLS: see `service_annotations`.
    return Entry(ingress_class="gce", annotations=annotations, sources=_FRONT_ENDS)


def objects(view: View) -> list[Obj]:
    """One FrontendConfig a namespace with an Ingress."""
    of_workloads = [view.workload_namespace(workload) for workload in hosted(view)]
    namespaces = dict.fromkeys([*of_workloads, *(space for _, space in names.own(view))])
    redirect = bool(view.setting("edge.redirect-https", default=True))
    spec = {"sslPolicy": f"{_name(view)[:58]}-tls", "redirectToHttps": {"enabled": redirect}}
    return [
        {
            "apiVersion": f"{_API}/v1beta1",
            "kind": "FrontendConfig",
            "metadata": {"name": "public", "namespace": namespace},
            "spec": spec,
        }
        for namespace in namespaces
    ]


def service_annotations(view: View) -> Callable[[Workload], dict[str, str]]:
    """A Service behind this controller: straight to its pods, and configured by its BackendConfig
    (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration)."""

    def answer(workload: Workload) -> dict[str, str]:
        if not workload.host:
            return {}
        found = {
            "cloud.google.com/neg": json.dumps({"ingress": True}),
            "cloud.google.com/backend-config": json.dumps({"default": workload.name}),
        }
        if workload.protocol == "grpc":
            # HTTP/2 to pods is over TLS (https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-http2).
            found["cloud.google.com/app-protocols"] = json.dumps({port_name(workload): "HTTP2"})
        return found

    return answer


def route_policies(view: View) -> Callable[[Obj, Workload], list[Obj]]:
    """What belongs to one Ingress: its address, its BackendConfig and its certificate."""

    def answer(route: Obj, workload: Workload) -> list[Obj]:
        metadata = route["metadata"]
        # Each Ingress has a load balancer of its own, and an address serves one of them.
        address = short(f"{_name(view)}-{workload.name}", 63)
        metadata["annotations"] = {**metadata.get("annotations", {}), _ADDRESS: address}
        place = {"name": workload.name, "namespace": metadata["namespace"]}
        found: list[Obj] = [
            {"apiVersion": "cloud.google.com/v1", "kind": "BackendConfig", "metadata": place, "spec": _backend(view, workload)}
        ]
        issuer = view.issuer()
        if issuer is not None and issuer.kind is None and not str(workload.host).startswith("*"):
            metadata["annotations"][f"{_API}/managed-certificates"] = workload.name
            spec = {"domains": [str(workload.host)]}
            found.append({"apiVersion": f"{_API}/v1", "kind": "ManagedCertificate", "metadata": place, "spec": spec})
        return found

    return answer


def _backend(view: View, workload: Workload) -> Obj:
    kind = "HTTP2" if workload.protocol == "grpc" else "HTTP"
    check: Obj = {"type": kind, "checkIntervalSec": 10, "timeoutSec": 5}
    check["requestPath"] = workload.health.ready if workload.health is not None else "/"
    if workload.port is not None:
        check["port"] = workload.port
    found: Obj = {
        "timeoutSec": int(magnitude(view.setting("ingress.request-timeout", "30s"), "duration")),
        "connectionDraining": {"drainingTimeoutSec": 30},
        "logging": {"enable": True, "sampleRate": 0.1},
        "healthCheck": check,
    }
    for name in view.gather("security_policy", "waf", "ddos-protection"):
        found["securityPolicy"] = {"name": name}
    # What has a host of its own in the platform answers each caller differently.
    cached = view.capability("edge-from-cluster") and workload.host not in view.gather("own_host", *names.OWN)
    for policy in view.gather("cdn_cache", "cdn") if cached else ():
        found["cdn"] = _cache(policy)
    return found


def _cache(policy: dict[str, Any]) -> Obj:
    """The cache policy in the words of this kind, which counts in seconds."""
    found: Obj = {
        "enabled": True,
        "cacheMode": policy["cacheMode"],
        "cachePolicy": {"includeHost": True, "includeProtocol": True, "includeQueryString": True},
    }
    if "defaultTTL" in policy:
        found["defaultTtl"] = int(magnitude(policy["defaultTTL"], "duration"))
    return found
