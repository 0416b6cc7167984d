"""Puts a picture together from topology nodes: which boxes there are, what is folded into one, which arrows join them.

Views say what they want to see; folding, merging of arrows and their labels, and frames are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from catalog.components import FlowKind
from catalog.topology import Edge, Node
from exporters.pictures import measure
from exporters.pictures.graph import Arrow, Box, Direction, Form, Group, GroupKind, Picture
from exporters.pictures.subject import Subject, label


def listed(titles: Sequence[str], most: int = 6) -> str:
    """Names in a row, the rest counted."""
    shown = list(titles[:most])
    more = len(titles) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def sentence(titles: Sequence[str], most: int = 5) -> str:
    """Names as they stand in a sentence."""
    if len(titles) > most:
        return f"{', '.join(titles[:most])} and {len(titles) - most} more"
    return " and ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else "".join(titles)


class Sketch:
    """A picture under construction."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.groups: dict[str, Group] = {}
        self.boxes: dict[str, Box] = {}
        self.of: dict[str, str] = {}
        """Node id to the box that shows it."""
        self._arrows: dict[tuple[str, str, FlowKind], list[str]] = {}
        self._back: set[tuple[str, str]] = set()

    def group(self, id_: str, title: str, kind: GroupKind = "zone", parent: str | None = None, note: str = "",
              row: int = 1) -> str:
        """A frame, made once."""
        self.groups.setdefault(id_, Group(id_, title, kind, parent, note, row))
        return id_

    def cluster(self, name: str, parent: str | None = None, also: Sequence[str] = ()) -> str:
        """The frame of a kind of cluster; `also` are kinds that the same frame stands for."""
        if f"cluster:{name}" in self.groups:
            return f"cluster:{name}"
        kinds = [kind for kind in self.subject.design.kinds if kind.name == name or kind.name in also]
        clusters = [cluster for kind in kinds for cluster in self.subject.clusters(kind)]
        places = list(dict.fromkeys(filter(None, (cluster.region or "" for cluster in clusters))))
        title = sentence([cluster.name for cluster in clusters], 4) if clusters else name
        components = self.subject.design.catalog.components
        made = dict.fromkeys(components[id_].title for kind in kinds
                             for id_ in self.subject.design.chosen("kubernetes", kind.name) if id_ in components)
        where = sentence(places, 4)
        note = ", ".join([*made, *([where] if where and where != title else [])])
        return self.group(f"cluster:{name}", title, "cluster", parent, note, 2)

    def zone(self, node: Node) -> str | None:
        """The usual frame of a node."""
        if node.kind == "actor":
            return None
        if node.cluster is not None and (node.where in ("cluster", "node") or node.kind in ("workload", "platform")):
            return self.cluster(node.cluster)
        if node.where in ("cluster", "node"):
            return self.cluster(self.subject.main.name)
        if node.where == "edge" or node.hop is not None:  # whoever runs it: a request passes it before the cluster
            return self.group("zone:edge", "Edge")
        titles = {"provider": self._provider(), "network": "Network", "ci": "Delivery pipeline"}
        if node.where in titles:
            return self.group(f"zone:{node.where}", titles[node.where], row=1 if node.where == "network" else 3)
        return self.group("zone:outside", "Outside services", row=3)

    def _provider(self) -> str:
        clouds = {self.subject.answer_title("cloud", kind.name) for kind in self.subject.design.kinds}
        if len(clouds) > 1:
            return "Services of the clouds"
        cloud = self.subject.answer_title("cloud", self.subject.main.name)
        return cloud if cloud and len(cloud) < 40 else "Services of the provider"

    def put(self, node: Node, group: str | None = None) -> str:
        """A box of a node's own, in its usual frame unless another is named."""
        if node.id not in self.of:
            self.boxes[node.id] = self.subject.box(node, group if group is not None else self.zone(node))
            self.of[node.id] = node.id
        return self.of[node.id]

    def box(self, box: Box) -> str:
        """A box that no single node stands for."""
        self.boxes.setdefault(box.id, box)
        return box.id

    def fold(self, id_: str, title: str, nodes: Sequence[Node], group: str | None, most: int = 6) -> None:
        """Several nodes as one box that lists them; a single one keeps its own box."""
        fresh = [node for node in nodes if node.id not in self.of]
        if not fresh:
            return
        names = list(dict.fromkeys(node.title for node in fresh))
        if (len(names) == 1 and fresh[0].kind != "workload") or len(fresh) == 1:
            shown = self.put(fresh[0], group)
            self.of.update((node.id, shown) for node in fresh)
            return
        icon = next((box.icon for node in fresh if (box := self.subject.box(node, None)).icon), None)
        self.boxes[id_] = Box(id_, title, _whole(names, most), "summary", group,
                              icon if all(node.kind == "workload" for node in fresh) else None, str(len(names)),
                              members=tuple(names))
        for node in fresh:
            self.of[node.id] = id_

    def workloads(self, kind: str, most: int, group: str | None = None,
                  only: Iterable[str] | None = None) -> None:
        """The workloads of a kind of cluster: all, or the first few and one box for the rest."""
        wanted = None if only is None else set(only)
        nodes = [node for node in self.subject.nodes.values() if node.kind == "workload" and node.cluster == kind
                 and (wanted is None or node.id in wanted) and node.id not in self.of]
        facing = {edge.target for edge in self.subject.topology.edges if edge.because == "request path"}
        nodes.sort(key=lambda node: node.id not in facing)
        place = group or self.cluster(kind)
        if len(nodes) <= most:
            for node in nodes:
                self.put(node, place)
            return
        kept = most - 1 if most > 1 else 0
        for node in nodes[:kept]:
            self.put(node, place)
        rest = nodes[kept:]
        self.fold(f"workloads:{kind}", f"{len(rest)} {'more ' if kept else ''}workloads", rest, place)

    def join(self, *kinds: FlowKind, labels: bool = True, edges: Iterable[Edge] | None = None) -> None:
        """Every connection of these kinds between boxes (of all, or of `edges`); several of one kind between two boxes
        become one arrow."""
        for edge in self.subject.topology.edges if edges is None else edges:
            source, target = self.of.get(edge.source), self.of.get(edge.target)
            if edge.kind not in kinds or source is None or target is None or source == target:
                continue
            said = self._arrows.setdefault((source, target, edge.kind), [])
            text = label(edge) if labels else ""
            if text and text not in said:
                said.append(text)

    def arrow(self, source: str, target: str, kind: FlowKind, text: str = "", back: bool = False) -> None:
        """An arrow that the topology does not have, between boxes; `back` puts its source behind its target."""
        if back:
            self._back.add((source, target))
        said = self._arrows.setdefault((source, target, kind), [])
        if text and text not in said:
            said.append(text)

    def forget(self, unwanted: Callable[[str, str], bool]) -> None:
        """Take out arrows between boxes for which `unwanted(source, target)` holds."""
        self._arrows = {key: said for key, said in self._arrows.items() if not unwanted(key[0], key[1])}

    def has(self, source: str, target: str) -> bool:
        """True when there is an arrow from one node's box to the other's."""
        ends = self.of.get(source, source), self.of.get(target, target)
        return any(key[:2] == ends for key in self._arrows)

    @property
    def joined(self) -> set[str]:
        """Boxes at which an arrow starts or ends."""
        return {end for source, target, _ in self._arrows for end in (source, target)}

    def drop_loose(self, keep: Iterable[str] = ()) -> None:
        """Take out boxes without arrows, except those named."""
        stay = self.joined | set(keep)
        self.boxes = {id_: box for id_, box in self.boxes.items() if id_ in stay}
        self.of = {node: box for node, box in self.of.items() if box in self.boxes}

    def picture(self, view: str, title: str, caption: str, direction: Direction = "TB",
                form: Form = "flow", rows: Sequence[Sequence[str]] = ()) -> Picture | None:
        """The finished picture; None when it has nothing to show."""
        arrows = [Arrow(source, target, kind, _joined(said), back=(source, target) in self._back)
                  for (source, target, kind), said in self._arrows.items()
                  if self._drawn(source) and self._drawn(target)]
        if len(self.boxes) < 2 or (not arrows and form != "panels"):
            return None
        return Picture(view, title, caption, self._used_groups(), tuple(self.boxes.values()), tuple(arrows),
                       direction, form, tuple(row for row in map(tuple, rows) if len(row) > 1))

    def _drawn(self, end: str) -> bool:
        return end in self.boxes or any(box.group == end for box in self.boxes.values())

    def lift(self) -> None:
        """Let arrows join frames instead of the boxes in them; those inside of a frame go."""
        lifted: dict[tuple[str, str, FlowKind], list[str]] = {}
        for (source, target, kind), said in self._arrows.items():
            ends = [self.boxes[end].group or end for end in (source, target) if end in self.boxes]
            if len(ends) == 2 and ends[0] != ends[1]:
                known = lifted.setdefault((ends[0], ends[1], kind), [])
                known += [text for text in said if text not in known]
        self._arrows = lifted

    def _used_groups(self) -> tuple[Group, ...]:
        used: set[str] = set()
        for box in self.boxes.values():
            at = box.group
            while at is not None and at not in used:
                used.add(at)
                at = self.groups[at].parent
        return tuple(group for group in self.groups.values() if group.id in used)

    def renamed(self, id_: str, subtitle: str) -> None:
        """Another subtitle for a box that is there."""
        if id_ in self.boxes:
            self.boxes[id_] = replace(self.boxes[id_], subtitle=subtitle)


def _whole(names: Sequence[str], most: int) -> str:
    """As many names as a folded box can show without cutting one, the rest counted."""
    for count in range(min(most, len(names)), 0, -1):
        text = listed(names, count)
        if not measure.cut(text):
            return text
    return listed(names, 1)


def _joined(said: Sequence[str]) -> str:
    """Labels of merged arrows: two in full, more not at all (a list of ports explains nothing)."""
    if len(said) > 2:
        words = {text.split(" ")[0] for text in said}
        return words.pop() if len(words) == 1 else ""
    return ", ".join(said)
