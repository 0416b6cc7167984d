"""Lays out pictures of blocks: each outer frame is a grid of boxes, and arrows join frames, not boxes.

For the whole on one page, where every connection would be a web nobody can follow.
"""

from __future__ import annotations

from collections.abc import Mapping

from exporters.pictures import engine, measure
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Box, Picture
from exporters.pictures.labels import Line
from exporters.pictures.layout import Placed, assembled, floats, line_of, room_for

_PAD, _GAP, _HEAD = 13.0, 9.0, 31.0


def place(picture: Picture) -> Placed:
    """The grid of each frame, then the engine's places for the frames; PictureError when the engine does not work."""
    alone = sum(group.kind == "cluster" for group in picture.groups) == 1
    grids: dict[str, tuple[float, float, dict[str, Rect]]] = {}
    for group in picture.groups:
        inside = [box for box in picture.boxes if box.group == group.id]
        grids[group.id] = _grid(inside, measure.group(group)[0], _columns(len(inside), group.kind == "cluster", alone))
    for box in picture.boxes:
        if box.group is None:
            face = measure.box(box)
            grids[box.id] = (face.width, face.height, {box.id: Rect(0, 0, face.width, face.height)})
    return _read(picture, grids, engine.run(_dot(picture, grids)))


def _columns(count: int, cluster: bool, alone: bool) -> int:
    """A cluster is wide, one beside others and with little in it narrow; zones are in between."""
    if cluster:
        return 3 if count > 4 else 2 if count > 1 and alone else 1
    return 2 if count > 3 else 1


def _grid(boxes: list[Box], title: float, columns: int) -> tuple[float, float, dict[str, Rect]]:
    """Width, height and the boxes of a frame; each column is as wide as its widest box."""
    widths = [max((measure.box(box).width for box in boxes[column::columns]), default=0.0) for column in range(columns)]
    spare = title + 2 * _PAD - (sum(widths) + _GAP * (columns - 1) + 2 * _PAD)
    if spare > 0:
        widths = [width + spare / columns for width in widths]
    places: dict[str, Rect] = {}
    y = _HEAD
    for start in range(0, len(boxes), columns):
        row = boxes[start : start + columns]
        tall = max(measure.box(box).height for box in row)
        x = _PAD
        for box, width in zip(row, widths, strict=False):
            places[box.id] = Rect(x, y, width, tall)
            x += width + _GAP
        y += tall + _GAP
    return round(sum(widths) + _GAP * (columns - 1) + 2 * _PAD), round(y - _GAP + _PAD), places


def _dot(picture: Picture, grids: Mapping[str, tuple[float, float, dict[str, Rect]]]) -> str:
    from graphviz import Digraph

    graph = Digraph("picture")
    graph.attr("graph", rankdir=picture.direction, nodesep="0.4", ranksep="0.45", margin="0")
    graph.attr("node", shape="box", fixedsize="true", label="")
    graph.attr("edge", arrowsize="0.7")
    names = {id_: f"n{index}" for index, id_ in enumerate(grids)}
    for id_, (width, height, _) in grids.items():
        graph.node(names[id_], width=f"{width / 72:.5f}", height=f"{height / 72:.5f}")
    rows = {box.id: 0 for box in picture.boxes if box.group is None}
    rows |= {group.id: group.row for group in picture.groups}
    for tail in grids:  # rows follow each other, whatever the arrows say
        below = min((row for row in rows.values() if row > rows[tail]), default=None)
        for head in grids:
            if rows[head] == below:
                graph.edge(names[tail], names[head], style="invis")
    for index, arrow in enumerate(picture.arrows):
        attributes = {"id": f"e{index}"}
        size = measure.label(arrow.label)
        if size.lines:
            attributes["label"] = room_for(size.width, size.height)
        if rows[arrow.source] >= rows[arrow.target]:
            attributes["constraint"] = "false"
        graph.edge(names[arrow.source], names[arrow.target], **attributes)
    return str(graph.source)


def _read(picture: Picture, grids: Mapping[str, tuple[float, float, dict[str, Rect]]],
          answer: Mapping[str, object]) -> Placed:
    left, _, _, top = floats(str(answer["bb"]))
    names = {f"n{index}": id_ for index, id_ in enumerate(grids)}
    frames = {group.id for group in picture.groups}
    boxes: dict[str, Rect] = {}
    groups: dict[str, Rect] = {}
    objects, edges = answer.get("objects", []), answer.get("edges", [])
    for item in objects if isinstance(objects, list) else []:
        id_ = names[item["name"]]
        width, height, inside = grids[id_]
        x, y = floats(item["pos"])
        corner = Rect(x - left - width / 2, top - y - height / 2, width, height)
        if id_ in frames:
            groups[id_] = corner
        for box, place_ in inside.items():
            boxes[box] = place_.moved(corner.x, corner.y)
    lines: list[Line | None] = [None] * len(picture.arrows)
    for edge in edges if isinstance(edges, list) else []:
        if "id" in edge and "pos" in edge:
            index = int(edge["id"][1:])
            lines[index] = line_of(edge, left, top, measure.label(picture.arrows[index].label))
    return assembled(picture, boxes, groups, lines)
