"""A window that opens at once, and whose rows are found out while it is open already."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from wizard.tui.rows import Rows, line
from wizard.tui.screens.general import Filled, Pick

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp
    from wizard.tui.errands import Errand, Told

ROOM = 8
"""Lines kept for rows that are still to come."""


class Awaited(Pick):
    """See the module. `fill` makes rows and text of what the errand has told so far."""

    def __init__(
        self, title: str, errand: Errand, fill: Callable[[Any], Filled], hint: str = "Enter chooses · Escape leaves",
        at: Hashable | None = None,
    ) -> None:
        super().__init__(title, [line("  Finding out …", "dim")], hint=hint, at=at)
        self._errand, self._fill = errand, fill
        self._number = 0
        self._problem = ""
        self._room = ROOM
        self._told: Told | None = None
        self.filling = True
        """Whether nothing can be picked yet."""
        self.complete = False
        """Whether everything is there that the window will have."""

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        """As any pick, with a place for the text."""
        with Vertical():
            yield Static(Text(self._title), classes="title")
            with VerticalScroll(classes="text", can_focus=False) as place:
                place.display = False
                yield Static(id="told")
            yield Rows(self._rows, id="pick")
            yield Static(Text(self._hint), classes="hint")

    def on_mount(self) -> None:
        """Ask for what it is about."""
        self._problem = self.wizard.thoughts.problem
        self._number = self.wizard.send(self._errand)

    def on_known(self) -> None:
        """Something was told."""
        thoughts = self.wizard.thoughts
        if thoughts.told is not None and thoughts.told[0] == self._number and thoughts.told[1] is not self._told:
            self._told = thoughts.told[1]
            self.complete = self._told.done
            self._show(self._fill(self._told))
        elif thoughts.problem and thoughts.problem is not self._problem and self._told is None:
            self.complete = True
            self._show(Filled([line("  This could not be found out.", "dim")]))

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """What was told while another window was above it."""
        self.on_known()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self.wizard.recall(self._number)

    def _show(self, filled: Filled) -> None:
        text = filled.text if isinstance(filled.text, Text) else Text(filled.text)
        self.query_one("#told", Static).update(text)
        self.query_one(".text").display = bool(text)
        self._room = 1
        self._list(filled.rows)
        self._at = None
        self.filling = False
