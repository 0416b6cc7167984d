"""A picture as an uncompressed draw.io file, laid out as in the SVG, to be opened and edited afterwards.

Format: https://www.drawio.com/doc/faq/drawio-style-reference and the mxGraphModel of its own files.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise

from exporters.pictures import palette
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Mark
from exporters.pictures.labels import Line
from exporters.pictures.layout import MARGIN, Placed
from exporters.pictures.sheet import number
from exporters.pictures.svg import size
from exporters.pictures.text import clean


def _attribute(text: str) -> str:
    return escape(text, quote=True)


def _html(text: str) -> str:
    """Text for a cell with html=1: escaped once for HTML, and by the caller once more for XML."""
    return escape(clean(text, 300), quote=True)


def write(placed: Placed) -> str:
    """The file."""
    picture = placed.picture
    width, height = size(placed)
    tint = palette.LIGHT
    groups = {group.id: f"g{index}" for index, group in enumerate(picture.groups) if group.id in placed.groups}
    boxes = {box.id: f"b{index}" for index, box in enumerate(picture.boxes) if box.id in placed.boxes}
    cells = []
    for group in picture.groups:
        if group.id not in groups:
            continue
        value = f"<b>{_html(group.title)}</b>" + (f" {_html(group.note)}" if group.note else "")
        style = f"rounded=1;arcSize=3;html=1;whiteSpace=wrap;align=left;verticalAlign=top;spacingLeft=8;container=0;" \
                f"fillColor={tint[group.kind]};strokeColor={tint['frame']};fontColor={tint['ink']};" \
                + ("dashed=1;" if group.kind == "zone" else "")
        cells.append(_cell(groups[group.id], value, style, placed.groups[group.id]))
    for box in picture.boxes:
        if box.id not in boxes:
            continue
        value = f"<b>{_html(box.title)}</b>" + (f"<br>{_html(box.subtitle)}" if box.subtitle else "")
        style = f"rounded=1;html=1;whiteSpace=wrap;fontColor={tint['ink']};strokeColor={_stroke(box.mark)};" \
                f"fillColor={tint.get(box.kind, tint['box'])};"
        cells.append(_cell(boxes[box.id], value, style, placed.boxes[box.id]))
    ends = groups | boxes
    for index, arrow in enumerate(picture.arrows):
        stroke = palette.ARROWS[arrow.kind]
        colour = _stroke(arrow.mark) if arrow.mark else stroke.light
        style = f"html=1;rounded=1;endArrow=block;strokeColor={colour};fontColor={colour};" \
                "labelBackgroundColor=#ffffff;" \
                + (f"dashed=1;dashPattern={stroke.dash};" if stroke.dash else "")
        line = placed.lines[index] if index < len(placed.lines) else None
        areas = {**placed.groups, **placed.boxes}
        if line is not None:
            style += _ends(line, areas[arrow.source], areas[arrow.target])
        cells.append(
            f'<mxCell id="e{index}" value="{_attribute(_html(arrow.label))}" style="{_attribute(style)}" edge="1" '
            f'parent="1" source="{ends[arrow.source]}" target="{ends[arrow.target]}">'
            f'<mxGeometry relative="1" as="geometry">{_knots(line) if line else ""}</mxGeometry></mxCell>')
    body = "\n".join(cells)
    return (
        '<mxfile host="k8s-wizard">\n'
        f'<diagram id="{_attribute(clean(picture.view))}" name="{_attribute(clean(picture.title))}">\n'
        f'<mxGraphModel grid="1" gridSize="10" page="1" pageWidth="{number(width)}" pageHeight="{number(height)}">'
        '<root>\n<mxCell id="0"/>\n<mxCell id="1" parent="0"/>\n'
        f"{body}\n</root></mxGraphModel>\n</diagram>\n</mxfile>\n"
    )


def _ends(line: Line, source: Rect, target: Rect) -> str:
    """Where an arrow leaves and enters, as shares of the sides, so that several between two cells stay apart."""
    (x0, y0), (x1, y1) = line.points[0], line.tip
    shares = ((x0 - source.x) / source.w, (y0 - source.y) / source.h, (x1 - target.x) / target.w, (y1 - target.y) / target.h)
    keys = ("exitX", "exitY", "entryX", "entryY")
    return "exitPerimeter=0;entryPerimeter=0;" + "".join(
        f"{key}={min(max(share, 0.0), 1.0):.3f};" for key, share in zip(keys, shares, strict=True)) + (
        "" if straight(line) else "curved=1;")


def straight(line: Line) -> bool:
    """True for a way along lanes: every part runs across or down, but for the rounded corners."""
    knots = [*line.points[::3], line.tip]
    return all(abs(x0 - x1) < 1 or abs(y0 - y1) < 1 or abs(x0 - x1) + abs(y0 - y1) < 30
               for (x0, y0), (x1, y1) in pairwise(knots))


def _knots(line: Line) -> str:
    """The points between which an arrow bends."""
    points = "".join(f'<mxPoint x="{number(x + MARGIN)}" y="{number(y + MARGIN)}"/>' for x, y in line.points[3:-1:3])
    return f'<Array as="points">{points}</Array>' if points else ""


def _stroke(mark: Mark) -> str:
    return palette.LIGHT[mark] if mark else palette.LIGHT["line"]


def _cell(id_: str, value: str, style: str, area: Rect) -> str:
    return (f'<mxCell id="{id_}" value="{_attribute(value)}" style="{_attribute(style)}" vertex="1" parent="1">'
            f'<mxGeometry x="{number(area.x + MARGIN)}" y="{number(area.y + MARGIN)}" width="{number(area.w)}" '
            f'height="{number(area.h)}" as="geometry"/></mxCell>')
