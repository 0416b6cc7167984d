"""Finds what stands in something else's way, from the SVG alone: texts are measured, boxes read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from exporters.pictures import fonts, measure
from exporters.pictures.geometry import Rect

_SVG = "{http://www.w3.org/2000/svg}"
_SIZES: dict[str, tuple[float, fonts.Weight]] = {
    "h": (measure.HEADING, "semibold"), "c": (measure.CAPTION, "regular"), "bt": (measure.TITLE, "semibold"),
    "bs": (measure.SMALL, "regular"), "gn": (measure.SMALL, "regular"), "lg": (measure.SMALL, "regular"),
    "gt": (measure.GROUP, "semibold"), "l": (measure.LABEL, "regular"), "tl": (13.5, "semibold"),
    "ks": (14, "semibold"),
}


@dataclass(frozen=True)
class Thing:
    """A piece of the drawing and where it is. A badge sits on the corner of its box on purpose."""

    what: str
    text: str
    area: Rect


def things(svg: str) -> tuple[Rect, list[Thing]]:
    """The canvas, and every text and box on it."""
    root = ElementTree.fromstring(svg)
    found: list[Thing] = []
    _walk(root, 0.0, 0.0, found)
    return Rect(0, 0, float(root.attrib["width"]), float(root.attrib["height"])), found


def _walk(element: ElementTree.Element, x: float, y: float, found: list[Thing]) -> None:
    moved = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", element.attrib.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    style = element.attrib.get("class", "").split()
    if element.tag == f"{_SVG}text":
        size, weight = _SIZES[style[0]]
        text = element.text or ""
        wide = fonts.width(text, size, weight)
        left = float(element.attrib["x"]) + x - (wide / 2 if element.attrib.get("text-anchor") == "middle" else 0)
        what = "badge" if style[0] == "ks" else "text"
        found.append(Thing(what, text, Rect(left, float(element.attrib["y"]) + y - size * 0.78, wide, size * 0.98)))
    if element.tag == f"{_SVG}rect" and style[:1] == ["b"]:
        area = Rect(*(float(element.attrib[name]) for name in ("x", "y", "width", "height"))).moved(x, y)
        found.append(Thing("box", "", area))
    for child in element:
        _walk(child, x, y, found)


def overlaps(svg: str) -> list[str]:
    """Every pair in each other's way, and everything that is cut off by the edge of the canvas."""
    canvas, found = things(svg)
    said = [f"{thing.what} {thing.text!r} is cut off" for thing in found if not canvas.contains(thing.area)]
    texts = [thing for thing in found if thing.what != "box"]
    boxes = [thing.area for thing in found if thing.what == "box"]
    for index, one in enumerate(texts):
        said += [f"{one.text!r} and {other.text!r}" for other in texts[index + 1 :] if one.area.overlaps(other.area)]
        said += [f"{one.text!r} crosses the edge of a box" for box in boxes if one.what == "text"
                 and box.overlaps(one.area) and not box.contains(one.area)]
    for index, one_box in enumerate(boxes):
        # the second edge of a folded box lies four pixels behind it and belongs to it
        said += [f"boxes at {one_box} and {box}" for box in boxes[index + 1 :] if one_box.overlaps(box)
                 and one_box.moved(-4, -4) != box and one_box.moved(4, 4) != box
                 and not (abs(one_box.x - box.x) < 4.5 and abs(one_box.y - box.y) < 4.5)]
    return said
