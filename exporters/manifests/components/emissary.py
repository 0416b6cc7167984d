"""Emissary-ingress: copies, the Service before them, the ports it listens on, and routes in its own kinds.

Of an Ingress it would make a Host that does not redirect and a Mapping that cuts the path off, and no second version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.settings import magnitude
from catalog.workloads import Workload
from exporters.manifests import names
from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import certificate, hosted
from exporters.manifests.sharing import Second
from exporters.manifests.shortened import short
from exporters.manifests.view import View

_API = "getambassador.io/v3alpha1"

_CLASS = "ambassador"
_PODS = {"app.kubernetes.io/name": "emissary-ingress"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart; the one of its kinds needs none."""
    assert view.chart is not None
    if view.chart.release == "emissary-crds":
        return {}
    copies = view.replicas()
    annotations = entrances.service_annotations(view)
    if view.capability("dns-automation"):
        # Names are not read from its Hosts, so the Service says which lead to it.
        served = [*(str(workload.host) for workload in hosted(view)), *(host for host, _ in names.own(view))]
        leading = dict.fromkeys(host for host in served if names.claimed(view, host))
        if leading:
            annotations["external-dns.alpha.kubernetes.io/hostname"] = ",".join(leading)
    return {
        "replicaCount": copies,
        # The class stands among our own objects, and one of them is enough.
        "ingressClassResource": {"enabled": False},
        "podDisruptionBudget": {"maxUnavailable": 1} if copies > 1 else {},
        "service": {
            "type": entrances.service_type(view),
            "externalTrafficPolicy": entrances.TRAFFIC_POLICY,
            "annotations": annotations,
        },
    }


def objects(view: View) -> list[Obj]:
    """Nothing listens until a Listener says so (https://emissary-ingress.dev/docs/3.10/topics/running/listener/)."""
    found: list[Obj] = [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": _CLASS},
            "spec": {"controller": "getambassador.io/ingress-controller"},
        }
    ]
    for name, port, protocol in (("http", 8080, "HTTP"), ("https", 8443, "HTTPS")):
        spec = {
            "port": port,
            "protocol": protocol,
            "securityModel": "XFP",
            "hostBinding": {"namespace": {"from": "ALL"}},
        }
        metadata = {"name": name, "namespace": view.namespace}
        found.append({"apiVersion": _API, "kind": "Listener", "metadata": metadata, "spec": spec})
    return found


def entry(view: View) -> Entry:
    """Its pods are gateway and controller in one."""
    return Entry(ingress_class=_CLASS, namespace=view.namespace, pods=_PODS, grpc={}, splits="mapping")


def own_route(view: View) -> Callable[[Workload, str, Second | None], list[Obj]]:
    """The Mapping of a workload, its Host and certificate, and Mappings of its second version
    (https://emissary-ingress.dev/docs/3.10/topics/using/canary/)."""

    def answer(workload: Workload, namespace: str, second: Second | None) -> list[Obj]:
        found = [_mapping(view, workload, namespace, workload.name, workload.name)]
        if second is not None and not second.moved:
            found.append(_mapping(view, workload, namespace, second.service, second.service, weight=second.weight))
        if second is not None and second.header is not None:
            # Without a version on trial its Service leads to the pods of the first.
            name = short(f"{workload.name}-by-header", 63)
            headers = {second.header[0]: second.header[1]}
            found.append(_mapping(view, workload, namespace, name, second.service, headers=headers))
        return [*found, *_host(view, workload, namespace)]

    return answer


def _mapping(view: View, workload: Workload, namespace: str, name: str, service: str, **more: Any) -> Obj:
    spec: Obj = {
        "hostname": str(workload.host),
        "prefix": workload.path,
        "rewrite": "",  # the path stays as it came
        "service": f"{service}.{namespace}:{workload.port}",
        "timeout_ms": int(magnitude(view.setting("ingress.request-timeout", "30s"), "duration") * 1000),
        **more,
    }
    if workload.protocol == "grpc":
        spec["grpc"] = True
    return {"apiVersion": _API, "kind": "Mapping", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def _host(view: View, workload: Workload, namespace: str) -> list[Obj]:
    """The Host, once for all workloads that share it (https://emissary-ingress.dev/docs/3.10/topics/running/host-crd/)."""
    first = next((other for other in hosted(view) if other.host == workload.host), workload)
    if first.name != workload.name:
        return []
    host, issuer = str(workload.host), view.issuer()
    secret = certificate(host)
    metadata = {"name": short(secret.removesuffix("-tls"), 63), "namespace": namespace}
    redirect = bool(view.setting("edge.redirect-https", view.setting("ingress.redirect", True)))
    secure = issuer is not None and issuer.kind is not None
    action = "Redirect" if secure and redirect else "Route"
    spec: Obj = {"hostname": host, "requestPolicy": {"insecure": {"action": action}}}
    found: list[Obj] = [{"apiVersion": _API, "kind": "Host", "metadata": metadata, "spec": spec}]
    if issuer is None or issuer.kind is None:
        return found
    oldest = str(view.setting("tls.minimum", "1.2"))
    spec |= {"tlsSecret": {"name": secret}, "tls": {"min_tls_version": f"v{oldest}", "alpn_protocols": "h2,http/1.1"}}
    if issuer.kind != "Secret":
        wanted = {
            "secretName": secret,
            "dnsNames": [host],
            "issuerRef": {"kind": issuer.kind, "name": issuer.name, "group": issuer.group},
        }
        place = {"name": secret, "namespace": namespace}
        found.append({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": place, "spec": wanted})
    return found
