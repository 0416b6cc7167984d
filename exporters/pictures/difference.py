"""Two designs in one picture: what was added, removed and changed, by colour, by shape and by sign.

`merged` does it for any two pictures; `difference` draws the parts of two designs by layer, leaving out layers in which
nothing changed.
"""

from __future__ import annotations

from dataclasses import replace

from catalog.design import Design
from catalog.topology import Node
from exporters.pictures import layout, svg
from exporters.pictures.graph import Arrow, Box, Group, Mark, Picture
from exporters.pictures.sketch import listed
from exporters.pictures.subject import Subject, subject


def merged(before: Picture, after: Picture) -> Picture:
    """One picture with everything of both; what is in only one of them, or differs, is marked."""
    old, new = {box.id: box for box in before.boxes}, {box.id: box for box in after.boxes}
    boxes: list[Box] = []
    for id_, box in new.items():
        was = old.get(id_)
        mark: Mark = "added" if was is None else "changed" if _told(was) != _told(box) else ""
        boxes.append(replace(box, mark=mark))
    boxes += [replace(box, mark="removed") for id_, box in old.items() if id_ not in new]
    known = {_way(arrow) for arrow in before.arrows}
    kept = {_way(arrow) for arrow in after.arrows}
    arrows = [replace(arrow, mark="" if _way(arrow) in known else "added") for arrow in after.arrows]
    arrows += [replace(arrow, mark="removed") for arrow in before.arrows if _way(arrow) not in kept]
    groups = {group.id: group for group in (*after.groups, *before.groups)}
    groups |= {group.id: group for group in after.groups}
    return replace(after, title=f"{after.title}: what changes", groups=tuple(groups.values()), boxes=tuple(boxes),
                   arrows=tuple(arrows))


def _told(box: Box) -> tuple[str, str, tuple[str, ...]]:
    return box.title, box.subtitle, box.members


def _way(arrow: Arrow) -> tuple[str, str, str]:
    return arrow.source, arrow.target, arrow.kind


def difference(before: Subject, after: Subject) -> Picture | None:
    """The parts of two designs by layer; None when nothing that is drawn differs."""
    old, new = _parts(before), _parts(after)
    groups: dict[str, Group] = {}
    boxes: dict[str, list[Box]] = {}
    alike = 0
    for key in dict.fromkeys((*new, *old)):
        about, node = (after, new[key]) if key in new else (before, old[key])
        group = _group(about, node)
        groups.setdefault(group.id, group)
        box = replace(about.box(node, group.id), id=key, link=None)
        if key not in old:
            box = replace(box, mark="added")
        elif key not in new:
            box = replace(box, mark="removed")
        else:
            said = changes(before, after, old[key], node)
            box = replace(box, mark="changed", subtitle=listed(said, 2)) if said else box
        boxes.setdefault(group.id, []).append(box)
    order = [*after.design.catalog.layers, *before.design.catalog.layers, "workloads", "externals"]
    shown = sorted((id_ for id_ in boxes if any(box.mark for box in boxes[id_])), key=order.index)
    alike = sum(len(entries) for id_, entries in boxes.items() if id_ not in shown)
    if not shown:
        return None
    marked = [box.mark for id_ in shown for box in boxes[id_]]
    counts = [f"{marked.count(mark)} {mark}" for mark in ("added", "removed", "changed") if mark in marked]
    rest = f"; {alike} more parts are in layers where nothing changes" if alike else ""
    names = f"{before.design.name} and {after.design.name}" if before.design.name != after.design.name \
        else after.design.name
    return Picture("difference", f"What changes in {names}" if before.design.name == after.design.name
                   else f"What differs between {names}", f"{', '.join(counts)}{rest}.",
                   tuple(groups[id_] for id_ in shown), tuple(box for id_ in shown for box in boxes[id_]),
                   form="panels")


def picture_of_difference(before: Design, after: Design) -> bytes:
    """What differs between two designs as SVG; when nothing that is drawn does, a picture that says so."""
    found = difference(subject(before), subject(after))
    if found is None:
        found = Picture("difference", "Nothing changes", "Both designs have the same parts, in the same versions, with "
                        "the same settings.", form="panels")
    return svg.draw(layout.place(found)).encode("utf-8")


def _parts(about: Subject) -> dict[str, Node]:
    """Components, workloads and systems outside by name; a part of several kinds of clusters counts once."""
    found: dict[str, Node] = {}
    for node in about.topology.nodes:
        if node.kind in ("component", "workload", "external"):
            found.setdefault(f"{node.kind}:{node.name}", node)
    return found


def _group(about: Subject, node: Node) -> Group:
    if node.kind == "workload":
        return Group("workloads", "Workloads", "cluster")
    if node.kind == "external":
        return Group("externals", "Systems outside", "zone")
    return Group(str(node.layer), about.layer_title(node.layer), "layer")


def changes(before: Subject, after: Subject, was: Node, now: Node) -> list[str]:
    """What is different about a part that both designs have, in a few words each."""
    said: list[str] = []
    if was.kind == "component":
        old, new = before.design.releases.get(was.name, ""), after.design.releases.get(now.name, "")
        if old != new:
            said.append(f"{old or 'no release'} \u2192 {new or 'no release'}")
        titles = after.design.catalog.decisions
        for role in now.roles:
            if role not in was.roles:
                said.append(f"also {titles[role].title}" if role in titles else f"also {role}")
        said += [f"no longer {titles[role].title if role in titles else role}" for role in was.roles
                 if role not in now.roles]
        said += _settings(before.design, after.design, now)
        if _places(before, was) != _places(after, now):
            said.append("other clusters")
    elif was.kind == "workload":
        one, other = before.workload(was), after.workload(now)
        if one is not None and other is not None:
            said += _fields(one.model_dump(), other.model_dump())
        if _places(before, was) != _places(after, now):
            said.append("other clusters")
    else:
        there, here = before.external(was), after.external(now)
        if there is not None and here is not None:
            said += _fields(there.model_dump(), here.model_dump())
    return said


def _places(about: Subject, node: Node) -> set[str | None]:
    return {other.cluster for other in about.topology.nodes if other.kind == node.kind and other.name == node.name}


def _fields(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return [f"other {name.replace('_', ' ')}" for name in one if one[name] != other.get(name)]


def _settings(before: Design, after: Design, node: Node) -> list[str]:
    said = []
    for name, decision in after.catalog.setting_decision.items():
        if decision in node.roles:
            old, new = _value(before, name, node), _value(after, name, node)
            if old != new:
                said.append(f"{after.catalog.settings[name].title} {old} \u2192 {new}")
    return said


def _value(design: Design, name: str, node: Node) -> str:
    try:
        return str(design.setting(name, node.cluster))
    except KeyError:
        return "unset"
