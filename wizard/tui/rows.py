"""Rows: one list that every page is shown in. Draws lines, keeps a cursor, and repaints only the lines that changed.

Knows nothing of answers: a row has a key, cells and a style word; what happens to a chosen row is others' business.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from wizard.tui.lines import Lines

KEPT = 600
"""Lines kept as they were drawn: those of a few pages."""

STYLES = ("plain", "dim", "head", "good", "bad", "warn", "accent", "cursor", "mark")


@dataclass(frozen=True)
class Cell:
    """Text in a column. `width` 0 takes what is left; `style` is one of STYLES."""

    text: str
    width: int = 0
    style: str = "plain"


@dataclass(frozen=True)
class Row:
    """One line. Rows without a key cannot be chosen and are passed over by the cursor."""

    key: Hashable | None
    cells: tuple[Cell, ...]
    about: Any = field(default=None, compare=False)
    """What the row stands for; never drawn."""


def line(text: str = "", style: str = "plain", key: Hashable | None = None, about: Any = None) -> Row:
    """A row of one cell."""
    return Row(key, (Cell(text, 0, style),), about)


def long(key: Hashable | None, mark: str, text: str, width: int, style: str = "plain", about: Any = None) -> list[Row]:
    """A text that may need several lines of a list `width` wide: the first has the key, the others hang below."""
    first, *more = wrap(text, max(width - len(mark) - 1, 20)) or [""]
    return [Row(key, (Cell(mark, len(mark), "accent"), Cell(first, 0, style)), about),
            *(Row(None, (Cell("", len(mark)), Cell(each, 0, style))) for each in more)]


def fit(text: str, width: int, gap: int = 0) -> str:
    """The text in exactly `width` columns, cut with an ellipsis; the last `gap` columns stay blank."""
    room = max(width - gap, 0)
    if cell_len(text) > room:
        text = set_cell_size(text, max(room - 1, 0)) + ("…" if room else "")
    return set_cell_size(text, width)


@dataclass
class Drawn:
    """A line as it was drawn."""

    strip: Strip
    written: Strip | None = None
    """As it is written, in the colours that the terminal can show; once it was."""


NARROW = 7
"""Columns up to this wide hold marks and counts, which need no gap to the next column."""


class OfRow(Message):
    """What a list says of one of its rows."""

    def __init__(self, rows: Rows, row: Row) -> None:
        super().__init__()
        self.rows = rows
        self.row = row

    @property
    def control(self) -> Rows:
        """The list."""
        return self.rows


class Rows(Lines, can_focus=True):
    """See the module."""

    DEFAULT_CSS = """
    Rows { background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; overflow-x: hidden; }
    Rows > .rows--plain { color: $foreground; }
    Rows > .rows--dim { color: $foreground; text-style: dim; }
    Rows > .rows--head { color: $text-primary; text-style: bold; }
    Rows > .rows--good { color: $text-success; text-style: bold; }
    Rows > .rows--bad { color: $text-error; text-style: bold; }
    Rows > .rows--warn { color: $text-warning; }
    Rows > .rows--accent { color: $text-accent; }
    Rows > .rows--mark { color: $text-accent; text-style: bold; }
    Rows > .rows--cursor { background: $panel; text-style: bold; }
    Rows:focus > .rows--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(-1)", "First", show=False),
        Binding("end", "edge(1)", "Last", show=False),
        Binding("enter,space", "choose", "Choose", show=False),
    ]

    class Moved(OfRow):
        """The cursor is on another row."""

    class Chosen(OfRow):
        """A row was chosen with a key or the mouse."""

    def __init__(self, rows: Sequence[Row] = (), *, id: str | None = None, quiet: bool = False) -> None:
        super().__init__(id=id)
        self.rows: tuple[Row, ...] = tuple(rows)
        self.quiet = quiet
        """Shows its cursor only while it has the focus."""
        self.cursor = 0
        self.repainted = 0
        """How many lines the last `show` repainted."""
        self._strips: dict[tuple[Row | None, int, bool, bool, Style], Drawn] = {}
        self._land(0, 1)

    # Contents

    def show(self, rows: Sequence[Row], *, key: Hashable | None = None) -> None:
        """Show other rows; the cursor stays on the same key, or goes to `key`."""
        before, at = self.rows, self.current
        wanted = key if key is not None else at.key if at else None
        self.rows = tuple(rows)
        found = next((n for n, row in enumerate(self.rows) if row.key == wanted and wanted is not None), None)
        old = self.cursor
        self._land(found if found is not None else min(self.cursor, max(len(self.rows) - 1, 0)), 1)
        self.lengthen(len(self.rows))
        changed = {n for n in range(max(len(before), len(self.rows)))
                   if n >= len(before) or n >= len(self.rows) or before[n] != self.rows[n]}
        if old != self.cursor:
            changed |= {old, self.cursor}
        self.repainted = len(changed)
        top = self.scroll_offset.y
        # What cannot be seen needs no painting; where the list scrolls, all of it is painted anyway.
        seen = changed & set(range(top, top + self.size.height))
        if seen:
            self.refresh(*(Region(0, number - top, self.size.width, 1) for number in seen))
        self._follow()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def room(self) -> int:
        """How many columns a line has beside the scroll bar."""
        return self.size.width - (self.scrollbar_size_vertical if self.show_vertical_scrollbar else 0)

    def seen(self) -> tuple[Row, ...]:
        """The rows that can be seen now."""
        top = self.scroll_offset.y
        return self.rows[top:top + max(self.size.height, 1)]

    # Cursor

    def _land(self, at: int, step: int) -> bool:
        """Put the cursor on the next row with a key, looking both ways."""
        size = len(self.rows)
        for places in (range(at, size) if step > 0 else range(at, -1, -1),
                       range(at, -1, -1) if step > 0 else range(at, size)):
            for place in places:
                if 0 <= place < size and self.rows[place].key is not None:
                    self.cursor = place
                    return True
        self.cursor = 0
        return False

    def go(self, at: int, step: int = 1) -> None:
        """Move the cursor to a row (or the next that can be chosen)."""
        old = self.cursor
        self._land(max(0, min(at, len(self.rows) - 1)), step)
        if old != self.cursor:
            self.refresh_line(old)
            self.refresh_line(self.cursor)
            if self.current is not None:
                self.post_message(self.Moved(self, self.current))
        self._follow(step)

    def _follow(self, step: int = 0) -> None:
        height = max(self.size.height, 1)
        top = self.scroll_offset.y
        first = self.cursor
        # Headings above the first row that can be chosen come into sight with it.
        while first > 0 and self.rows[first - 1].key is None and self.cursor - first < 3:
            first -= 1
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self.go(self.cursor + step, step)

    def action_page(self, step: int) -> None:
        """A page up or down."""
        self.go(self.cursor + step * max(self.size.height - 2, 1), step)

    def action_edge(self, step: int) -> None:
        """To the first or last row."""
        self.go(0 if step < 0 else len(self.rows) - 1, -step)

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.current is not None and self.current.key is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """The first click moves the cursor, one on the cursor (or a double click) chooses."""
        at = event.y + self.scroll_offset.y
        if 0 <= at < len(self.rows) and self.rows[at].key is not None:
            if at == self.cursor:
                self.action_choose()
            else:
                self.go(at)

    def on_resize(self, event: events.Resize) -> None:
        """Lines are as wide as the list."""
        self.lengthen(len(self.rows))
        self._follow()

    def on_focus(self) -> None:
        """The cursor shows where the keys go."""
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        """The cursor shows where the keys go."""
        self.refresh_line(self.cursor)

    # Drawing

    def on_unmount(self) -> None:
        """Nobody sees it any more."""
        self._strips.clear()

    def notify_style_update(self) -> None:
        """Another theme."""
        super().notify_style_update()
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        return self._drawn(y).strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the screen as they are written."""
        if not self.bare or crop.column_span != (0, self.outer_size.width):
            return super().render_lines(crop)
        found = []
        for y in crop.line_range:
            drawn = self._drawn(y)
            if drawn.written is None:
                drawn.written = self.filtered(drawn.strip)
            found.append(drawn.written)
        return found

    def _drawn(self, y: int) -> Drawn:
        width = self.room
        at = y + self.scroll_offset.y
        row = self.rows[at] if at < len(self.rows) else None
        under = at == self.cursor and row is not None and row.key is not None and (self.has_focus or not self.quiet)
        base = self.base
        key = row, width, under, self.has_focus, base
        drawn = self._strips.get(key)
        if drawn is None:
            if len(self._strips) > KEPT:
                self._strips.clear()
            drawn = self._strips[key] = Drawn(
                self._strip(row, width, under, base) if row is not None else Strip.blank(width, base))
        return drawn

    def _strip(self, row: Row, width: int, under: bool, base: Style) -> Strip:
        cursor = self.part("rows--cursor") if under else Style()
        segments = [Segment("▸" if under else " ", base + cursor)]
        left = width - 1
        fixed = sum(cell.width for cell in row.cells)
        for cell in row.cells:
            size = min(cell.width or max(width - 1 - fixed, 0), left)
            style = self.part(f"rows--{cell.style}")
            gap = int(cell is not row.cells[-1] and size > NARROW)
            segments.append(Segment(fit(cell.text, size, gap), base + style + cursor))
            left -= size
        if left > 0:
            segments.append(Segment(" " * left, base + cursor))
        return Strip(segments, width)
