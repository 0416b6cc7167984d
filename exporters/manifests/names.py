"""Which cluster's automation writes the name of a host, where several clusters serve it.

Two controllers that write one name take it from each other, and one of a test environment would lead users there. So a
name belongs to production, and to a controller only where one cluster alone serves it; else what spreads traffic between
clusters leads there, which is no object of any of them. With a CDN in front names lead to that, and never past it.
"""

from __future__ import annotations

from catalog.phrases import listed
from catalog.workloads import PRODUCTION, Cluster, claimants
from exporters.manifests.modules import hook
from exporters.manifests.references import Obj
from exporters.manifests.view import View

OWN = ("registry", "sign-on")
"""Parts of the platform that may have a host of their own."""


def own(view: View) -> list[tuple[str, str]]:
    """Hosts of such parts in this cluster, with the namespace of each."""
    found: list[tuple[str, str]] = []
    for component in (entry for word in OWN for entry in view.providers(word) if entry.install is not None):
        ask = hook(component.id, "own_host")
        host = ask(view.of(component)) if ask is not None else None
        if host:
            found.append((host, view.of(component).namespace))
    return found


def _claimants(view: View, host: str) -> tuple[Cluster, ...]:
    """Clusters that users of a host may be led to; a part of the platform with a host of its own is in every cluster."""
    clusters = view.design.clusters or (view.cluster,)
    if host in view.gather("own_host", *OWN):
        return tuple([cluster for cluster in clusters if cluster.environment == PRODUCTION] or clusters)
    return claimants(host, clusters, view.design.workloads)


def _in_front(view: View, host: str) -> str | None:
    """The CDN that names are led to; None without one, and where it is part of the load balancer or alone serves the zone."""
    serving = {component.id for component in view.providers("dns-api")}
    for name in view.chosen("cdn") if host not in view.gather("own_host", *OWN) else ():
        if hook(name, "cdn_cache") is None and serving != {name}:
            return view.design.catalog.components[name].title
    return None


def claimed(view: View, host: str) -> bool:
    """Whether the name is written from this cluster."""
    return _in_front(view, host) is None and [cluster.name for cluster in _claimants(view, host)] == [view.cluster.name]


def marks(view: View, host: str) -> dict[str, str]:
    """Annotations of a route or an Ingress of a host that tell the automation of names, where there is one, to leave it."""
    if claimed(view, host):
        return {}
    return {key: value for found in view.gather("keeps_off", "dns-automation") for key, value in found.items()}


def annotate(view: View, made: list[Obj], host: str) -> None:
    """The same for routes and Ingresses that are made already."""
    told = marks(view, host)
    for obj in made if told else ():
        if obj["kind"] in ("HTTPRoute", "GRPCRoute", "Ingress"):
            obj["metadata"]["annotations"] = {**obj["metadata"].get("annotations", {}), **told}


def residue(view: View, hosts: list[str]) -> list[str]:
    """What no controller of names does here, in plain sentences."""
    if not view.gather("keeps_off", "dns-automation"):
        return []
    found = []
    for host in dict.fromkeys([*hosts, *view.gather("own_host", *OWN)]):
        if claimed(view, host):
            continue
        names = [cluster.name for cluster in _claimants(view, host)]
        front = _in_front(view, host)
        if front is not None:
            found.append(f"{host} leads to {front} by a record that no controller writes, or users would pass it by.")
        elif view.cluster.name in names:
            found.append(
                f"{host} is served by {listed(names)}, so the controller of names writes it in none of them: the routing of "
                "the DNS service, or a load balancer in front of them, decides where it leads."
            )
        else:
            found.append(f"{host} belongs to {listed(names)}: no name leads to it in {view.cluster.name}.")
    return found
