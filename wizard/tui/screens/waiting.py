"""Screens that wait: for the catalog, for a larger terminal, for the desk of a file whose first page is known already.

All that a first frame needs, and nothing else: they load neither catalog nor engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from wizard.tui.commands import COMMANDS
from wizard.tui.glimpse import Glimpse
from wizard.tui.lines import Reading
from wizard.tui.rows import Rows
from wizard.tui.screens.frame import Frame

if TYPE_CHECKING:
    from wizard.tui.screens.main import MainScreen

READING = "Reading the catalog …"

SIZE = 80, 24
"""Columns and lines that the wizard needs."""


class Waiting(Screen[None]):
    """A name, and what is being waited for."""

    DEFAULT_CSS = """
    Waiting #name { height: 1; background: $primary-background; color: $text; text-style: bold; padding: 0 1; }
    Waiting #wait { padding: 1 2; color: $text-muted; }
    """

    def __init__(self, waiting: str = "") -> None:
        super().__init__()
        self._waiting = waiting

    def compose(self) -> ComposeResult:
        """A name, and what is being waited for."""
        yield Static("k8s-wizard", id="name")
        yield Static(Text(self._waiting), id="wait")

    def wait(self, text: str) -> None:
        """Say what is being waited for."""
        self.query_one("#wait", Static).update(Text(text))


class TooSmall(ModalScreen):  # type: ignore[type-arg]
    """Says what the wizard needs and waits until it has it."""

    DEFAULT_CSS = "TooSmall { align: center middle; background: $background; } TooSmall Static { width: auto; }"
    WIDTH, HEIGHT = SIZE

    def compose(self) -> ComposeResult:
        """The sentence."""
        yield Static(id="size")

    def on_mount(self) -> None:
        """Say it."""
        self._say()

    def on_resize(self, event: events.Resize) -> None:
        """Leave as soon as there is room."""
        if event.size.width >= self.WIDTH and event.size.height >= self.HEIGHT:
            if self.is_current:
                self.dismiss(None)
        else:
            self._say()

    def _say(self) -> None:
        size = self.app.size
        self.query_one(Static).update(
            f"This needs {self.WIDTH} x {self.HEIGHT}.\nThe terminal has {size.width} x {size.height}.\nNothing is lost.")


class FirstSight(Frame):
    """The first page as it was last shown, to read and to move in; what else is wanted waits for the desk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(command.keys, command.action, command.short or command.title, show=command.shown) for command in COMMANDS]

    MOVES = frozenset({"up", "k", "down", "j", "pageup", "pagedown", "home", "end"})
    """Keys that only move about."""

    def __init__(self, glimpse: Glimpse, later: Callable[[Callable[[MainScreen], object]], None]) -> None:
        super().__init__()
        self._glimpse = glimpse
        self._later = later

    def on_mount(self) -> None:
        """Show what is known."""
        self.query_one("#top", Static).update(Text(self._glimpse.top, no_wrap=True, overflow="ellipsis"))
        self.query_one("#map", Rows).show(self._glimpse.map)
        self.query_one("#sketch", Static).update(self._glimpse.sketch)
        page = self.query_one("#page", Rows)
        page.show(self._glimpse.page)
        page.focus()
        self._describe()

    @property
    def under(self) -> object:
        """The key of the row under the cursor."""
        row = self.query_one("#page", Rows).current
        return row.key if row is not None else None

    @on(Rows.Moved, "#page")
    def _describe(self) -> None:
        self.query_one("#details", Reading).show(self._glimpse.details.get(self.under, Text()))  # type: ignore[call-overload]

    @on(Rows.Chosen)
    def chosen(self, event: Rows.Chosen) -> None:
        """A row that was clicked is chosen on the desk."""
        event.stop()
        where, key = event.rows.id, event.row.key

        def choose(desk: MainScreen) -> None:
            rows = desk.query_one(f"#{where}", Rows)
            at = next((row for row in rows.rows if row.key == key), None)
            if at is not None:
                rows.post_message(Rows.Chosen(rows, at))
        self._later(choose)

    async def run_action(self, action: str, namespaces: Mapping[str, DOMNode] | None = None) -> None:
        """A command that was clicked is carried out at the desk."""
        self._later(lambda desk: desk.call_later(desk.run_action, action))
