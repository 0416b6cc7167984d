"""A picture as DOT, for people who lay it out themselves: names in words, no sizes, no paths of any disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exporters.pictures import palette
from exporters.pictures.graph import Picture
from exporters.pictures.text import clean

if TYPE_CHECKING:
    from graphviz import Digraph


def _safe(*lines: str) -> str:
    """Text for a quoted DOT string, line by line: no escape sequences, no HTML-like label."""
    from graphviz import escape

    text = "\\n".join(str(escape(clean(line, 300))) for line in lines)
    # a label in angle brackets would be read as HTML by the graphviz package unless a space comes first
    return f" {text}" if text.startswith("<") and text.endswith(">") else text


def write(picture: Picture) -> str:
    """The DOT source."""
    from graphviz import Digraph

    graph = Digraph("picture")
    graph.attr("graph", rankdir=picture.direction, label=_safe(picture.title), labelloc="t", fontname="sans-serif",
               compound="true",
               tooltip=_safe(picture.caption))
    graph.attr("node", shape="box", style="rounded,filled", fillcolor="white", fontname="sans-serif")
    graph.attr("edge", fontname="sans-serif", fontsize="10")
    names = {box.id: f"n{index}" for index, box in enumerate(picture.boxes)}
    _fill(graph, picture, None, names)
    frames = {group.id: f"cluster_{index}" for index, group in enumerate(picture.groups)}
    for arrow in picture.arrows:
        stroke = palette.ARROWS[arrow.kind]
        attributes = {"color": stroke.light, "fontcolor": stroke.light, "tooltip": stroke.words,
                      "style": "dotted" if stroke.dash.startswith(("1", "2")) else "dashed" if stroke.dash else "solid"}
        if arrow.label:
            attributes["label"] = _safe(arrow.label)
        tail, head = (names.get(end) or _first(picture, end, names) for end in (arrow.source, arrow.target))
        if arrow.source in frames:
            attributes["ltail"] = frames[arrow.source]
        if arrow.target in frames:
            attributes["lhead"] = frames[arrow.target]
        graph.edge(tail, head, **attributes)
    return str(graph.source)


def _first(picture: Picture, group: str, names: dict[str, str]) -> str:
    """DOT joins nodes only: an arrow to a frame goes to its first box and is cut at the frame."""
    return next(names[box.id] for box in picture.boxes if box.group == group)


def _fill(graph: Digraph, picture: Picture, parent: str | None, names: dict[str, str]) -> None:
    for box in picture.boxes:
        if box.group == parent:
            graph.node(names[box.id], label=_safe(box.title, box.subtitle) if box.subtitle else _safe(box.title))
    for index, group in enumerate(picture.groups):
        if group.parent == parent:
            with graph.subgraph(name=f"cluster_{index}") as inner:
                label = f"{group.title} ({group.note})" if group.note else group.title
                inner.attr(label=_safe(label), style="rounded", labeljust="l")
                _fill(inner, picture, group.id, names)
