"""Drawing a view of a design, as a picture or as text. Runs beside the keys, and loads the pictures only when it does.

What is drawn for one design is not drawn again for the next, where that looks the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.design import Design
from catalog.errors import WizardError


@dataclass(frozen=True)
class Wanted:
    """A picture to draw: a view (nothing: the first there is), as an image so many pixels wide, or as text."""

    view: str = ""
    image: bool = True
    dark: bool = True
    width: int = 0
    """0: as wide as it is."""


@dataclass(frozen=True)
class Drawn:
    """What was wanted, or why it could not be drawn; and the views that the design has."""

    wanted: Wanted
    views: tuple[str, ...] = ()
    view: str = ""
    png: bytes = b""
    text: str = ""
    problem: str = ""


def draw(design: Design, wanted: Wanted) -> Drawn:
    """Draw; never raises for a picture that cannot be."""
    from exporters.pictures import terminal
    from exporters.pictures.faults import PictureError

    try:
        views = terminal.views(design)
        view = wanted.view or next(iter(views), "")
        if view not in views:
            return Drawn(wanted, views, view, problem="This design has nothing to show here any more.")
        if wanted.image:
            png = terminal.image(design, view, wanted.dark, wanted.width).getvalue()
            return Drawn(wanted, views, view, png=png)
        return Drawn(wanted, views, view, text=terminal.source(design, view, "text"))
    except (PictureError, WizardError, OSError, ImportError) as error:
        return Drawn(wanted, view=wanted.view, problem=f"This picture cannot be drawn here: {error}")
