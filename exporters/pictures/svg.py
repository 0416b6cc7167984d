"""Draws a placed picture as one self-contained SVG: own shapes, icons and fonts inside, nothing that points anywhere.

Owns what the drawing looks like. Text reaches a file only through the sheet, which escapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from exporters.pictures import fonts, icons, measure, palette
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Arrow, Box, Group, Mark
from exporters.pictures.labels import Line
from exporters.pictures.layout import MARGIN, Placed, depth
from exporters.pictures.sheet import Sheet, Theme, icon_name, number, numbers, safe
from exporters.pictures.text import clean, wrapped

T = TypeVar("T")

_NARROWEST = 560.0


def draw(placed: Placed, theme: Theme = "auto", embed: bool = True) -> str:
    """The SVG of a placed picture. `embed=False` leaves the fonts out, for a rasteriser that is handed the files."""
    sheet, width, height = _drawn(placed, pieces=not embed)
    sheet.icons = sorted({box.icon for box in placed.picture.boxes if box.icon and icons.path(box.icon)})
    return sheet.file(placed.picture.title, describe(placed), width, height, theme, embed)


def size(placed: Placed) -> tuple[float, float]:
    """Width and height of the whole drawing in pixels, title, caption and legend included."""
    width = _width(placed)
    _, top = _words(placed, width)
    return round(width), round(_legend(Sheet(""), placed, width, top + placed.height + 14) + MARGIN - 6)


def _width(placed: Placed) -> float:
    return max(placed.width, _NARROWEST) + 2 * MARGIN


class _Line(NamedTuple):
    """A line above the picture; `y` is its baseline."""

    y: float
    text: str
    size: float
    style: str
    weight: fonts.Weight


def _words(placed: Placed, width: float) -> tuple[list[_Line], float]:
    """Lines of title and caption, and where the picture begins below them."""
    room, y, lines = width - 2 * MARGIN, MARGIN, []
    for text in wrapped(clean(placed.picture.title), measure.HEADING, "semibold", room, 2):
        y += measure.HEADING
        lines.append(_Line(y, text, measure.HEADING, "h", "semibold"))
        y += 6
    for text in wrapped(clean(placed.picture.caption, 600), measure.CAPTION, "regular", room, 4):
        y += measure.CAPTION * 1.15
        lines.append(_Line(y, text, measure.CAPTION, "c", "regular"))
        y += 3
    return lines, y + 18


def _drawn(placed: Placed, pieces: bool) -> tuple[Sheet, float, float]:
    view = "".join(char if char.isalnum() and char.isascii() else "-" for char in placed.picture.view)
    sheet = Sheet(view, pieces)
    width = _width(placed)
    lines, y = _words(placed, width)
    for line in lines:
        sheet.write(MARGIN, line.y, line.text, line.style, line.weight)
    left = (width - placed.width) / 2
    sheet.add(f'<g transform="translate({number(left)} {number(y)})">')
    _body(sheet, placed)
    sheet.add("</g>")
    y += placed.height + 14
    return sheet, width, _legend(sheet, placed, width, y) + MARGIN - 6


class Piece(NamedTuple):
    """A part of a drawing that looks the same wherever it stands."""

    area: Rect
    """What it may paint, in the whole drawing."""
    parts: tuple[str, ...]
    """Elements, from the corner of the area."""
    icon: str
    """The icon class in it, or nothing."""
    joined: bool
    """True for what meets other pieces: it is out of place already by a part of a pixel."""


ICONS = "piece"
"""The view by which pieces name their icons."""


def pieces(placed: Placed) -> Iterator[Piece]:
    """The same drawing as `draw` makes, in parts, each above those before it; the paper is not among them."""
    picture = placed.picture
    width = _width(placed)
    lines, top = _words(placed, width)
    left = (width - placed.width) / 2

    def piece(area: Rect, around: float, add: Callable[[Sheet, T, Rect], object], what: T, icon: str = "",
              joined: bool = False) -> Piece:
        sheet = Sheet(ICONS, pieces=True)
        add(sheet, what, Rect(around, around, area.w, area.h))
        return Piece(Rect(area.x - around, area.y - around, area.w + 2 * around, area.h + 2 * around), tuple(sheet.parts),
                     icon, joined)

    for line in lines:
        yield piece(Rect(MARGIN, line.y - line.size, width - 2 * MARGIN, line.size * 1.4), 2, _write, line)
    for group in sorted(picture.groups, key=lambda group: depth(picture, group)):
        if group.id in placed.groups:
            yield piece(placed.groups[group.id].moved(left, top), 2, _group, group, joined=True)
    for box in picture.boxes:
        if box.kind == "summary" and box.id in placed.boxes:
            yield piece(placed.boxes[box.id].moved(left + 4, top + 4), 2, _second, box)
    ways = [(arrow, way) for arrow, way in zip(picture.arrows, placed.lines, strict=False) if way is not None]
    for arrow, way in ways:
        xs, ys = zip(*way.points, way.tip, strict=True)
        area = Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        yield piece(area.moved(left, top), 6, _way, (arrow, way.moved(-area.x, -area.y)), joined=True)
    for arrow, way in ways:
        if way.label is not None:
            yield piece(way.label.moved(left, top), 2, _label, arrow)
    for group in picture.groups:
        if group.id in placed.groups:
            yield piece(placed.title(group).moved(left, top), 2, _group_title, group)
    for box in picture.boxes:
        if box.id in placed.boxes:
            icon = box.icon if box.icon and icons.path(box.icon) else ""
            yield piece(placed.boxes[box.id].moved(left, top), 9, _box, box, icon)
    start = top + placed.height + 14
    below = _legend(Sheet(""), placed, width, start)
    if below > start:
        yield piece(Rect(0, start, width, below - start), 0, _meanings, placed)


def _write(sheet: Sheet, line: _Line, area: Rect) -> None:
    sheet.write(area.x, area.y + line.size, line.text, line.style, line.weight)


def _second(sheet: Sheet, box: Box, area: Rect) -> None:
    sheet.rect(area, f"b b-{box.kind}")


def _way(sheet: Sheet, one: tuple[Arrow, Line], area: Rect) -> None:
    _arrow(sheet, one[0], one[1].moved(area.x, area.y))


def _meanings(sheet: Sheet, placed: Placed, area: Rect) -> None:
    _legend(sheet, placed, area.w, area.y)


def describe(placed: Placed) -> str:
    """What a screen reader says: the caption, what is in the picture, and every connection in words."""
    picture = placed.picture
    names = {group.id: clean(group.title) for group in picture.groups}
    names |= {box.id: clean(box.title) for box in picture.boxes}
    words = [clean(picture.caption, 600)]
    for group in picture.groups:
        inside = [names[box.id] for box in picture.boxes if box.group == group.id]
        if inside:
            words.append(f"{clean(group.title)}: {', '.join(inside)}.")
    outside = [names[box.id] for box in picture.boxes if box.group is None]
    if outside:
        words.append(f"Around it: {', '.join(outside)}.")
    for arrow in picture.arrows:
        label = f" ({clean(arrow.label)})" if arrow.label else ""
        words.append(f"{names[arrow.source]} to {names[arrow.target]}: {palette.ARROWS[arrow.kind].words}{label}.")
    return " ".join(words)


def _body(sheet: Sheet, placed: Placed) -> None:
    picture = placed.picture
    for group in sorted(picture.groups, key=lambda group: depth(picture, group)):
        if group.id in placed.groups:
            _group(sheet, group, placed.groups[group.id])
    for box in picture.boxes:
        if box.kind == "summary" and box.id in placed.boxes:  # below the arrows, whose tips end at the edge of the box
            _second(sheet, box, placed.boxes[box.id].moved(4, 4))
    for arrow, line in zip(picture.arrows, placed.lines, strict=False):
        if line is not None:
            _arrow(sheet, arrow, line)
    for arrow, line in zip(picture.arrows, placed.lines, strict=False):
        if line is not None and line.label is not None:
            _label(sheet, arrow, line.label)
    for group in picture.groups:
        if group.id in placed.groups:
            _group_title(sheet, group, placed.title(group))
    for box in picture.boxes:
        if box.id in placed.boxes:
            _box(sheet, box, placed.boxes[box.id])


def _mark(mark: Mark) -> str:
    return f" m-{mark}" if mark else ""


def _group(sheet: Sheet, group: Group, area: Rect) -> None:
    sheet.rect(area, f"g g-{group.kind}{_mark(group.mark)}", 12)


def _group_title(sheet: Sheet, group: Group, area: Rect) -> None:
    _, high, title, note = measure.group(group)
    y = area.y + 1 + high * 0.72
    sheet.rect(area, f"u-{group.kind}{_mark(group.mark)}", 4)
    sheet.write(area.x + 2, y, title, "gt", "semibold")
    if note:
        x = area.x + 2 + fonts.width(title, measure.GROUP, "semibold") + 8
        sheet.write(x, y, note, "gn", "regular")


def _arrow(sheet: Sheet, arrow: Arrow, line: Line) -> None:
    head = " ".join(f"{number(x)} {number(y)}" for x, y in line.points[:1])
    path = f"M{head}"
    if len(line.points) > 1:
        path += "C" + " ".join(f"{number(x)} {number(y)}" for x, y in line.points[1:])
    sheet.add(f'<path d="{path}" class="a a-{arrow.kind}{_mark(arrow.mark)}"/>')
    (x0, y0), (x1, y1) = line.points[-1], line.tip
    dx, dy = x1 - x0, y1 - y0
    long = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / long, dy / long
    bx, by = x1 - ux * 8, y1 - uy * 8
    points = ((x1, y1), (bx - uy * 3.6, by + ux * 3.6), (bx + uy * 3.6, by - ux * 3.6))
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    sheet.add(f'<polygon points="{corners}" class="t-{arrow.kind}{_mark(arrow.mark)}"/>')


def _label(sheet: Sheet, arrow: Arrow, area: Rect) -> None:
    size = measure.label(arrow.label)
    sheet.rect(Rect(area.x + 1, area.y + 1, area.w - 2, area.h - 2), "halo", 4)
    for index, line in enumerate(size.lines):
        y = area.y + 2 + measure.LABEL * (measure.LEADING * index + 0.96)
        sheet.write(area.x + area.w / 2, y, line, f"l l-{arrow.kind}", "regular", "middle")


def _box(sheet: Sheet, box: Box, area: Rect) -> None:
    face = measure.box(box)
    if box.link:
        sheet.add(f'<a href="{escape(way_to(box.link), quote=True)}">')
    tip = "; ".join((box.title, *([box.subtitle] if box.subtitle else []), *box.members))
    sheet.add(f"<g><title>{safe(tip)}</title>")
    sheet.rect(area, f"b b-{box.kind}{_mark(box.mark)}")
    tile = Rect(area.x + measure.PAD - 1, area.y + (area.h - measure.ICON) / 2, measure.ICON, measure.ICON)
    if box.icon and icons.path(box.icon):
        sheet.rect(Rect(tile.x - 2, tile.y - 2, tile.w + 4, tile.h + 4), "icon", 6)
        sheet.add(f'<use href="#{sheet.view}-{icon_name(box.icon)}" '
                  + numbers('x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>', tile.x, tile.y, tile.w, tile.h))
    else:
        sheet.rect(tile, "tile", 8)
        letters = clean(box.glyph or icons.initials(clean(box.title)), 3)
        sheet.write(tile.x + tile.w / 2, tile.y + tile.h / 2 + 4.8, letters, "tl", "semibold", "middle")
    x = tile.x + measure.ICON + measure.GAP
    tall = (len(face.title) * measure.TITLE + len(face.subtitle) * measure.SMALL) * measure.LEADING
    y = area.y + (area.h - tall) / 2
    for line in face.title:
        sheet.write(x, y + measure.TITLE * 0.98, line, "bt", "semibold")
        y += measure.TITLE * measure.LEADING
    for line in face.subtitle:
        sheet.write(x, y + measure.SMALL * 0.98, line, "bs", "regular")
        y += measure.SMALL * measure.LEADING
    if box.mark:
        _badge(sheet, box.mark, area.x + area.w - 4, area.y + 4)
    sheet.add("</g></a>" if box.link else "</g>")


def way_to(link: str) -> str:
    """A relative link, percent-encoded: a colon cannot make it an address of some other scheme."""
    return quote(link, safe="/#?=&._~-", errors="replace").lstrip("/")


def _badge(sheet: Sheet, mark: Mark, x: float, y: float) -> None:
    """A sign by shape and letter: circle and plus, diamond and minus, square and tilde."""
    if mark == "added":
        sheet.add(f'<circle cx="{number(x)}" cy="{number(y)}" r="9" class="k-added"/>')
    elif mark == "removed":
        corners = f"{number(x)},{number(y - 11)} {number(x + 11)},{number(y)} {number(x)},{number(y + 11)} " \
                  f"{number(x - 11)},{number(y)}"
        sheet.add(f'<polygon points="{corners}" class="k-removed"/>')
    else:
        sheet.rect(Rect(x - 8.5, y - 8.5, 17, 17), "k-changed", 2)
    sheet.write(x, y + 4.6, palette.SIGNS[mark], "ks", "semibold", "middle")


def _legend(sheet: Sheet, placed: Placed, width: float, y: float) -> float:
    """The meaning of arrows and marks in use, below the picture; returns where it ends."""
    used = {arrow.kind for arrow in placed.picture.arrows}
    marks = ({box.mark for box in placed.picture.boxes} | {arrow.mark for arrow in placed.picture.arrows}) - {""}
    x, line = MARGIN, 22.0
    if not used and not marks:
        return y
    for kind, stroke in palette.ARROWS.items():
        if kind not in used:
            continue
        long = 40 + fonts.width(stroke.words, measure.SMALL, "regular") + 22
        if x + long > width - MARGIN and x > MARGIN:
            x, y = MARGIN, y + line
        sheet.add(f'<path d="M{number(x)} {number(y + 11)}H{number(x + 27)}" class="a a-{kind}"/>')
        sheet.add(f'<polygon points="{number(x + 34)},{number(y + 11)} {number(x + 26)},{number(y + 7.4)} '
                  f'{number(x + 26)},{number(y + 14.6)}" class="t-{kind}"/>')
        sheet.write(x + 40, y + 15, stroke.words, "lg", "regular")
        x += long
    for mark, words in palette.MARKS.items():
        if mark not in marks:
            continue
        long = 26 + fonts.width(words, measure.SMALL, "regular") + 22
        if x + long > width - MARGIN and x > MARGIN:
            x, y = MARGIN, y + line
        _badge(sheet, mark, x + 10, y + 11)
        sheet.write(x + 26, y + 15, words, "lg", "regular")
        x += long
    return y + line
