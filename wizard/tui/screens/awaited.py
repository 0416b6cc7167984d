"""Windows that open at once, and what they show is found out while they are open already."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, cast

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from wizard.tui.rows import Rows, line
from wizard.tui.screens.above import Panel
from wizard.tui.screens.general import Filled, Pick, Read, Window

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp
    from wizard.tui.errands import Errand, Told

ROOM = 8
"""Lines kept for rows that are still to come."""


class Asking(Window):
    """A window that sends an errand when it opens."""

    errand: Errand
    complete = False
    """Whether everything is there that the window will have."""
    _number = 0
    _problem = ""
    _told: Told | None = None

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    def on_mount(self) -> None:
        """Ask for what it is about."""
        self._problem = self.wizard.thoughts.problem
        self._number = self.wizard.send(self.errand)

    def on_known(self) -> None:
        """Something was told."""
        thoughts = self.wizard.thoughts
        if thoughts.told is not None and thoughts.told[0] == self._number and thoughts.told[1] is not self._told:
            self._told = thoughts.told[1]
            self.complete = self._told.done
            self.told(self._told)
        elif thoughts.problem and thoughts.problem is not self._problem and self._told is None:
            self.complete = True
            self.failed()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """What was told while another window was above it."""
        self.on_known()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self.wizard.recall(self._number)

    def told(self, told: Any) -> None:
        """Show what was found out so far."""
        raise NotImplementedError

    def failed(self) -> None:
        """Say that it could not be found out."""
        raise NotImplementedError


FAILED = "This could not be found out."


class Awaited(Asking, Pick):
    """Rows to pick from. `fill` makes rows and text of what the errand has told so far; `now`: what is there before, and can
    be picked already."""

    def __init__(
        self, title: str, errand: Errand, fill: Callable[[Any], Filled], hint: str = "Enter chooses · Escape leaves",
        at: Hashable | None = None, now: Filled | None = None,
    ) -> None:
        first = now or Filled([line("  Finding out …", "dim")])
        super().__init__(title, first.rows, first.text, hint=hint, at=at)
        self.errand, self._fill = errand, fill
        self._room = ROOM if now is None else 1
        self.filling = now is None
        """Whether nothing can be picked yet."""

    def compose(self) -> ComposeResult:
        """As any pick, with a place for the text."""
        with Panel():
            yield Static(Text(self._title), classes="title")
            with VerticalScroll(classes="text", can_focus=False) as place:
                place.display = bool(self._text)
                yield Static(_text(self._text), id="told")
            yield Rows(self._rows, id="pick")
            yield Static(Text(self._hint), classes="hint")

    def told(self, told: Any) -> None:
        """Show what was found out so far."""
        self._show(self._fill(told))

    def failed(self) -> None:
        """Say that it could not be found out."""
        if self.filling:
            self._show(Filled([line(f"  {FAILED}", "dim")]))

    def _show(self, filled: Filled) -> None:
        if filled.text != self._text:
            self._text = filled.text
            self.query_one("#told", Static).update(_text(filled.text))
            self.query_one(".text").display = bool(filled.text)
        self._room = 1
        self._list(filled.rows)
        self._at = None
        self.filling = False


class AwaitedText(Asking, Read):
    """A text to read. `fill` makes it of what the errand has told so far, and of nothing. Texts take long to lay out, and so
    the window opens without one."""

    def __init__(self, title: str, errand: Errand, fill: Callable[[Any], RenderableType]) -> None:
        super().__init__(title, Text("Finding out …", "dim"))
        self.errand, self._fill = errand, fill

    def _fit(self) -> None:
        """As high as it may become, from the beginning: a window that grows while it is read moves what is read."""
        super()._fit()
        place = self.query_one(".whole")
        place.styles.height = place.styles.max_height

    def told(self, told: Any) -> None:
        """Show what was found out so far."""
        self.query_one("#reading", Static).update(self._fill(told))

    def failed(self) -> None:
        """Say that it could not be found out, and show what is known without."""
        self.notify(FAILED, severity="error")
        self.told(None)


def _text(text: Text | str) -> Text:
    return text if isinstance(text, Text) else Text(text)
