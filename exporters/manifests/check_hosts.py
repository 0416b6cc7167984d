"""Hosts that Istio's routes and traffic policies name: they lead to a Service, a ServiceEntry, or to nothing.

The server takes any text, and calls then end in nothing. Short names mean Services of the object's own namespace
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination). As with other references, a
Service of a namespace that is not the workloads' may come from a chart, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from exporters.manifests.check import UNSHAPED, Finding, Placed, looked_at
from exporters.manifests.check_references import services

Body = Mapping[str, Any]
_GROUP = "networking.istio.io/"
_DOMAIN = "svc.cluster.local"
_MESH = "mesh"
"""What routes belong to that name no gateway: calls within the mesh."""


class _Hosts:
    """What can be called by name."""

    def __init__(self, objects: Sequence[Placed]) -> None:
        self.services = services(objects)
        self.outside: set[str] = set()
        self.subsets: dict[str, set[str]] = {}
        self.routes: dict[tuple[str, str], set[str]] = {}
        """Names of the routes of each VirtualService."""
        self.workloads: set[str] = set()
        for entry in objects:
            with suppress(*UNSHAPED):
                self._add(entry.body)

    def _add(self, body: Body) -> None:
        metadata, spec = body["metadata"], body.get("spec") or {}
        namespace = metadata.get("namespace", "")
        if body["kind"] == "Namespace" and (metadata.get("labels") or {}).get("k8s-wizard.dev/kind") == "workloads":
            self.workloads.add(metadata["name"])
        elif not body["apiVersion"].startswith(_GROUP):
            return
        elif body["kind"] == "ServiceEntry":
            self.outside.update(spec.get("hosts") or ())
        elif body["kind"] == "DestinationRule":
            named = {entry["name"] for entry in spec.get("subsets") or ()}
            self.subsets.setdefault(_whole(spec["host"], namespace), set()).update(named)
        elif body["kind"] == "VirtualService":
            rules = [rule for way in ("http", "tls", "tcp") for rule in spec.get(way) or ()]
            self.routes[namespace, metadata["name"]] = {rule["name"] for rule in rules if "name" in rule}

    def lacks(self, host: str, namespace: str) -> bool:
        """True where the host leads to nothing."""
        name = _whole(host, namespace)
        if host.startswith("*"):
            known = (*self.outside, *(f"{service}.{space}.{_DOMAIN}" for space, service in self.services))
            return not any(fnmatchcase(entry, name) for entry in known)
        if any(name == entry or (entry.startswith("*.") and name.endswith(entry[1:])) for entry in self.outside):
            return False
        service, _, rest = name.partition(".")
        space = rest.removesuffix(f".{_DOMAIN}")
        if not rest.endswith(f".{_DOMAIN}"):
            return True
        return space in self.workloads and (space, service) not in self.services

    def ports(self, host: str, namespace: str) -> set[int] | None:
        """Ports of the Service that the host means; None where it is not at hand."""
        service, _, rest = _whole(host, namespace).partition(".")
        body = self.services.get((rest.removesuffix(f".{_DOMAIN}"), service))
        return None if body is None else {port["port"] for port in body["spec"].get("ports") or ()}


def _whole(host: str, namespace: str) -> str:
    """The whole name of a host; a name of one word is a Service of the namespace."""
    return host if "." in host or host == "*" else f"{host}.{namespace}.{_DOMAIN}"


def check(objects: Sequence[Placed], before: Sequence[Placed] = ()) -> list[Finding]:
    """Hosts, ports, subsets and routes that lead nowhere. `before` are objects that are there already."""
    hosts = _Hosts([*objects, *before])
    return [finding for entry in objects for finding in looked_at(entry, "reference", partial(_of, entry.body, hosts))]


def _of(body: Body, hosts: _Hosts) -> Iterator[str]:
    kind, spec, namespace = body["kind"], body.get("spec") or {}, body["metadata"].get("namespace", "")
    if kind == "Rollout":
        canary = (spec.get("strategy") or {}).get("canary") or {}
        yield from _steered((canary.get("trafficRouting") or {}).get("istio") or {}, namespace, hosts)
    if not body["apiVersion"].startswith(_GROUP):
        return
    if kind == "DestinationRule" and hosts.lacks(spec["host"], namespace):
        yield f"its host {spec['host']} is no Service and no ServiceEntry"
    elif kind == "VirtualService":
        if _MESH in (spec.get("gateways") or [_MESH]):
            for host in spec.get("hosts") or ():
                if hosts.lacks(host, namespace):
                    yield f"its host {host} is no Service and no ServiceEntry"
        for destination in _destinations(spec):
            yield from _leads(destination, namespace, hosts)


def _destinations(spec: Body) -> Iterator[Body]:
    for way in ("http", "tls", "tcp"):
        for rule in spec.get(way) or ():
            yield from (entry["destination"] for entry in rule.get("route") or ())
            yield from (entry["destination"] for entry in rule.get("mirrors") or ())
            if rule.get("mirror"):
                yield rule["mirror"]


def _leads(destination: Body, namespace: str, hosts: _Hosts) -> Iterator[str]:
    host = destination["host"]
    if hosts.lacks(host, namespace):
        yield f"it leads to {host}, which is no Service and no ServiceEntry"
        return
    port, ports = (destination.get("port") or {}).get("number"), hosts.ports(host, namespace)
    if port is not None and ports is not None and port not in ports:
        yield f"it leads to {host}, which has no port {port}"
    subset = destination.get("subset")
    if subset is not None and subset not in hosts.subsets.get(_whole(host, namespace), ()):
        yield f"it leads to the subset {subset} of {host}, which no DestinationRule makes"


def _steered(router: Body, namespace: str, hosts: _Hosts) -> Iterator[str]:
    """Routes whose weights a Rollout moves."""
    one = [router["virtualService"]] if "virtualService" in router else []
    for wanted in (*one, *(router.get("virtualServices") or ())):
        routes = hosts.routes.get((namespace, wanted["name"]))
        if routes is None:
            yield f"it moves VirtualService {wanted['name']}, which is nowhere"
            continue
        for route in wanted.get("routes") or ():
            if route not in routes:
                yield f"it moves the route {route} of VirtualService {wanted['name']}, which has none of that name"
