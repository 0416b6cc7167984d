"""How a second version gets its share of requests, and who sets it: the design's numbers or a controller that tries it.

The ways are words that modules hand on: routes of the Gateway API, or what the entry or the mesh knows instead of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalog.workloads import Workload
from exporters.manifests import workloads
from exporters.manifests.pods import owned
from exporters.manifests.view import View

Way = Literal["routes", "nginx", "alb", "mapping", "virtual-service", "splitter", ""]
"""`routes`: backends of an HTTPRoute or GRPCRoute. `nginx`: a second Ingress with canary annotations. `alb`: an action in
the annotations of an Ingress. `mapping`: two Mappings of Emissary. `virtual-service`: destinations of Istio's
VirtualService. `splitter`: Consul's ServiceSplitter. Empty: nothing in front of the workload can be told shares."""


@dataclass(frozen=True)
class Second:
    """A second version, as those who split requests have to know it."""

    service: str
    weight: int
    """Percent of the requests, where the design says it; 0 where a controller moves it."""
    header: tuple[str, str] | None
    """Name and value that callers choose the second version by."""
    moved: bool
    """True where a controller of progressive delivery sets weights and headers."""


def header_of(workload: Workload) -> tuple[str, str] | None:
    """Name and value of the header by which callers choose the second version."""
    if workload.canary is None or not workload.canary.header:
        return None
    name, _, value = workload.canary.header.partition(":")
    return name.strip(), value.strip()


def way(view: View, workload: Workload) -> Way:
    """What splits requests to a workload: its entry where it has a host, else the mesh."""
    if workload.port is None:
        return ""
    if workload.host is not None:
        entry = view.entry()
        if entry is None:
            return ""
        return "routes" if entry.gateway_class else entry.splits
    for word in view.gather("splits", "mesh"):
        found: Way = word
        return found
    return ""


def own(view: View, workload: Workload, namespace: str) -> bool:
    """True when the second version is ours to route to: no progressive delivery does it."""
    return workload.canary is not None and not any(
        ask(workload, namespace) for ask in view.gather("canary", "progressive-delivery")
    )


def second(view: View, workload: Workload, namespace: str) -> Second | None:
    """The second version that requests are split to; None where there is none, or somebody else makes all of it."""
    if workload.canary is None:
        return None
    name = workloads.canary_name(workload)
    if own(view, workload, namespace):
        return Second(name, workload.canary.weight, header_of(workload), moved=False)
    if "weights" in owned(view, workload):
        return Second(name, 0, header_of(workload), moved=True)
    return None


def untold(view: View, workload: Workload) -> str | None:
    """A sentence where a second version gets no share of the requests, or gets it in another way than was asked."""
    if workload.canary is None:
        return None
    namespace, split = view.workload_namespace(workload), way(view, workload)
    if own(view, workload, namespace):
        if split:
            return None
        why = "an Ingress cannot split by weight or header" if workload.host else "nothing splits calls between workloads"
        return f"The second version of {workload.name} runs but gets no traffic: {why}."
    made = owned(view, workload)
    header = f", and nobody chooses it by the header {workload.canary.header}" if workload.canary.header else ""
    if {"weights", "route"} & set(made):
        return None
    if "services" in made:
        return (
            f"A new version of {workload.name} is tried before anybody calls it and then takes all requests at once: nothing "
            f"in front of it can be told shares{header}."
        )
    return f"A new version of {workload.name} gets its share by the number of its pods{header}."
