"""Search: type a few words, pick what was meant."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from wizard.tui.finding import Entry, Index
from wizard.tui.rows import Cell, Row, Rows
from wizard.tui.screens.above import Panel
from wizard.tui.screens.general import Window
from wizard.tui.view import WORDS, View


class Search(Window):
    """Gives the page and the row's key, or None."""

    DEFAULT_CSS = "Search Rows { height: 14; }"

    def __init__(self, view: View, index: Index) -> None:
        super().__init__()
        self._view = view
        self._index = index

    def compose(self) -> ComposeResult:
        """Line and rows."""
        with Panel():
            yield Static("Search components, decisions, questions, settings and rules", classes="title")
            yield Input(placeholder="istio, retention, availability, mesh=istio …", id="line")
            yield Rows(id="found")
            yield Static("Arrows move · Enter goes there · Escape leaves", classes="hint")

    def on_mount(self) -> None:
        """Everything is there before anything is typed."""
        line = self.query_one(Input)
        line.cursor_blink = False
        self.query_one(Rows).styles.height = max(6, self.app.size.height - 12)
        self._list("")
        line.focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrow down."""
        self._list(event.value)

    def _list(self, typed: str) -> None:
        rows = self.query_one(Rows)
        rows.cursor = 0
        found = [self._row(number, entry) for number, entry in enumerate(self._index.matching(typed, 60))]
        rows.show(found or [Row(None, (Cell(" Nothing is called that.", 0, "dim"),))])
        rows.go(0)

    def _row(self, number: int, entry: Entry) -> Row:
        state = ""
        if entry.what == "option":
            state = WORDS[self._view.shown(entry.key[1], entry.key[2])]
        return Row((number,), (
            Cell(f" {entry.what}", 10, "dim"), Cell(entry.title, 0, "plain"), Cell(state, 12, "accent")), entry)

    def on_key(self, event: events.Key) -> None:
        """Arrows move in the list while the line keeps the focus."""
        rows = self.query_one(Rows)
        moves = {"down": lambda: rows.action_move(1), "up": lambda: rows.action_move(-1),
                 "pagedown": lambda: rows.action_page(1), "pageup": lambda: rows.action_page(-1)}
        if event.key in moves:
            event.stop()
            moves[event.key]()

    @on(Input.Submitted)
    def submitted(self) -> None:
        """The row under the cursor."""
        row = self.query_one(Rows).current
        if row is not None and isinstance(row.about, Entry):
            self.dismiss((row.about.page, row.about.key))

    @on(Rows.Chosen)
    def chosen(self, event: Rows.Chosen) -> None:
        """Clicked."""
        event.stop()
        self.submitted()


