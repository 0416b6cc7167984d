"""Lines that scroll: what every list and text on the desk is made of. Draws lines, and lays nothing out anew.

Textual lays a whole screen out again whenever a widget's contents grow. That costs more than all the rest of a key, so
here only the scrollbar is told, unless it has to come or go.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.dom import DOMNode
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

_MARKED = re.compile(r" ?[^\w\s“(] |\d+\. ")
"""A mark at the beginning of a line: a sign, or a number."""


class Lines(ScrollView):
    """A widget that draws lines and knows how many there are."""

    _base: Style | None = None
    _bare: bool | None = None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: dict[str, Style] = {}

    @property
    def base(self) -> Style:
        """The style that a line begins with. Textual puts it together from all that the widget stands in, which for every
        line anew costs more than all the rest of a line."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def notify_style_update(self) -> None:
        """Another theme, or another focus."""
        super().notify_style_update()
        self._base = None
        self._parts = {}
        self._bare = None

    @property
    def bare(self) -> bool:
        """Whether a line is all that there is in its place: no frame, no room around it. Textual asks for these, for every
        line anew."""
        if self._bare is None:
            self._bare = not self.styles.gutter and self.opacity == 1.0
        return self._bare

    def filtered(self, strip: Strip) -> Strip:
        """A line as it is written: in the colours that the terminal can show."""
        background = self.background_colors[1]
        for each in self.get_line_filters():
            strip = strip.apply_filter(each, background)
        return strip

    def part(self, name: str) -> Style:
        """The style of a part of a line, by its class. Textual has component classes for that, and works out all of them
        whenever a widget is made or the focus moves; here a style is worked out once a line needs it."""
        found = self._parts.get(name)
        if found is None:
            node = DOMNode(classes=name)
            node._attach(self)
            self.app.stylesheet.apply(node)
            found = self._parts[name] = node.styles.partial_rich_style
        return found

    def lengthen(self, count: int) -> None:
        """There are so many lines now."""
        size = Size(self.size.width, count)
        if size == self.virtual_size:
            return
        bar = count > self._container_size.height
        if not self._container_size.height or bar != self.show_vertical_scrollbar:
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if bar:
            self.vertical_scrollbar.window_virtual_size = count
        if self.scroll_offset.y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)


class Reading(Lines, can_focus=True):
    """A text to read, wrapped at the width that there is."""

    DEFAULT_CSS = "Reading { background: $background; scrollbar-size-vertical: 1; overflow-x: hidden; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = Text()
        self._lines: list[Text] = []

    def show(self, text: Text) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self._wrap()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are as wide as their place."""
        self._wrap()

    def _wrap(self) -> None:
        wide = self.scrollable_content_region.width - 2
        self._lines = [each for line in self._text.split("\n", allow_blank=True) for each in self._hung(line, wide)] \
            if wide > 0 else []
        self.lengthen(len(self._lines))
        self.refresh()

    def _hung(self, line: Text, wide: int) -> list[Text]:
        """A line of the text in as many as it needs; what follows a mark hangs below it."""
        mark = _MARKED.match(line.plain)
        if mark is None or line.cell_len <= wide:
            return list(line.wrap(self.app.console, wide)) or [line]
        indent = cell_len(mark[0])
        first, *more = line[len(mark[0]):].wrap(self.app.console, max(wide - indent, 10))
        return [line[:len(mark[0])] + first, *(Text(" " * indent) + each for each in more)]

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        at, style = y + self.scroll_offset.y, self.base
        if at >= len(self._lines):
            return Strip.blank(self.size.width, style)
        segments = [Segment(" "), *(part for part in self._lines[at].render(self.app.console) if part.text != "\n")]
        return Strip(Segment.apply_style(segments, style)).adjust_cell_length(self.size.width, style)
