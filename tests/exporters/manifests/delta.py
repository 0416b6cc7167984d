"""What differs between two designs, as a reader of `diff` would have it: what was chosen, said and counted, and the flows that
came or went with it.

A flow that comes or goes is explained itself by one of its ends that changed, or by what the catalog says opens it: a
condition, setting or capability that its definition names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from catalog.design import Design
from catalog.topology import Edge, Topology, derive, namespace_of
from exporters.manifests.cluster import platform_namespaces
from exporters.manifests.shortened import label
from exporters.manifests.view import views
from tests.exporters.manifests.shows import SHOWS

_COMMON = re.compile(r"[0-9.]+[a-zA-Z]*|True|False")
"""Values of settings that may stand anywhere and name nothing."""

class Moved(NamedTuple):
    """A flow that came or went, seen from one end."""

    namespace: str
    """Of this end."""
    other: frozenset[str]
    """Words that name the other end; empty where it has no pods of its own, so that its port alone tells it."""
    port: int | None


@dataclass
class Delta:
    """What differs between two designs, as a reader of `diff` would have it."""

    decisions: set[str] = field(default_factory=set)
    components: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    """Decisions that have a setting with another value."""
    context: set[str] = field(default_factory=set)
    workloads: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    """Namespaces of workloads that changed."""
    spaces: set[str] = field(default_factory=set)
    """Namespaces of the platform that only one of the designs has."""
    silent: set[tuple[str, str]] = field(default_factory=set)
    """Services that nobody calls and accounts of copies: only a mesh that knows callers by these has them."""
    capabilities: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    """API groups that components bring which came or went."""
    quiet: set[str] = field(default_factory=set)
    """Components and workloads that both designs have as they were."""
    flows: list[Moved] = field(default_factory=list)
    """Flows that came or went, seen from each of their ends."""
    odd: list[str] = field(default_factory=list)
    """Flows that came or went though nothing opens or ends them."""
    named: set[str] = field(default_factory=set)
    """Settings that have another value."""
    turned: set[str] = field(default_factory=set)
    """Settings' values before and after, as a field that says just these shows them."""
    tokens: set[str] = field(default_factory=set)
    """Words by which a field names what changed."""
    hosts: set[str] = field(default_factory=set)
    """Of addresses in settings that have another value."""
    names: set[str] = field(default_factory=set)
    """Those by which an object as a whole is of something that came or went."""
    shown: list[str] = field(default_factory=list)
    """Patterns of `SHOWS` for what changed."""


def delta(before: Design, after: Design) -> Delta:
    """The differences of two designs."""
    found = Delta()
    about: set[str] = set()
    known = before.catalog
    old = {(entry.decision, entry.kind): entry.chosen for entry in before.decisions}
    new = {(entry.decision, entry.kind): entry.chosen for entry in after.decisions}
    for key in old.keys() | new.keys():
        one, other = old.get(key, ()), new.get(key, ())
        if one != other:
            found.decisions.add(key[0])
            found.components |= set(one) ^ set(other)
            # Whose place in an order or role changed is said by neither coming nor going.
            found.components |= {id_ for id_ in {*one, *other} if one and other and one[0] != other[0]}
    found.components |= {
        id_ for id_ in before.releases.keys() | after.releases.keys() if before.releases.get(id_) != after.releases.get(id_)
    }
    found.components &= set(known.components)
    kinds = list(zip(before.kinds, after.kinds, strict=False))
    for one, other in [(before.settings, after.settings), *((a.settings, b.settings) for a, b in kinds)]:
        for name in one.keys() | other.keys():
            values = {str(side[name].value) for side in (one, other) if name in side}
            if len(values) == 2 or (name in one) != (name in other):
                found.settings.add(known.setting_decision[name])
                if name in one and name in other:
                    found.turned.add(f"{json.dumps(one[name].value)} -> {json.dumps(other[name].value)}")
                # A number or a short word may stand anywhere; of its own decision's objects every field may follow it.
                found.tokens |= {value for value in values if len(value) > 3 and not _COMMON.fullmatch(value)}
                found.hosts |= {host for value in values if (host := urlsplit(value).hostname)}
                about.add(name)
                found.named.add(name)
    found.context = {
        name
        for name in before.context.keys() | after.context.keys()
        if getattr(before.context.get(name), "value", None) != getattr(after.context.get(name), "value", None)
    }
    for a, b in kinds:
        found.context |= {
            name
            for name in a.context.keys() | b.context.keys()
            if getattr(a.context.get(name), "value", None) != getattr(b.context.get(name), "value", None)
        }
    for workload in (*before.workloads, *after.workloads):
        found.silent.add(("ServiceAccount", f"{workload.name}-canary"))
        if not workload.port:
            found.silent.add(("Service", workload.name))
    found.spaces = _spaces(before) ^ _spaces(after)
    one, other = {w.name: w for w in before.workloads}, {w.name: w for w in after.workloads}
    found.workloads = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    for name in found.workloads:
        found.tokens.add(name)
        found.homes |= {namespace_of(w, before) for w in (one.get(name), other.get(name)) if w is not None}
        hosts = {str(w.host) for w in (one.get(name), other.get(name)) if w is not None and w.host}
        found.tokens |= hosts | {label(host) for host in hosts}
    both = {component.id for component in before.selected()} & {component.id for component in after.selected()}
    found.names = {*found.tokens, *(f"not-chosen-{decision}" for decision in found.decisions)}
    for id_ in found.components:
        component = known.components[id_]
        own = {id_, component.title}
        if component.install is not None:
            own.add(component.install.namespace)
            for chart in component.install.charts:
                own |= {chart.release, chart.chart, chart.namespace or component.install.namespace}
        own.discard("platform")  # stands for no namespace, and is what other things are called
        found.tokens |= own
        if id_ not in both:
            found.names |= own
            found.groups |= set(component.install.crds) if component.install is not None else set()
    found.tokens |= found.names
    for kind in {entry.kind for entry in before.decisions} | {entry.kind for entry in after.decisions} | {None}:
        found.capabilities |= before.capabilities(kind) ^ after.capabilities(kind)
    about |= found.capabilities | found.decisions | found.context
    found.shown = [SHOWS[name] for name in sorted(about) if name in SHOWS]
    for design, topology, edge in _moved(before, after):
        found.flows += _seen(topology, edge)
        if not _opened(design, topology, edge, found):
            found.odd.append(f"{edge.source} > {edge.target}:{edge.port} ({edge.because})")
    kept = {w.name for w in before.workloads} & {w.name for w in after.workloads}
    found.quiet = (both - found.components) | (kept - found.workloads)
    return found


def _spaces(design: Design) -> set[str]:
    return {name for view in views(design) for name in platform_namespaces(view)}


def _moved(before: Design, after: Design) -> Iterator[tuple[Design, Topology, Edge]]:
    """Flows that only one of the designs has, with that one and its topology."""

    def told(edge: Edge) -> str:
        return repr(replace(edge, because=""))

    one, other = derive(before), derive(after)
    for design, mine, theirs in ((before, one, other), (after, other, one)):
        there = {told(edge) for edge in theirs.edges}
        yield from ((design, mine, edge) for edge in mine.edges if told(edge) not in there)


def _seen(topology: Topology, edge: Edge) -> Iterator[Moved]:
    source, target = topology.node(edge.source), topology.node(edge.target)
    ends = [(source, edge.source_namespace or source.namespace), (target, target.namespace)]
    for (mine, place), (other, where) in (ends, ends[::-1]):
        if place is not None or mine.kind == "component":
            inside = where is not None and not other.host_network and other.kind in ("component", "workload")
            yield Moved(place or "kube-system", frozenset({where} if inside and where else ()), edge.port)


def _opened(design: Design, topology: Topology, edge: Edge, change: Delta) -> bool:
    """Whether one of its ends changed, or something that its definition names."""
    catalog = design.catalog
    ends = {topology.node(edge.source).name, topology.node(edge.target).name}
    if ends & (change.components | change.workloads):
        return True
    if edge.because == "request path":  # what a request passes before and after is an end of it
        return any(catalog.decisions[name].hop is not None for name in change.decisions if name in catalog.decisions)
    about = change.context | change.decisions | change.settings | change.capabilities | change.components | change.named
    for component in (catalog.components[name] for name in ends if name in catalog.components):
        if any(role in change.decisions for role in design.selected_roles(component.id)):
            return True
        for flow in component.flows:
            mine = edge.because in (flow.why, f"{component.title}: {flow.kind} to {flow.to}")
            if mine and about & set(re.findall(r"[A-Za-z0-9.-]+", flow.model_dump_json(by_alias=True))):
                return True
    return False
