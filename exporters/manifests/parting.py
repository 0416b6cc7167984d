"""What a person has to agree to before a change is carried out, because no command takes it back: what a running cluster does
not become, what is lost with the parts that go, and what nobody but people set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from catalog import handover
from catalog.components import Component
from catalog.design import Design
from catalog.workloads import Cluster
from exporters import paths
from exporters.manifests.commands import here
from exporters.manifests.view import View, views

_MOVES = ("cloud", "region", "ranges")
"""What a cluster is made with and keeps."""


_NAMES = "dns-automation"
"""The decision about what writes names of entrances into DNS."""


class Parting(NamedTuple):
    """Something to agree to, and the clusters that it is about."""

    clusters: tuple[str, ...]
    what: str
    because: str
    commands: tuple[str, ...] = ()
    """What a person does as soon as that is agreed."""


class Turnover(NamedTuple):
    """Clusters that only one of two designs has."""

    come: tuple[str, ...]
    go: tuple[str, ...]


class Hosts(NamedTuple):
    """Names of workloads that only one of two designs has, and that people write into DNS."""

    come: tuple[str, ...]
    go: tuple[str, ...]


def hosts(before: Design, after: Design) -> Hosts:
    """Nothing where a part of every cluster follows its entrances and keeps the names itself."""
    old, new = ({workload.host for workload in design.workloads if workload.host} for design in (before, after))
    if all(view.chosen(_NAMES) and not view.none(_NAMES) for view in views(after)):
        return Hosts((), ())
    return Hosts(tuple(sorted(new - old)), tuple(sorted(old - new)))


def turnover(before: Design, after: Design) -> Turnover:
    """By name, in the order of the answers."""
    old, new = ([cluster.name for cluster in design.clusters] for design in (before, after))
    return Turnover(tuple(name for name in new if name not in old), tuple(name for name in old if name not in new))


def anew(before: Design, after: Design) -> tuple[Parting, ...]:
    """What a running cluster does not become: it is made anew, or moved node by node."""
    found: list[Parting] = []
    for old, new in _pairs(before, after):
        name = old.cluster.name
        found += (Parting((name,), f"Cluster {name}", text) for text in _moved(old.cluster, new.cluster))
        found += (Parting((name,), *told) for told in _lowered(old, new))
        found += (
            Parting((name,), component.title, component.undo.because)
            for component in _leaving(old, new)
            if component.undo.how != "reversible"
        )
    return _merged(found)


def lost(before: Design, after: Design) -> tuple[Parting, ...]:
    """What parts that go keep, which nothing carries over; and what they ask for before they can be taken out."""
    found: list[Parting] = []
    for old, new in _pairs(before, after):
        name = old.cluster.name
        for component in _leaving(old, new):
            steps = [(step, here(old, step.command or "")) for step in handover.back(before, component, old.kind)]
            said = [*component.stores, *(step.do for step, _ in steps)]
            commands = tuple(command for _, command in steps if command)
            if said:
                found.append(Parting((name,), component.title, " ".join(said), commands))
        there = {(workload.name, new.workload_namespace(workload)) for workload in new.workloads}
        for workload in old.workloads:
            space = old.workload_namespace(workload)
            if workload.volumes and (workload.name, space) not in there:
                because = f"Its volumes in namespace {space}; what comes instead of it begins with empty ones."
                found.append(Parting((name,), workload.title or workload.name, because))
    return _merged(found)


def left_to_people(before: Design, after: Design) -> tuple[str, ...]:
    """Titles of what goes and was set up by people alone: nothing else takes it down. What they only did again and again, as
    for a protocol between services, they stop doing."""
    now = {component.id for component in after.selected()}
    gone = [component for component in before.selected() if component.id not in now]
    return tuple(
        component.title
        for component in gone
        if component.support == "hand-over" and not component.pattern
        and any(step.comes != "again" for step in component.handover)
    )


def _pairs(before: Design, after: Design) -> Iterator[tuple[View, View]]:
    """Each cluster that both designs have, as either sees it."""
    now = {view.cluster.name: view for view in views(after)}
    yield from ((view, now[view.cluster.name]) for view in views(before) if view.cluster.name in now)


def _leaving(old: View, new: View) -> list[Component]:
    now = {component.id for component in new.design.selected(new.kind.name)}
    return [component for component in old.design.selected(old.kind.name) if component.id not in now]


def _moved(old: Cluster, new: Cluster) -> Iterator[str]:
    one, other = old.model_dump(mode="json"), new.model_dump(mode="json")
    for name in _MOVES:
        if one.get(name) and other.get(name) and one[name] != other[name]:
            yield f"Its {name} cannot be changed once it is made."


def raised(before: Design, after: Design) -> tuple[Parting, ...]:
    """Clusters that get a newer minor of Kubernetes, and how."""
    found = []
    for old, new in _pairs(before, after):
        one, other = _minors(old, new)
        if one < other:
            how = "" if other[1] == one[1] + 1 else "one minor at a time, "
            found.append(Parting((old.cluster.name,), f"Kubernetes {_dotted(other)}", f"{how}by {paths.runbook('upgrade')}"))
    return _merged(found)


def _lowered(old: View, new: View) -> Iterator[tuple[str, str]]:
    one, other = _minors(old, new)
    if other < one:
        yield f"Kubernetes {_dotted(other)}", "A control plane does not go back to an older minor."


def _minors(old: View, new: View) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Equal where nothing says them."""
    try:
        one, other = (
            tuple(map(int, view.design.kubernetes_minor(view.kind.name).split("."))) for view in (old, new)
        )
    except LookupError:
        return (), ()
    return one, other


def _dotted(minor: tuple[int, ...]) -> str:
    return ".".join(map(str, minor))


def _merged(found: list[Parting]) -> tuple[Parting, ...]:
    """Clusters of which the same is said share an entry; what each has to do stays in it."""
    made: dict[tuple[str, str], Parting] = {}
    for entry in found:
        known = made.get((entry.what, entry.because))
        if known is None:
            made[entry.what, entry.because] = entry
        else:
            commands = tuple(dict.fromkeys((*known.commands, *entry.commands)))
            made[entry.what, entry.because] = known._replace(clusters=(*known.clusters, *entry.clusters), commands=commands)
    return tuple(made.values())
