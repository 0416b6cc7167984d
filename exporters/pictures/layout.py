"""Where everything in a picture goes: boxes, frames, arrows, labels, in pixels, y downwards.

Flow pictures are laid out by the engine from a DOT graph in which every size was measured with the shipped fonts, so
that no engine needs to know a font. Pictures of panels are laid out in `panels`. Drawing is in `svg`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exporters.pictures import engine, measure
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Box, Group, Picture
from exporters.pictures.labels import Line, settled

MARGIN = 24.0
_SHARES = (0.0, 1.0, 0.5, 0.25, 0.75, 0.1, 0.9, 0.4, 0.6, 0.33, 0.67, 0.17, 0.83)
"""How far right in its frame a title may stand, the best first."""
_WIDENED, _ROOMY = 300.0, 650.0
"""No frame is made wider than this for its title's sake, and none in a picture that has a row of boxes wider than that."""
INSET = 6.0
"""Frames are drawn this much smaller than the engine leaves room for, so that two never touch."""


@dataclass(frozen=True)
class Placed:
    """A picture with the place of everything in it (of its body: title, caption and legend come with drawing)."""

    picture: Picture
    width: float
    height: float
    boxes: Mapping[str, Rect]
    groups: Mapping[str, Rect]
    lines: tuple[Line | None, ...]
    """One for each arrow, in the picture's order."""
    titles: Mapping[str, Rect] = field(default_factory=dict)
    """Where the titles of frames stand; at the left where nothing is said."""

    def title(self, group: Group) -> Rect:
        """Where the title of a frame stands."""
        return self.titles.get(group.id) or title_area(group, self.groups[group.id])


def place(picture: Picture, answer: Mapping[str, Any] | None = None) -> Placed:
    """Lay a picture out; PictureError when the engine does not work. `answer` is what the engine said, where it was
    asked before."""
    if picture.form == "panels":
        from exporters.pictures.panels import place as beside_each_other

        return beside_each_other(picture)
    if picture.form == "blocks":
        from exporters.pictures.blocks import place as in_blocks

        return in_blocks(picture)
    return read(picture, engine.run(dot(picture)) if answer is None else answer)


def dot(picture: Picture) -> str:
    """The DOT graph handed to the engine: plain names, measured sizes, no text from anybody."""
    names = {box.id: f"n{index}" for index, box in enumerate(picture.boxes)}
    lines = [
        "digraph picture {",
        f'graph [rankdir={picture.direction} nodesep=0.36 ranksep=0.5 margin=0 newrank=true splines=spline '
        "outputorder=edgesfirst remincross=true]",
        'node [shape=box fixedsize=true label=""]', "edge [arrowsize=0.7]",
    ]
    _fill(lines, picture, None, names, max(_rows(picture, _ranks(picture)).values(), default=0.0) <= _ROOMY)
    lines += [f"{{rank=same {' '.join(names[id_] for id_ in row)}}}" for row in picture.rows]
    lines += [f"{names[tail]} -> {names[head]} [style=invis weight=2]" for tail, head in _columns(picture)]
    lines += [f"{{rank=same {' '.join(names[id_] for id_ in row)}}}" for row in _beside(picture)]
    for index, arrow in enumerate(picture.arrows):
        size = measure.label(arrow.label)
        label = f" label={room_for(size.width, size.height)}" if size.lines else ""
        label += " minlen=2" if arrow.target in picture.low and not arrow.back else ""
        tail, head = names[arrow.source], names[arrow.target]
        lines.append(f"{head} -> {tail} [id=e{index} dir=back{label}]" if arrow.back
                     else f"{tail} -> {head} [id=e{index}{label}]")
    return "\n".join([*lines, "}"])


def room_for(width: float, height: float) -> str:
    """An empty label of a given size in pixels."""
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" ' \
           f'WIDTH="{int(width)}" HEIGHT="{int(height)}"><TR><TD></TD></TR></TABLE>>'


def _fill(lines: list[str], picture: Picture, parent: str | None, names: Mapping[str, str], roomy: bool) -> None:
    for box in picture.boxes:
        if box.group == parent:
            face = measure.box(box)
            lines.append(f"{names[box.id]} [width={face.width / 72:.5f} height={face.height / 72:.5f}]")
    for index, group in enumerate(picture.groups):
        if group.parent == parent:
            wide, high, _, _ = measure.group(group)
            wide = max(wide + 2 * INSET, _passed(picture, group, wide) if roomy else 0)
            lines.append(f"subgraph cluster_{index} {{ label={room_for(wide, high + INSET)} labeljust=l margin=18")
            _fill(lines, picture, group.id, names, roomy)
            lines.append("}")


def _passed(picture: Picture, group: Group, title: float) -> float:
    """How wide a frame is kept at least, so that an arrow from above to the only box in it passes beside the title."""
    inside = [box.id for box in picture.boxes if box.group == group.id]
    if len(inside) != 1 or picture.direction != "TB" or any(inner.parent == group.id for inner in picture.groups):
        return 0.0
    entered = any(inside[0] == (arrow.source if arrow.back else arrow.target) for arrow in picture.arrows)
    return 2 * title + 28 if entered and 2 * title + 28 <= _WIDENED else 0.0


def _beside(picture: Picture) -> list[tuple[str, ...]]:
    """Loose boxes stand beside a joined box of their frame, not at the top of the picture: beside the one in whose row
    most room is left."""
    ranks = _ranks(picture)
    wide = _rows(picture, ranks)
    joined = {end for arrow in picture.arrows for end in (arrow.source, arrow.target)}
    parents = {group.id: group.parent for group in picture.groups}
    rows = []
    for group in picture.groups:
        loose = [box.id for box in picture.boxes if box.group == group.id and box.id not in joined][:3]
        inside = {group.id}
        for _ in picture.groups:
            inside |= {child for child, parent in parents.items() if parent in inside}
        first = min((box.id for box in picture.boxes if box.group in inside and box.id in joined),
                    key=lambda id_: wide[ranks[id_]], default=None)
        if loose and first is not None:
            rows.append((first, *loose))
    return rows


def _rows(picture: Picture, ranks: Mapping[str, int]) -> dict[int, float]:
    """How wide the boxes of each row are together."""
    wide: dict[int, float] = {}
    for box in picture.boxes:
        wide[ranks[box.id]] = wide.get(ranks[box.id], 0.0) + measure.box(box).width
    return wide


def _ranks(picture: Picture) -> dict[str, int]:
    """In which row the engine will put each box, nearly: one below the lowest that points at it."""
    ranks = {box.id: 0 for box in picture.boxes}
    for _ in range(len(ranks)):  # ends after as many rounds at the latest: arrows may go round in a circle
        moved = False
        for arrow in picture.arrows:
            above, below = (arrow.target, arrow.source) if arrow.back else (arrow.source, arrow.target)
            if ranks[below] <= ranks[above] < len(ranks) - 1:
                ranks[below], moved = ranks[above] + 1, True
        if not moved:
            break
    return ranks


def _columns(picture: Picture) -> list[tuple[str, str]]:
    """Pairs of boxes without arrows that should follow each other, so that a group of loose boxes becomes a block."""
    joined = {end for arrow in picture.arrows for end in (arrow.source, arrow.target)}
    loose: dict[str | None, list[Box]] = {}
    for box in picture.boxes:
        if box.id not in joined:
            loose.setdefault(box.group, []).append(box)
    pairs = []
    for boxes in loose.values():
        side = 3 if picture.direction == "TB" else 4
        pairs += [(boxes[index].id, boxes[index + side].id) for index in range(len(boxes) - side)]
    return pairs


def floats(text: str) -> list[float]:
    """Numbers of a position as the engine writes them."""
    return [float(part) for part in text.split(",")]


def read(picture: Picture, answer: Mapping[str, Any]) -> Placed:
    """The engine's answer, turned into pixels from the top left."""
    left, _, _, top = floats(answer["bb"])
    names = {f"n{index}": box for index, box in enumerate(picture.boxes)}
    clusters = {f"cluster_{index}": group for index, group in enumerate(picture.groups)}
    boxes: dict[str, Rect] = {}
    groups: dict[str, Rect] = {}
    for item in answer.get("objects", ()):
        if item["name"] in names:
            box = names[item["name"]]
            face = measure.box(box)
            x, y = floats(item["pos"])
            boxes[box.id] = Rect(x - left - face.width / 2, top - y - face.height / 2, face.width, face.height)
        elif item["name"] in clusters and "bb" in item:
            x0, y0, x1, y1 = floats(item["bb"])
            frame = Rect(x0 - left, top - y1, x1 - x0, y1 - y0)
            groups[clusters[item["name"]].id] = Rect(frame.x + INSET, frame.y + INSET, frame.w - 2 * INSET,
                                                     frame.h - 2 * INSET)
    lines: list[Line | None] = [None] * len(picture.arrows)
    for edge in answer.get("edges", ()):
        if "id" not in edge or "pos" not in edge:
            continue
        index = int(edge["id"][1:])
        lines[index] = line_of(edge, left, top, measure.label(picture.arrows[index].label))
    return assembled(picture, boxes, groups, lines)


def line_of(edge: Mapping[str, Any], left: float, top: float, size: measure.Label) -> Line:
    """The way of one edge of the engine's answer."""
    points: list[tuple[float, float]] = []
    tip: tuple[float, float] | None = None
    back = False
    for part in str(edge["pos"]).split():
        if part.startswith("e,"):
            x, y = floats(part[2:])
            tip = (x - left, top - y)
        elif part.startswith("s,"):
            x, y = floats(part[2:])
            tip, back = (x - left, top - y), True
        else:
            x, y = floats(part)
            points.append((x - left, top - y))
    if back:
        points.reverse()
    label = None
    if size.lines and "lp" in edge:
        x, y = floats(edge["lp"])
        label = Rect(x - left - size.width / 2, top - y - size.height / 2, size.width, size.height)
    return Line(tuple(points), tip or points[-1], label)


def assembled(picture: Picture, boxes: dict[str, Rect], groups: dict[str, Rect],
             lines: Sequence[Line | None], taken: Iterable[Rect] = (),
             within: tuple[float, float] | None = None) -> Placed:
    """Labels settled, and everything moved so that the body starts at its corner: curves may bulge out of the engine's
    own frame. No label stands on what is `taken`, and none outside of `within` from left to right where it can be helped."""
    titles = {group.id: _undisturbed(group, groups[group.id], lines) for group in picture.groups if group.id in groups}
    lines = settled(lines, [*boxes.values(), *titles.values(), *taken], within)
    rects = [*boxes.values(), *groups.values(), *(line.label for line in lines if line and line.label)]
    spots = [point for line in lines if line for point in (*line.points, line.tip)]
    low_x = min([rect.x for rect in rects] + [x for x, _ in spots])
    low_y = min([rect.y for rect in rects] + [y for _, y in spots])
    high_x = max([rect.x + rect.w for rect in rects] + [x for x, _ in spots])
    high_y = max([rect.y + rect.h for rect in rects] + [y for _, y in spots])
    dx, dy = -low_x, -low_y
    return Placed(
        picture, high_x - low_x, high_y - low_y,
        {id_: rect.moved(dx, dy) for id_, rect in boxes.items()},
        {id_: rect.moved(dx, dy) for id_, rect in groups.items()},
        tuple(line and line.moved(dx, dy) for line in lines),
        {id_: area.moved(dx, dy) for id_, area in titles.items()},
    )


def _undisturbed(group: Group, area: Rect, lines: Sequence[Line | None]) -> Rect:
    """A title's place at the left of its frame, or further right where an arrow would run through it."""
    first = title_area(group, area)
    strip = Rect(area.x, first.y - 3, area.w, first.h + 6)
    passing = [x for line in lines if line for x in line.within(strip)]
    room = max(area.w - first.w - 20, 0.0)
    for share in _SHARES if passing else ():
        found = first.moved(room * share, 0.0)
        if not any(found.x - 4 <= x <= found.x + found.w + 4 for x in passing):
            return found
    return first


def title_area(group: Group, area: Rect) -> Rect:
    """Where a frame's title stands."""
    wide, high, _, _ = measure.group(group)
    return Rect(area.x + 10, area.y + 4, wide, high)


def depth(picture: Picture, group: Group) -> int:
    """How many frames are around a frame."""
    count, parent = 0, group.parent
    while parent is not None:
        count, parent = count + 1, picture.group(parent).parent
    return count
