"""A part of the platform that people or machines reach by a host of its own: the registry, the sign-on.

The shared Gateway has a listener for it, which takes routes of its namespace alone; or it has an Ingress like any other. What
the entry's controller attaches to Services is attached to its Services too.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.workloads import Probe, Workload
from exporters.manifests import names
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import GATEWAY, gateway_namespace, ingress, listener
from exporters.manifests.routes import certificate as name_of
from exporters.manifests.view import View

_API = "gateway.networking.k8s.io/v1"


def place(view: View, service: str, host: str, port: int, ready: str | None, path: str = "/") -> Workload:
    """A Service of the asking component in the words in which entries know workloads; `port` is that of its pods, `ready`
    the path by which they say that they are ready."""
    health = Probe(ready=ready, live=ready) if ready is not None else None
    image = f"registry.invalid/{service}:0"  # nobody runs it: these words are about the way in alone
    return Workload(name=service, image=image, namespace=view.namespace, port=port, host=host, path=path, health=health)


def parent(view: View, host: str) -> Obj:
    """What its routes are attached to."""
    return {"name": GATEWAY, "namespace": gateway_namespace(view), "sectionName": listener(host)}


def certificate(view: View, host: str) -> list[Obj]:
    """The certificate of its Ingress, where the secrets tool brings it in and nobody in the cluster signs; that of a listener
    is with the Gateway."""
    issuer, entry = view.issuer(), view.entry()
    if issuer is None or issuer.kind != "Secret" or entry is None or not entry.ingress_class:
        return []
    return list(view.secret(name_of(host), ["tls.crt", "tls.key"], type_="kubernetes.io/tls").objects)


def named_certificate(view: View, entry: Entry, host: str) -> str | None:
    """The Secret that an Ingress of it names; None where the controller takes none, or has nobody who makes it."""
    issuer = view.issuer() if entry.tls else None
    return name_of(host) if issuer is not None and issuer.kind is not None else None


def attached(view: View, places: Iterable[Workload]) -> tuple[list[Obj], Obj]:
    """What the entry's controller is told of the Services behind a route, as objects and as annotations of the route. No
    cache of a CDN is among it, which belongs to routes of workloads."""
    told: Obj = {"kind": "", "metadata": {"namespace": view.namespace, "annotations": {}}}
    asked = view.gather("route_policies", "ingress")
    found = [obj for service in places for ask in asked for obj in ask(told, service)]
    return found, told["metadata"]["annotations"]


def service_annotations(view: View, service: Workload) -> Obj:
    """Annotations of the Service itself, for the same."""
    return {key: value for ask in view.gather("service_annotations", "ingress") for key, value in ask(service).items()}


def routed(view: View, service: Workload) -> list[Obj]:
    """The way to one Service: route, Ingress, or the entry's own kinds."""
    entry, host = view.entry(), str(service.host)
    if entry is None:
        return []
    own = view.gather("own_route", "ingress")
    if own:
        made: list[Obj] = [obj for ask in own for obj in ask(service, view.namespace, None)]
    elif entry.gateway_class:
        match = {"path": {"type": "PathPrefix", "value": service.path}}
        rule = {"matches": [match], "backendRefs": [{"name": service.name, "port": service.port}]}
        metadata: Obj = {"name": service.name, "namespace": view.namespace}
        spec = {"parentRefs": [parent(view, host)], "hostnames": [host], "rules": [rule]}
        made = [{"apiVersion": _API, "kind": "HTTPRoute", "metadata": metadata, "spec": spec}]
    elif entry.ingress_class:
        made = [ingress(view, service, entry, view.namespace)]
    else:
        return []
    more, told = attached(view, [service])
    if told:
        made[0]["metadata"]["annotations"] = {**made[0]["metadata"].get("annotations", {}), **told}
    made += more
    names.annotate(view, made, host)
    return [*made, *certificate(view, host)]
