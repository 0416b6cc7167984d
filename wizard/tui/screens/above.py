"""A window above another screen, which is seen in its shade. Opens as fast as Textual can open one.

Textual's own modal screen styles and lays itself out twice when it opens, lays out what lies below once more, and mixes
the shade into each bit of that anew. Nothing of this is seen. Here the window alone is painted first, and what lies below
is shaded once no key waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.containers import Vertical
from textual.geometry import Region, Size
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.strip import Strip

from wizard.tui.painting import Painting

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp


class Panel(Vertical):
    """The frame of a window. Textual puts a frame together for every line anew, and all but two are the same."""

    _edges: tuple[object, Strip, Strip, Strip] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the frame."""
        width, height = size = self.outer_size
        if height < 4 or crop.column_span != (0, width):
            return super().render_lines(crop)
        if self._edges is None or self._edges[0] != size:
            top, between = super().render_lines(Region(0, 0, width, 2))
            bottom, = super().render_lines(Region(0, height - 1, width, 1))
            self._edges = size, top, between, bottom
        _, top, between, bottom = self._edges
        return [top if y == 0 else bottom if y == height - 1 else between for y in crop.line_range]

    def notify_style_update(self) -> None:
        """Another theme."""
        super().notify_style_update()
        self._edges = None


class Above(ModalScreen):  # type: ignore[type-arg]
    """See the module."""

    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = []  # a change of class styles everything anew

    def __init__(self) -> None:
        super().__init__()
        self._compositor = Painting()
        self._opened = False
        self._painted = False
        """Whether it was painted at all."""
        self._hasty = False
        """Whether nothing but the window is painted."""
        self._below: list[Strip] | None = None
        self._shades: dict[Style | None, Style | None] = {}

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """What has only just been made has its styles."""
        if not self._opened:
            self._opened = True
            event.refresh_styles = False

    def _screen_resized(self, size: Size) -> None:
        if size != self._size:
            super()._screen_resized(size)

    def _compositor_refresh(self) -> None:
        window = next((child.region for child in self.children if isinstance(child, Panel)), None)
        if self._painted or not window or not self.is_current:
            super()._compositor_refresh()
            return
        self._painted = self._hasty = True
        self._compositor._dirty_regions.clear()
        self._compositor._dirty_regions.add(window)
        super()._compositor_refresh()
        self._hasty = False
        self._styles_cache.clear()
        cast("WizardApp", self.app).afterwards.put("shade", self._shade_below)

    def on_unmount(self) -> None:
        """Nobody sees it any more."""
        self._below = None

    def _shade_below(self) -> None:
        if self.is_attached:
            self.refresh()

    def notify_style_update(self) -> None:
        """Another theme, another shade."""
        super().notify_style_update()
        self._shades.clear()

    def render_line(self, y: int) -> Strip:
        """A line of what lies below."""
        if self._hasty:
            return Strip.blank(self.size.width)
        if self._below is None or self._dirty_regions:
            stack = self.app.screen_stack
            self._below = stack[stack.index(self) - 1]._compositor.render_strips() if self in stack else []
            self._dirty_regions.clear()
        if y >= len(self._below):
            return Strip.blank(self.size.width, self._shade(None))
        return Strip([Segment(text, self._shade(style)) for text, style, _ in self._below[y]], self._below[y].cell_length)

    def _shade(self, style: Style | None) -> Style | None:
        if style not in self._shades:
            shaded, = BackgroundScreen.process_segments([Segment(" ", style)], self.styles.background)
            self._shades[style] = shaded.style
        return self._shades[style]
