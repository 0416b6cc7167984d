"""Lays out pictures of blocks: a page of three columns, in rows; arrows join frames, not boxes.

For the whole on one page, where every connection would be a web nobody can follow. A page is as wide as text is shown
at its own size on a code host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exporters.pictures import measure
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Box, Group, Picture
from exporters.pictures.labels import Line
from exporters.pictures.lanes import PITCH, Lanes, strips
from exporters.pictures.layout import Placed, assembled

_PAD, _GAP, _HEAD = 13.0, 9.0, 31.0
_BETWEEN = 3.0 * PITCH
"""Room between frames side by side: two arrows fit."""
_ROOM, _ROOMS = 4.0 * PITCH, 5.0 * PITCH
"""Room between rows: for arrows and their labels."""
_COLUMNS = 3
_CELL = 2 * measure.PAD + measure.ICON + measure.GAP + measure.WIDEST + 3
PAGE = _COLUMNS * (_CELL + 2 * _PAD) + (_COLUMNS - 1) * _BETWEEN
"""Width of the page in pixels."""
_STRETCHED = 330.0
"""No box in a frame is wider."""
_ACTOR = 12.0 * PITCH
"""No box outside of frames is narrower."""


@dataclass(frozen=True)
class _Stack:
    """Frames below each other, and how many columns of boxes they have."""

    columns: int
    frames: tuple[str, ...]


def place(picture: Picture) -> Placed:
    """Rows of frames, then a way for each arrow."""
    inside = {group.id: [box for box in picture.boxes if box.group == group.id] for group in picture.groups}
    boxes: dict[str, Rect] = {}
    frames: dict[str, Rect] = {}
    y = 0.0
    for groups in _rows(picture, inside):
        stacks = _stacks(groups, inside)
        if not y:
            top = _actors(picture, boxes)
            y = top + _ROOM if top else 0.0
        y = _row(picture, stacks, inside, y, boxes, frames, _between(groups)) + _ROOMS
    if not picture.groups:
        _actors(picture, boxes)
    ends = frames | {box.id: boxes[box.id] for box in picture.boxes if box.group is None}
    lines = _ways(picture, ends, y)
    taken = [*frames.values(), *(strip for line in lines if line for strip in strips(line))]
    edges = [edge for area in ends.values() for edge in (area.x, area.x + area.w)]
    return assembled(picture, boxes, frames, lines, taken, (min(edges), max(edges)) if edges else None)


def _ways(picture: Picture, ends: dict[str, Rect], height: float) -> list[Line | None]:
    """A way for each arrow; those with the shortest way choose first, those with the same ends side by side."""
    lanes = Lanes(ends, PAGE, height)
    lines: list[Line | None] = [None] * len(picture.arrows)
    twins: dict[tuple[str, str], list[int]] = {}
    for index, arrow in enumerate(picture.arrows):
        twins.setdefault((arrow.source, arrow.target), []).append(index)
    for index in sorted(range(len(picture.arrows)), key=lambda at: _far(picture, at, ends)):
        arrow = picture.arrows[index]
        beside = twins[arrow.source, arrow.target]
        aside = (beside.index(index) - (len(beside) - 1) / 2) * 5 * PITCH
        size = measure.label(arrow.label)
        lines[index] = lanes.way(arrow.source, arrow.target, (size.width, size.height), aside)
    return lines


def _far(picture: Picture, at: int, ends: dict[str, Rect]) -> tuple[float, float]:
    one, other = ends[picture.arrows[at].source], ends[picture.arrows[at].target]
    down = max(other.y - one.y - one.h, one.y - other.y - other.h, 0.0)
    return down, abs(one.x + one.w / 2 - other.x - other.w / 2)


def _rows(picture: Picture, inside: dict[str, list[Box]]) -> list[list[Group]]:
    """Frames by row; what is reached from above comes first, and clusters beside the main one in a row of their own
    where that is lower."""
    numbers = {box.id: 0 for box in picture.boxes} | {group.id: group.row for group in picture.groups}
    reached = {arrow.target for arrow in picture.arrows if numbers[arrow.source] < numbers[arrow.target]}
    rows: list[list[Group]] = []
    for number in sorted({group.row for group in picture.groups}):
        row = sorted((group for group in picture.groups if group.row == number), key=lambda group: group.id not in reached)
        main, *others = [group.id for group in row if group.kind == "cluster"] or [""]
        if others and len(row) == len(others) + 1:
            beside = max(_grid(inside[main], 2), _tall(_Stack(1, tuple(others)), inside))
            below = _grid(inside[main], _COLUMNS) + _ROOMS + max(_grid(inside[id_], 1) for id_ in others)
            if below < beside:
                rows.append([group for group in row if group.id == main])
                row = [group for group in row if group.id != main]
        rows.append(row)
    return rows


def _stacks(groups: Sequence[Group], inside: dict[str, list[Box]]) -> list[_Stack]:
    """The frames of a row on three columns, so that the row is as low as it can be."""
    ids = [group.id for group in groups]
    if len(ids) == 1:
        return [_Stack(min(_COLUMNS, max(len(inside[ids[0]]), 1)), (ids[0],))]
    if groups[0].kind == groups[-1].kind == "cluster" and len(inside[ids[0]]) <= 2 * len(inside[ids[-1]]):
        return [_Stack(1, (id_,)) for id_ in ids]
    if len(ids) == 2 or groups[0].kind == "cluster":
        wide = 2 if len(inside[ids[0]]) > 1 else 1
        return [_Stack(wide, (ids[0],)), _Stack(1, tuple(ids[1:]))]
    ways = [[_Stack(1, (ids[0],)), _Stack(1, (ids[1],)), _Stack(1, tuple(ids[2:]))]]
    ways += [[_Stack(2, (wide,)), _Stack(1, tuple(id_ for id_ in ids if id_ != wide))] for wide in ids]
    return min(ways, key=lambda way: max(_tall(stack, inside) for stack in way))


def _tall(stack: _Stack, inside: dict[str, list[Box]]) -> float:
    return sum(_grid(inside[id_], stack.columns) for id_ in stack.frames) + _BETWEEN * (len(stack.frames) - 1)


def _grid(boxes: Sequence[Box], columns: int) -> float:
    """Height of a frame."""
    rows = [boxes[start : start + columns] for start in range(0, len(boxes), columns)]
    return _HEAD + _PAD + sum(max(measure.box(box).height for box in row) + _GAP for row in rows) - _GAP


def _row(picture: Picture, stacks: Sequence[_Stack], inside: dict[str, list[Box]], y: float,
         boxes: dict[str, Rect], frames: dict[str, Rect], between: float) -> float:
    """Place the frames of a row; returns where it ends. Frames of a row end at the same height."""
    cells = sum(stack.columns for stack in stacks)
    room = PAGE - between * (len(stacks) - 1) - sum(
        2 * _PAD + _GAP * (stack.columns - 1) for stack in stacks)
    cell = min(room / cells, _STRETCHED)
    total = PAGE - (room - cell * cells)
    bottom = y + max(_tall(stack, inside) for stack in stacks)
    x = (PAGE - total) / 2
    titles = {group.id: group for group in picture.groups}
    for stack in stacks:
        wide = stack.columns * cell + _GAP * (stack.columns - 1) + 2 * _PAD
        spare = (bottom - y - _tall(stack, inside)) / len(stack.frames)
        top = y
        for id_ in stack.frames:
            tall = _grid(inside[id_], stack.columns) + spare
            frames[id_] = Rect(x, top, max(wide, measure.group(titles[id_])[0] + 2 * _PAD), tall)
            _fill(inside[id_], stack.columns, x + _PAD, top + _HEAD, cell, boxes)
            top += tall + _BETWEEN
        x += wide + between
    return bottom


def _between(groups: Sequence[Group]) -> float:
    """Two clusters in a row of their own are passed by what comes from the main one; three need the room."""
    return 2 * _BETWEEN if len(groups) == 2 and all(group.kind == "cluster" for group in groups) else _BETWEEN


def _fill(inside: Sequence[Box], columns: int, x: float, y: float, cell: float, boxes: dict[str, Rect]) -> None:
    for start in range(0, len(inside), columns):
        row = inside[start : start + columns]
        tall = max(measure.box(box).height for box in row)
        for index, box in enumerate(row):
            boxes[box.id] = Rect(x + index * (cell + _GAP), y, cell, tall)
        y += tall + _GAP


def _actors(picture: Picture, boxes: dict[str, Rect]) -> float:
    """Boxes outside of frames stand above, evenly; returns where they end."""
    loose = [box for box in picture.boxes if box.group is None]
    if not loose:
        return 0.0
    faces = [measure.box(box) for box in loose]
    tall = max(face.height for face in faces)
    step = PAGE / len(loose)
    for index, (box, face) in enumerate(zip(loose, faces, strict=True)):
        wide = max(face.width, _ACTOR)
        boxes[box.id] = Rect(step * index + (step - wide) / 2, 0.0, wide, tall)
    return tall
