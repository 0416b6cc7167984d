"""What follows a key: details, thoughts, the picture. Done in pieces, once the frame that answers the key is written.

Pieces have names, and the newest of a name takes the place of the one before, so that what nobody would see any more is
never done. Between two pieces whatever key has come goes first, so no key waits longer than for one piece.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp


class Afterwards:
    """See the module."""

    def __init__(self, app: WizardApp) -> None:
        self._app = app
        self._pieces: dict[str, Callable[[], object]] = {}
        self._coming = False
        """Whether the next piece is on its way."""

    def put(self, name: str, piece: Callable[[], object]) -> None:
        """Do this after the next frame, and after every key that is there already; in the order of the first of a name."""
        self._pieces[name] = piece
        self.on()

    def drop(self, name: str) -> None:
        """What was to follow is done already."""
        self._pieces.pop(name, None)

    def on(self) -> None:
        """Go on, once no key is under way any more."""
        if self._pieces and not self._coming and self._app.typed.rest:
            self._coming = self._app.call_after_refresh(self._next)

    def again(self) -> None:
        """Go on after a window has closed, which may have taken with it the frame that was waited for."""
        self._coming = False
        self.on()

    @property
    def rest(self) -> bool:
        """Whether nothing is left to do."""
        return not self._pieces

    def _next(self) -> None:
        self._coming = False
        if self._pieces and self._app.typed.rest:
            piece = self._pieces.pop(next(iter(self._pieces)))
            try:
                piece()
            finally:
                self.on()
        if not self._pieces:
            self._app.tidying.look()
