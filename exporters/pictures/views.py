"""The views of a design, each a pure selection from its topology. A view with nothing to show is not drawn.

A view is `(subject, most) -> Picture | None`; `most` is how many workloads get boxes of their own before the rest is
folded into one, and is lowered until the picture is small enough to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from catalog.topology import Node
from exporters.pictures import focus, measure, zones
from exporters.pictures.graph import Box, Picture
from exporters.pictures.sketch import Sketch, listed, sentence
from exporters.pictures.subject import Subject

_CLUSTERS = 3
"""Kinds of clusters drawn beside the main one."""

_BESIDE, _MORE = 4, "more"
"""Boxes of a zone on a page with several clusters; the place of a layer's id for what is folded over layers."""

_CARD = 12
"""Boxes on a card before a layer goes on in another."""


@dataclass(frozen=True)
class View:
    """A figure of the architecture."""

    name: str
    title: str
    make: Callable[[Subject, int], Picture | None]
    most: int = 8


def overview(subject: Subject, most: int) -> Picture | None:
    """Users, edge, clusters and outside services: the whole on one page."""
    sketch = Sketch(subject)
    rest: dict[tuple[str | None, str | None], list[Node]] = {}
    main, *others = _kinds(subject)
    sketch.cluster(main[0], also=main[1:])
    for node in subject.nodes.values():
        if node.cluster not in (None, main[0]):
            continue
        if node.kind in ("actor", "external") or node.hop is not None:
            if node.kind != "actor" or node.name in ("users", "operators", "developers"):
                sketch.put(node)
        elif node.kind == "component":
            rest.setdefault((sketch.zone(node), node.layer), []).append(node)
    sketch.workloads(main[0], most if not others else min(most, 4))
    if others:
        rest = _few(rest)
    for (zone, layer), nodes in rest.items():
        if nodes[0].where == "network" and len(nodes) <= 3:
            for node in nodes:
                sketch.put(node, zone)
        title = subject.layer_title(layer) if layer != _MORE else f"{len(nodes)} more services"
        sketch.fold(f"{layer}:{zone}", title, nodes, zone)
    for kinds in others[:_CLUSTERS]:
        _other_clusters(sketch, kinds, main[0])
    sketch.join("request", "resolve")
    sketch.join("sync", "backup", "store", labels=False)
    sketch.lift()
    small = {f"cluster:{kinds[0]}" for kinds in others}
    sketch.forget(lambda source, target: source in small or (target in small and source == "operators"))
    loose = {id_ for id_, box in sketch.boxes.items() if box.kind == "actor"} - sketch.joined
    sketch.boxes = {id_: box for id_, box in sketch.boxes.items() if id_ not in loose}
    return sketch.picture("overview", f"{subject.design.name}: the whole architecture",
                          _overview_caption(subject, others[_CLUSTERS:]), form="blocks")


def _few(rest: dict[tuple[str | None, str | None], list[Node]]) -> dict[tuple[str | None, str | None], list[Node]]:
    """The same by zone and layer, with at most four boxes in a zone beside clusters: a page of several clusters is long
    enough."""
    found: dict[tuple[str | None, str | None], list[Node]] = {}
    count: dict[str | None, int] = {}
    for zone, _ in rest:
        count[zone] = count.get(zone, 0) + 1
    seen: dict[str | None, int] = {}
    for (zone, layer), nodes in rest.items():
        seen[zone] = seen.get(zone, 0) + 1
        spare = nodes[0].where not in ("cluster", "node") and count[zone] > _BESIDE and seen[zone] >= _BESIDE
        found.setdefault((zone, _MORE if spare else layer), []).extend(nodes)
    return found


def _kinds(subject: Subject) -> list[list[str]]:
    """Kinds of clusters that hold the same components and workloads, together; the main kind first."""
    same: dict[frozenset[str], list[str]] = {}
    ordered = sorted(subject.design.kinds, key=lambda kind: kind.name != subject.main.name)
    for kind in ordered:
        held = frozenset(node.name for node in subject.nodes.values() if node.cluster == kind.name)
        environments = {cluster.environment for cluster in subject.clusters(kind)}
        same.setdefault(held | {f"environment {name}" for name in environments}, []).append(kind.name)
    return list(same.values())


def _other_clusters(sketch: Sketch, kinds: list[str], main: str) -> None:
    """Clusters beside the main ones, in three boxes: their way in, their workloads, and how their platform differs."""
    subject = sketch.subject
    frame = sketch.cluster(kinds[0], also=kinds[1:])
    own = [node for node in subject.nodes.values() if node.cluster == kinds[0]]
    sketch.fold(f"way:{kinds[0]}", "The way in", [node for node in own if node.hop is not None], frame)
    sketch.workloads(kinds[0], 1, frame)
    parts = [node for node in own if node.kind == "component" and node.id not in sketch.of]
    there = {node.name for node in subject.nodes.values() if node.cluster == main}
    more = [node.title for node in parts if node.name not in there]
    names = {node.name for node in own}
    less = [node.title for node in subject.nodes.values()
            if node.cluster == main and node.kind == "component" and node.name not in names]
    said = _differs(main, more, less)
    if parts:
        sketch.box(Box(f"platform:{kinds[0]}", "Platform", said, "summary", frame, None, str(len(parts)),
                       members=tuple(node.title for node in parts)))


def _differs(main: str, more: list[str], less: list[str]) -> str:
    """How a platform differs from the main one, in as many names as a box can show."""
    for count in (3, 2, 1):
        said = "".join((f"as in {main}", f", with {listed(more, count)}" if more else "",
                        f", without {listed(less, count)}" if less else ""))
        if not measure.cut(said):
            return said
    return f"as in {main}, with {len(more)} other parts, without {len(less)}"


def _overview_caption(subject: Subject, left_out: Sequence[Sequence[str]]) -> str:
    design = subject.design
    clusters = f"{len(design.clusters)} cluster{'s' if len(design.clusters) != 1 else ''}"
    workloads = f"{len(design.workloads)} workload{'s' if len(design.workloads) != 1 else ''}"
    outside = f", {len(design.externals)} system{'s' if len(design.externals) != 1 else ''} outside" \
        if design.externals else ""
    names = [cluster.name for kind in design.kinds if any(kind.name in kinds for kinds in left_out)
             for cluster in subject.clusters(kind)]
    rest = f" {sentence(names)} {'is' if len(names) == 1 else 'are'} drawn among the regions." if names else ""
    return f"{clusters}, {workloads}{outside}. Boxes with a second edge stand for several components, which they " \
           f"name.{rest}"


def request_path(subject: Subject, most: int) -> Picture | None:
    """The way of a request from the user to the last service it reaches."""
    kind = subject.main.name
    sketch = Sketch(subject)
    path = [node for node in subject.nodes.values() if node.hop is not None and node.cluster in (None, kind)]
    users = subject.nodes.get("users")
    if users is None or not path:
        return None
    sketch.put(users)
    for node in path:
        sketch.put(node)
    reached = _reached(subject, {users.id, *(node.id for node in path)}, kind)
    sketch.workloads(kind, most, only=reached)
    for node in subject.nodes.values():
        if node.kind == "external" and node.id in reached:
            sketch.put(node)
    sketch.join("request", "resolve")
    sketch.forget(lambda source, target: target == users.id or source == f"workloads:{kind}")
    sketch.drop_loose()
    hops = [node.title for node in sorted(path, key=lambda node: node.hop or 0)]
    fronts = [node.title for node in subject.nodes.values() if node.id in reached and node.kind == "workload"
              and any(edge.target == node.id and edge.because == "request path" for edge in subject.topology.edges)]
    caption = f"A request passes {sentence(hops, 6)}" + (f" before it reaches {sentence(fronts)}." if fronts else ".")
    return sketch.picture("request-path", "The path of a request",
                          caption + focus.twins(subject, {node.id for node in path}))


def _reached(subject: Subject, start: set[str], kind: str) -> list[str]:
    """Workloads and systems outside that requests get to, in the order in which they do."""
    found: dict[str, None] = {}
    edge_from = [edge for edge in subject.topology.edges if edge.kind == "request"]
    front = set(start)
    while front:
        after = set()
        for edge in edge_from:
            node = subject.nodes[edge.target]
            if edge.source in front and edge.target not in found and node.kind in ("workload", "external") \
                    and node.cluster in (None, kind):
                found[edge.target] = None
                after.add(edge.target)
        front = after
    return list(found)


def inside(subject: Subject, most: int) -> Picture | None:
    """Everything in one kind of cluster, by layer."""
    kind = subject.main.name
    sketch = Sketch(subject)
    nodes = [node for node in subject.nodes.values() if node.cluster == kind and node.where != "none"]
    counts: dict[str | None, int] = {}
    for node in nodes:
        if node.kind == "component" and node.where in ("cluster", "node"):
            counts[node.layer] = counts.get(node.layer, 0) + 1
            page = (counts[node.layer] - 1) // _CARD
            title = subject.layer_title(node.layer) + (", continued" if page else "")
            sketch.put(node, sketch.group(f"layer:{node.layer}:{page}", title, "layer"))
    if not sketch.boxes:
        return None
    for space in dict.fromkeys(node.namespace for node in nodes if node.kind == "workload"):
        group = sketch.group(f"space:{space}", "Workloads", "cluster", None, f"namespace {space}")
        sketch.workloads(kind, max(most, 4), group, only=[
            node.id for node in nodes if node.kind == "workload" and node.namespace == space])
    parts = sum(counts.values())
    return sketch.picture("inside", f"Inside {sentence(subject.main.clusters, 3)}",
                          f"{parts} components by layer, and what they are for.", form="panels")


def growth(subject: Subject, most: int) -> Picture | None:
    """The small start beside the full design: what every design needs first, and what is added step by step."""
    here = (None, subject.main.name)
    components: dict[str, Node] = {}
    for node in sorted(subject.topology.nodes, key=lambda node: node.cluster not in here):
        if node.kind == "component" and node.where != "none":
            components.setdefault(node.name, node)
    nodes = [node for node in subject.topology.nodes if components.get(node.name) == node]
    first = [node for node in nodes if node.cluster in here and (subject.required(node) or node.hop is not None)]
    later = [node for node in nodes if node not in first]
    if len(first) < 2 or len(later) < 2:
        return None
    sketch = Sketch(subject)
    start = sketch.group("start", "The small start", "cluster", None, "what every design decides")
    full = sketch.group("full", "Added on the way to the full design", "zone", None, "each can wait until it is needed")
    for node in first:
        sketch.put(node, start)
    if most < _CARD // 2:
        for layer in dict.fromkeys(node.layer for node in later):
            sketch.fold(f"later:{layer}", subject.layer_title(layer), [node for node in later if node.layer == layer], full)
    for node in later:
        sketch.put(node, full)
    count = len(subject.design.clusters)
    more = f" and grows to {count} clusters" if count > 1 else ""
    caption = f"{len(first)} parts make the small start; {len(later)} more can be added one at a time, each when it " \
              f"is needed. It starts with one cluster{more}."
    return sketch.picture("growth", "From a small start to the full design", caption, form="panels")


def _follow(concern: focus.Concern, subject: Subject, most: int) -> Picture | None:
    return focus.draw(subject, concern, most)


VIEWS: tuple[View, ...] = (
    View("overview", "The whole architecture", overview, 6),
    View("request-path", "The path of a request", request_path),
    View("network", "Network and security zones", zones.network),
    View("inside", "Inside the cluster", inside, 10),
    *(View(concern.view, concern.title, partial(_follow, concern))
      for concern in focus.CONCERNS),
    View("regions", "Regions and failover", zones.regions),
    View("growth", "From a small start to the full design", growth),
)
"""Every view there is, in the order in which they are shown."""


def names() -> tuple[str, ...]:
    """The names of all views."""
    return tuple(view.name for view in VIEWS)


def view(name: str) -> View:
    """The view with that name; KeyError when there is none."""
    for entry in VIEWS:
        if entry.name == name:
            return entry
    raise KeyError(name)
