"""Pictures for a terminal: which a design has, one of them as an image, as text, or as the source of a format.

The text form says in lines what the picture shows: frames with their boxes, then the connections. It is made for
terminals without images and for pipes, so it holds no control characters whatever people call their things.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator

from catalog.design import Design
from catalog.errors import UsageError
from exporters.pictures import exporter, icons, lifecycle, palette, raster, svg
from exporters.pictures.faults import PictureError
from exporters.pictures.formats import TEXT
from exporters.pictures.graph import Picture
from exporters.pictures.layout import Placed
from exporters.pictures.sheet import Theme
from exporters.pictures.subject import Subject
from exporters.pictures.text import clean
from exporters.pictures.views import VIEWS

SOURCES = {"mermaid": "mmd", "dot": "dot", "svg": "svg", "drawio": "drawio"}
"""Names of formats as they are asked for, and their suffix."""


def pictures(about: Subject) -> Iterator[tuple[str, Picture]]:
    """What there is to show, by the name of the view, before it is laid out; each is made when it is looked at."""
    for view in VIEWS:
        picture = view.make(about, view.most)
        if picture is not None:
            yield view.name, picture


def views(about: Subject) -> tuple[str, ...]:
    """The names of the views that have something to show."""
    return (*(name for name, _ in pictures(about)), *((lifecycle.NAME,) if lifecycle.dated(about.design) else ()))


def image(about: Subject, view: str, dark: bool = True, width: int = 0) -> io.BytesIO:
    """A view as PNG (0: as wide as it is); PictureError when it cannot be drawn, UsageError when there is no such view."""
    theme: Theme = "dark" if dark else "light"
    dates = lifecycle.draw(about.design, theme=theme, embed=False) if view == lifecycle.NAME else None
    drawn = dates or svg.draw(placed(about, view), theme, embed=False)
    return io.BytesIO(raster.png(icons.coarse(drawn), width=width))


def source(about: Subject, view: str, form: str) -> str:
    """A view as `text`, or in the source of a format (`mermaid`, `dot`, `svg`, `drawio`); errors as in `image`."""
    if view == lifecycle.NAME:
        return _lifecycle(about.design, form)
    found = placed(about, view)
    if form == "text":
        return "\n".join(lines(found.picture)) + "\n"
    return TEXT[SOURCES[form]](found)


def _lifecycle(design: Design, form: str) -> str:
    text = lifecycle.draw(design)
    if text is None:
        raise PictureError(f"this design has nothing to show in the view {lifecycle.NAME}")
    if form not in ("text", "svg"):
        raise UsageError(f"the view {lifecycle.NAME} is a chart of days: it is there as text, image and svg")
    return text if form == "svg" else "\n".join(lifecycle.lines(design)) + "\n"


def lines(picture: Picture) -> Iterator[str]:
    """A picture in words."""
    yield clean(picture.title)
    yield clean(picture.caption, 600)
    names = {group.id: clean(group.title) for group in picture.groups} | {
        box.id: clean(box.title) for box in picture.boxes}
    yield from _inside(picture, None, "")
    if picture.arrows:
        yield ""
        yield "Connections"
        wide = min(max(len(names[arrow.source]) for arrow in picture.arrows), 40)
        for arrow in picture.arrows:
            label = f" ({clean(arrow.label)})" if clean(arrow.label) else ""
            words = palette.ARROWS[arrow.kind].words.split(":")[0]
            sign = {"added": "+ ", "removed": "- ", "changed": "~ "}.get(arrow.mark, "")
            yield f"  {sign}{names[arrow.source]:<{wide}} -> {names[arrow.target]}: {words}{label}"


def broken(text: str, columns: int) -> str:
    """The text with lines that end between words, at most `columns` wide; what goes on stands further in."""
    lines = []
    for line in text.splitlines():
        inner = " " * (len(line) - len(line.lstrip()) + 4) if line.startswith((" ", "[")) else ""
        lines += textwrap.wrap(line, max(columns - 1, 20), subsequent_indent=inner, break_on_hyphens=False) or [""]
    return "\n".join(lines) + "\n"


def _inside(picture: Picture, parent: str | None, margin: str) -> Iterator[str]:
    boxes = [box for box in picture.boxes if box.group == parent]
    if boxes and parent is None:
        yield ""
    for box in boxes:
        sign = {"added": "+ ", "removed": "- ", "changed": "~ "}.get(box.mark, "")
        said = clean(", ".join(box.members) if box.members else box.subtitle, 300)
        yield f"{margin}{'  ' if parent else ''}{sign}{clean(box.title)}{f' - {said}' if said else ''}"
    for group in picture.groups:
        if group.parent == parent:
            if parent is None:
                yield ""
            note = f" ({clean(group.note)})" if clean(group.note) else ""
            yield f"{margin}{'  ' if parent else ''}[{clean(group.title)}]{note}"
            yield from _inside(picture, group.id, margin + ("  " if parent else ""))


def placed(about: Subject, view: str) -> Placed:
    """A view with the place of everything in it; errors as in `image`."""
    exporter.chosen_views((view,))
    for drawn in exporter.place_all(about, (view,)):
        if drawn.placed is not None:
            return drawn.placed
        raise PictureError(drawn.problem)
    raise PictureError(f"this design has nothing to show in the view {view}; it has {', '.join(views(about))}")
