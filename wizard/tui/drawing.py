"""Drawing a view of a design, as a picture or as text. Runs beside the keys, and loads the pictures only when it does.

What is drawn for one design is not drawn again for the next, where that looks the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from catalog.design import Design
from catalog.errors import WizardError

if TYPE_CHECKING:
    from PIL.Image import Image

    from exporters.pictures.graph import Picture
    from exporters.pictures.mosaic import Mosaic
    from wizard.tui.sixels import Bands


@dataclass(frozen=True)
class Wanted:
    """A picture to draw: a view (nothing: the first there is), as an image so many pixels wide, or as text."""

    view: str = ""
    image: bool = True
    dark: bool = True
    width: int = 0
    """0: as wide as it is."""
    sixels: bool = False
    """Also as Sixels."""


@dataclass(frozen=True)
class Drawn:
    """What was wanted, or why it could not be drawn; and, beside a text, the views that the design has."""

    wanted: Wanted
    views: tuple[str, ...] = ()
    view: str = ""
    png: bytes = b""
    sixels: Bands | None = None
    text: str = ""
    problem: str = ""


KEPT = 12
"""Pictures kept: a design that changes step by step leaves most of its views as they are."""


class Easel:
    """Draws, and keeps what it drew last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Picture, Wanted], Drawn] = OrderedDict()
        self._mosaic: Mosaic | None = None

    def draw(self, design: Design, wanted: Wanted, given_up: Callable[[], bool] = bool) -> Drawn | None:
        """Draw; None once nobody waits for it any more, which is asked between two steps. Never raises for a picture that
        cannot be."""
        from exporters.pictures import terminal
        from exporters.pictures.faults import PictureError
        from exporters.pictures.mosaic import Mosaic, png
        from exporters.pictures.subject import subject

        try:
            about = subject(design)
            if given_up():
                return None
            made = terminal.pictures(about)
            shown = dict(made) if not wanted.image else dict(
                islice((entry for entry in made if wanted.view in ("", entry[0])), 1))
            views = () if wanted.image else tuple(shown)
            view = wanted.view or next(iter(shown), "")
            if view not in shown:
                return Drawn(wanted, views, view, problem="This design has nothing to show here any more.")
            key = shown[view], wanted
            if key in self._kept:
                self._kept.move_to_end(key)
                return replace(self._kept[key], views=views)
            if wanted.image:
                self._mosaic = self._mosaic or Mosaic()
                placed = terminal.placed(about, view)
                if given_up():
                    return None
                painted = self._mosaic.paint(placed, wanted.dark, wanted.width)
                if given_up():
                    return None
                drawn = Drawn(wanted, views, view, png=png(painted), sixels=_sixels(painted) if wanted.sixels else None)
            else:
                drawn = Drawn(wanted, views, view, text=terminal.source(about, view, "text"))
        except (PictureError, WizardError, OSError, ImportError) as error:
            return Drawn(wanted, view=wanted.view, problem=f"This picture cannot be drawn here: {error}")
        self._kept[key] = drawn
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return drawn


def _sixels(image: Image) -> Bands:
    from wizard.tui.sixels import banded, bands

    return bands(banded(image))
