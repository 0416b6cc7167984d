"""GKE's Gateway controller: class and address by the scope chosen, TLS policy, health checks, timeouts and logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.settings import magnitude
from catalog.workloads import Workload
from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import behind
from exporters.manifests.shortened import label
from exporters.manifests.view import View

_API = "networking.gke.io/v1"
_FRONT_ENDS = ("35.191.0.0/16", "130.211.0.0/22")
"""Where Google's proxies and health checks come from
(https://docs.cloud.google.com/load-balancing/docs/firewall-rules)."""


def _name(view: View) -> str:
    return label(f"{view.design.name}-{view.cluster.name}")


def entry(view: View) -> Entry:
    """The class (https://docs.cloud.google.com/kubernetes-engine/docs/concepts/gateway-api), and a reserved address."""
    wide = "global" in view.gather("address_scope", "address-scope")
    if entrances.private(view):
        name = "gke-l7-rilb"
    else:
        name = "gke-l7-global-external-managed" if wide else "gke-l7-regional-external-managed"
    address = {"type": "NamedAddress", "value": _name(view)}
    policy: list[Obj] = []
    if wide:
        spec = {"default": {"sslPolicy": f"{_name(view)}-tls"}, "targetRef": entrances.gateway_reference()}
        metadata = {"name": "public", "namespace": view.namespace}
        policy.append({"apiVersion": _API, "kind": "GCPGatewayPolicy", "metadata": metadata, "spec": spec})
    return Entry(
        gateway_class=name,
        namespace=view.namespace,
        addresses=(address,),
        sources=_FRONT_ENDS,
        gateway=tuple(policy),
        # Of the routes only HTTPRoute is taken; gRPC goes to ports that say h2c
        # (https://github.com/kubernetes-sigs/gateway-api/tree/main/conformance/reports/v1.6/gke-gateway).
        grpc_routes=False,
    )


def route_policies(view: View) -> Callable[[Obj, Workload], list[Obj]]:
    """Health checks and timeouts of each Service behind the load balancer, and its firewall policy."""

    def answer(route: Obj, workload: Workload) -> list[Obj]:
        namespace = str(route["metadata"]["namespace"])
        grpc = workload.protocol == "grpc"
        check: dict[str, Any] = {"portSpecification": "USE_SERVING_PORT"}
        if not grpc:
            check["requestPath"] = workload.health.ready if workload.health is not None else "/"
        kind = ("GRPC", "grpcHealthCheck") if grpc else ("HTTP", "httpHealthCheck")
        health = {"checkIntervalSec": 10, "timeoutSec": 5, "config": {"type": kind[0], kind[1]: check}}
        timeout = int(magnitude(view.setting("ingress.request-timeout", "30s"), "duration"))
        backend: Obj = {
            "timeoutSec": timeout,
            "connectionDraining": {"drainingTimeoutSec": 30},
            "logging": {"enabled": True, "sampleRate": 100_000},
        }
        for name in view.gather("security_policy", "waf", "ddos-protection"):
            backend["securityPolicy"] = name
        metadata = {"name": workload.name, "namespace": namespace}
        found = _cached(view, route, metadata) if not grpc else []
        for service in behind(view, workload):
            aim = {"group": "", "kind": "Service", "name": service}
            for name, default in (("HealthCheckPolicy", health), ("GCPBackendPolicy", backend)):
                spec = {"default": default, "targetRef": aim}
                own = {**metadata, "name": service}
                found.append({"apiVersion": _API, "kind": name, "metadata": own, "spec": spec})
        return found

    return answer


def _policies(view: View) -> list[Obj]:
    """What the CDN may keep, where a global balancer has one and the cluster tells it."""
    if not view.capability("edge-from-cluster") or "global" not in view.gather("address_scope", "address-scope"):
        return []
    return view.gather("cdn_cache", "cdn")


def uncached(view: View) -> str | None:
    """What a route lacks that is made by another controller, so that the CDN keeps no answers."""
    return "the filter that caches" if _policies(view) else None


def _cached(view: View, route: Obj, metadata: Obj) -> list[Obj]:
    """The filter that lets the CDN keep answers, put into each rule of the route."""
    policies = _policies(view)
    if not policies or route["kind"] != "HTTPRoute" or not route["spec"]["rules"]:
        return []
    for rule in route["spec"]["rules"]:
        reference = {"group": "networking.gke.io", "kind": "GCPHTTPFilter", "name": metadata["name"]}
        rule.setdefault("filters", []).append({"type": "ExtensionRef", "extensionRef": reference})
    return [{"apiVersion": _API, "kind": "GCPHTTPFilter", "metadata": metadata, "spec": {"cachePolicy": policies[0]}}]
