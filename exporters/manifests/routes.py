"""How requests from outside reach workloads: one shared Gateway and a route per host, or an Ingress per host."""

from __future__ import annotations

from catalog.workloads import Workload
from exporters.manifests import names, sharing, through
from exporters.manifests.cluster import BUILT_IN, installed, platform_namespaces
from exporters.manifests.labels import ROUTES
from exporters.manifests.pods import owned
from exporters.manifests.references import Entry, Issuer, Obj
from exporters.manifests.sharing import Second
from exporters.manifests.shortened import label, short
from exporters.manifests.view import View

GATEWAY = "public"
_NAMESPACE = "gateway"
"""Where the shared Gateway stands when its controller has no namespace in this cluster."""
_API = "gateway.networking.k8s.io/v1"


def hosted(view: View) -> tuple[Workload, ...]:
    """Workloads with a host name in this cluster."""
    return tuple(workload for workload in view.workloads if workload.host)


def gateway_namespace(view: View) -> str:
    """The namespace of the shared Gateway."""
    entry = view.entry()
    if entry is not None and entry.namespace:
        return entry.namespace
    chosen = view.chosen("ingress")
    for component in installed(view):
        if component.id in chosen and component.install is not None:
            return component.install.namespace
    return _NAMESPACE


def shown(view: View) -> bool:
    """Whether any host is served from this cluster: of a workload, or of a part of the platform."""
    return bool(hosted(view) or names.own(view))


def own_namespace(view: View) -> str | None:
    """The Gateway's namespace where no component brings it along and it has to be made."""
    entry = view.entry()
    if entry is None or not entry.gateway_class or not shown(view):
        return None
    name = gateway_namespace(view)
    return None if name in platform_namespaces(view) or name in BUILT_IN else name


def entrance(view: View) -> list[Obj]:
    """The shared Gateway with a listener per host, and the redirect from HTTP to HTTPS. A host of the platform is served to
    the namespace of that part alone."""
    entry = view.entry()
    if entry is None or not entry.gateway_class or not shown(view):
        return []
    namespace = gateway_namespace(view)
    issuer = view.issuer() if entry.tls else None
    annotations = {**entry.annotations, **(issuer.gateway_annotations if issuer else {})}
    allowed = {"namespaces": {"from": "Selector", "selector": {"matchLabels": {ROUTES: "true"}}}}
    plain: Obj = {"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "Same"}}}
    listeners: list[Obj] = [plain]
    secure = entry.tls and (issuer is not None or bool(entry.certificate_options))
    if secure:
        for host in dict.fromkeys(str(workload.host) for workload in hosted(view)):
            listeners.append(
                {
                    "name": listener(host),
                    "hostname": host,
                    "port": 443,
                    "protocol": "HTTPS",
                    **listener_tls(entry, host, issuer),
                    "allowedRoutes": allowed,
                }
            )
    else:
        plain["allowedRoutes"] = allowed
    for host, space in names.own(view):
        door: Obj = {"port": 80, "protocol": "HTTP"}
        if secure:
            door = {"port": 443, "protocol": "HTTPS", **listener_tls(entry, host, issuer)}
        only = {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"kubernetes.io/metadata.name": space}}}}
        listeners.append({"name": listener(host), "hostname": host, **door, "allowedRoutes": only})
    spec: Obj = {"gatewayClassName": entry.gateway_class, "listeners": listeners}
    if entry.addresses:
        spec["addresses"] = [dict(address) for address in entry.addresses]
    metadata: Obj = {"name": GATEWAY, "namespace": namespace}
    if annotations:
        metadata["annotations"] = annotations
    found: list[Obj] = [{"apiVersion": _API, "kind": "Gateway", "metadata": metadata, "spec": spec}]
    if secure and view.setting("edge.redirect-https", view.setting("ingress.redirect", True)):
        found.append(
            {
                "apiVersion": _API,
                "kind": "HTTPRoute",
                "metadata": {"name": "redirect-to-https", "namespace": namespace},
                "spec": {
                    "parentRefs": [{"name": GATEWAY, "namespace": namespace, "sectionName": "http"}],
                    "rules": [
                        {"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}]}
                    ],
                },
            }
        )
    return [*found, *entry.gateway]


def listener_tls(entry: Entry, host: str, issuer: Issuer | None) -> Obj:
    """How a listener of a host proves itself."""
    if entry.certificate_options:
        return {"tls": {"mode": "Terminate", "options": dict(entry.certificate_options)}}
    if issuer is not None and issuer.kind is None:
        return {}  # the certificate is the cloud's, found by an annotation of the Gateway or by the name of the host
    return {"tls": {"mode": "Terminate", "certificateRefs": [{"kind": "Secret", "name": certificate(host)}]}}


def listener(host: str) -> str:
    """Name of a host's listener."""
    return short(label(host.replace("*", "any")), 63)


def certificate(host: str) -> str:
    """Secret of a host's certificate."""
    return short(f"{host.replace('*', 'any')}-tls", 63)


def routes(view: View, workload: Workload) -> list[Obj]:
    """The route of one workload, with canary weights and headers, and what its controller attaches to it."""
    entry = view.entry()
    namespace = view.workload_namespace(workload)
    if "route" in owned(view, workload):
        return _at_services(view, workload, namespace)
    second = sharing.second(view, workload, namespace)
    if workload.host is None:
        return _between(view, workload, namespace, second)
    if entry is None:
        return []
    own = view.gather("own_route", "ingress")
    if own:
        made: list[Obj] = [obj for ask in own for obj in ask(workload, namespace, second)]
    elif entry.gateway_class:
        made = [_attached(view, workload, namespace, _parent(view, workload, entry), second)]
    elif entry.ingress_class:
        made = [ingress(view, workload, entry, namespace)]
        if second is not None:
            made.extend(obj for ask in view.gather("second", "ingress") for obj in ask(made[0], workload, second))
    else:
        return []
    for ask in view.gather("route_policies", "ingress", "edge-configuration", "load-balancer"):
        made.extend(ask(made[0], workload))
    names.annotate(view, made, workload.host)
    return made


def _at_services(view: View, workload: Workload, namespace: str) -> list[Obj]:
    """What the entry attaches to the Services behind a route that a controller of progressive delivery makes."""
    if workload.host is None or view.entry() is None:
        return []
    made: Obj = {"kind": kind(view, workload), "metadata": {"name": workload.name, "namespace": namespace}, "spec": {"rules": []}}
    return [obj for ask in view.gather("route_policies", "ingress", "edge-configuration", "load-balancer")
            for obj in ask(made, workload)]


def _backend(view: View, name: str, workload: Workload, weight: int | None) -> Obj:
    found: Obj = {"name": name, "port": workload.port}
    return found if weight is None else {**found, "weight": weight}


def kind(view: View, workload: Workload) -> str:
    """The kind of a workload's route of the Gateway API. Some gateways carry gRPC as requests of HTTP/2 only."""
    entry = view.entry()
    plain = workload.host is not None and entry is not None and not entry.grpc_routes
    return "GRPCRoute" if workload.protocol == "grpc" and not plain else "HTTPRoute"


def parents(view: View, workload: Workload) -> list[Obj]:
    """What a route of a workload is attached to: the shared Gateway, or its own Service in a mesh."""
    if sharing.way(view, workload) != "routes":
        return []
    entry = view.entry()
    if workload.host:
        return [_parent(view, workload, entry)] if entry is not None else []
    return [{"group": "", "kind": "Service", "name": workload.name, "port": workload.port}]


def _parent(view: View, workload: Workload, entry: Entry) -> Obj:
    parent: Obj = {"name": GATEWAY, "namespace": gateway_namespace(view)}
    if entry.tls and (view.issuer() is not None or entry.certificate_options):
        parent["sectionName"] = listener(str(workload.host))
    return parent


def _attached(view: View, workload: Workload, namespace: str, parent: Obj, second: Second | None) -> Obj:
    """A route with this parent: by header to the second version, else by weight."""
    named = kind(view, workload)
    grpc = named == "GRPCRoute"
    path = {} if grpc else {"path": {"type": "PathPrefix", "value": workload.path}}
    rules: list[Obj] = []
    backends = [_backend(view, workload.name, workload, None)]
    if second is not None:
        if second.header is not None and not second.moved:
            match: Obj = {"headers": [{"type": "Exact", "name": second.header[0], "value": second.header[1]}]}
            rules.append({"matches": [{**path, **match}], "backendRefs": [_backend(view, second.service, workload, None)]})
        # Where a controller moves the weights, they begin here.
        backends = [
            _backend(view, workload.name, workload, 100 - second.weight),
            _backend(view, second.service, workload, second.weight),
        ]
    rules.append({**({"matches": [path]} if path else {}), "backendRefs": backends})
    entry = view.entry()
    if workload.host and workload.protocol != "grpc" and entry is not None and entry.timeouts:
        for rule in rules:
            rule["timeouts"] = {"request": str(view.setting("ingress.request-timeout", "30s"))}
    hosts = {"hostnames": [str(workload.host)]} if workload.host else {}
    return {
        "apiVersion": _API,
        "kind": named,
        "metadata": {"name": workload.name, "namespace": namespace},
        "spec": {"parentRefs": [parent], **hosts, "rules": rules},
    }


def _between(view: View, workload: Workload, namespace: str, second: Second | None) -> list[Obj]:
    """What splits calls between workloads in the mesh, for a second version that has no host."""
    if second is None:
        return []
    if sharing.way(view, workload) == "routes":
        return [_attached(view, workload, namespace, parents(view, workload)[0], second)]
    return [obj for ask in view.gather("between", "mesh") for obj in ask(workload, namespace, second)]


def behind(view: View, workload: Workload) -> tuple[str, ...]:
    """The Services that a workload's requests are sent to: its own, and that of a second version; those of both versions
    where a controller makes them and the route."""
    if {"services", "route"} <= set(owned(view, workload)):
        return (workload.name, *workload.also_named)
    second = sharing.second(view, workload, view.workload_namespace(workload))
    return (workload.name, second.service) if second is not None else (workload.name,)


def ingress(view: View, workload: Workload, entry: Entry, namespace: str) -> Obj:
    """The Ingress of a host."""
    issuer: Issuer | None = view.issuer() if entry.tls else None
    annotations = {**entry.annotations, **(issuer.gateway_annotations if issuer else {})}
    if workload.protocol == "grpc" and entry.grpc:
        annotations |= {key: value.replace("{service}", workload.name) for key, value in entry.grpc.items()}
    metadata: Obj = {"name": workload.name, "namespace": namespace}
    if annotations:
        metadata["annotations"] = annotations
    backend = {"service": {"name": workload.name, "port": {"number": workload.port}}}
    # Some controllers of clouds act on the older annotation alone, which must not stand beside the field.
    named = {} if "kubernetes.io/ingress.class" in annotations else {"ingressClassName": entry.ingress_class}
    spec: Obj = {
        **named,
        "rules": [
            {
                "host": workload.host,
                "http": {"paths": [{"path": workload.path, "pathType": "Prefix", "backend": backend}]},
            }
        ],
    }
    if issuer is not None and issuer.kind is not None:
        spec["tls"] = [{"hosts": [workload.host], "secretName": certificate(str(workload.host))}]
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec}


def unspoken(workload: Workload, entry: Entry) -> list[str]:
    """What a host promises that the entry does not carry: routes and Ingresses speak HTTP."""
    if workload.protocol == "grpc" and not entry.gateway_class and entry.grpc is None:
        return [
            f"{workload.name} speaks gRPC, which this Ingress carries only to pods that take TLS; a Gateway carries it as it is."
        ]
    if workload.protocol == "thrift":
        return [f"{workload.host} carries HTTP: callers from outside reach {workload.name} by Thrift over HTTP only."]
    if workload.protocol == "tcp":
        return [f"{workload.host} carries HTTP, and {workload.name} speaks TCP: callers from outside need another entry."]
    return []


def _in_git(view: View, workload: Workload) -> bool:
    """True where a controller moves shares that are written in objects of Git."""
    return "weights" in owned(view, workload) and sharing.way(view, workload) in ("routes", "virtual-service")


def residue(view: View) -> list[str]:
    """What routes cannot say with the chosen entry, in plain sentences."""
    entry = view.entry()
    found = names.residue(view, [str(workload.host) for workload in hosted(view)] if entry is not None else [])
    for workload in hosted(view):
        if entry is None:
            found.append(f"{workload.name} has the host {workload.host}, and nothing in {view.cluster.name} routes to it.")
        else:
            found.extend(unspoken(workload, entry))
    for workload in view.workloads:
        if workload.host and "route" in owned(view, workload):
            found.extend(f"The CDN keeps no answers of {workload.name}: its route is made by what tries versions, without {what}."
                         for what in view.gather("uncached", "ingress"))
        told = sharing.untold(view, workload)
        if told is not None:
            found.append(told)
        elif _in_git(view, workload) and not through.leaves_alone(view):
            found.append(
                f"A delivery to {view.cluster.name} while a version of {workload.name} is tried sets its shares back until "
                "the controller looks again: this delivery tool cannot leave them alone."
            )
    return found
