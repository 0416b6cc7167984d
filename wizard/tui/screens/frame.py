"""The frame of the desk: top line, map, page, details, room for a picture, foot. Laid out; filled by others."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from wizard.tui.foot import Foot
from wizard.tui.lines import Reading
from wizard.tui.painting import Painting
from wizard.tui.rows import Rows

WIDE = 104
"""Columns from which there is room for a wider map."""
BROAD = 136
"""Columns from which there is room for details beside the page; below, they would leave it less than the smallest screen
does."""
HUGE = 200
"""Columns from which there is room for the picture beside the page."""


class Frame(Screen[None]):
    """See the module."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Frame { layout: vertical; }
    #top { height: 1; background: $primary-background; color: $text; text-style: bold; padding: 0 1; }
    #body { height: 1fr; }
    #map { width: 20; border-right: solid $panel; overflow-y: hidden; }
    #middle { width: 1fr; layout: vertical; }
    #page { height: 1fr; }
    #details { height: 30%; min-height: 9; border-top: solid $panel; }
    #details:focus { border-top: solid $accent; }
    #side { display: none; }
    #sketch { padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    #details, #side { scrollbar-size-vertical: 1; }
    #side { scrollbar-gutter: stable; }
    Frame.-wide #map { width: 26; }
    Frame.-broad #map { width: 26; }
    Frame.-broad #middle { layout: horizontal; }
    Frame.-broad #details { height: 1fr; width: 40; border-top: none; border-left: solid $panel; }
    Frame.-huge #map { width: 26; }
    Frame.-huge #middle { layout: horizontal; }
    Frame.-huge #details { height: 1fr; width: 50; border-top: none; border-left: solid $panel; }
    Frame.-huge #side { display: block; width: 56; border-left: solid $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Painting()

    def compose(self) -> ComposeResult:
        """Top line, map, page, details, picture, footer."""
        yield Static(id="top")
        with Horizontal(id="body"):
            yield Rows(id="map", quiet=True)
            with Horizontal(id="middle"):
                yield Rows(id="page")
                yield Reading(id="details")
            with VerticalScroll(id="side", can_focus=False):
                yield Static(id="sketch")
        yield Foot()
