"""What the parts of the main screen know of it: the application, the view of now, where one is, and how to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.text import Text

from wizard.changes import Change
from wizard.tui.rows import Row, Rows
from wizard.tui.screens.frame import Frame
from wizard.tui.view import View

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp


class Desk(Frame):
    """The base of the main screen's parts."""

    page: str
    kind: str | None
    marks: frozenset[tuple[str, str]]

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    @property
    def view(self) -> View:
        """What pages are made from, now."""
        raise NotImplementedError

    @property
    def window(self) -> int:
        """How many columns a row of a window has."""
        return min(self.app.size.width * 92 // 100, 150) - 6

    @property
    def under(self) -> tuple[str, ...] | None:
        """The key of the row under the cursor."""
        row = self.query_one("#page", Rows).current
        return cast("tuple[str, ...]", row.key) if row is not None and row.key is not None else None

    def go(self, page: str, key: object | None = None) -> None:
        """Go to a page, and to a row of it."""
        raise NotImplementedError

    def show(self, key: object | None = None) -> None:
        """Show the session as it is now."""
        raise NotImplementedError

    def details(self, row: Row) -> Text:
        """What a row is about."""
        raise NotImplementedError

    def change(self, change: Change) -> bool:
        """Make a change; False where it changes nothing or cannot be made."""
        raise NotImplementedError

    def consider(self, change: Change, about: str = "") -> None:
        """Make a change; where much else would change with it, show that first. `about`: the decision it is about."""
        raise NotImplementedError

    def action_conflict(self) -> None:
        """Why the answers cannot stand."""
        raise NotImplementedError
