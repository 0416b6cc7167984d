"""What follows a key: details, thoughts, the picture. Done in pieces, once the frame that answers the key is written.

Pieces have names, and the newest of a name takes the place of the one before, so that what nobody would see any more is
never done. Between two pieces whatever key has come goes first, so no key waits longer than for one piece. What is only
drawn on the desk waits for a pause while a window stands above it: the keys are for the window, and so is the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp


PAUSE = 0.15
"""Seconds without a key after which the desk is drawn below a window."""


class Piece(NamedTuple):
    """Something to do."""

    do: Callable[[], object]
    drawn: bool
    """Whether it only draws the desk anew."""


class Afterwards:
    """See the module."""

    def __init__(self, app: WizardApp) -> None:
        self._app = app
        self._pieces: dict[str, Piece] = {}
        self._coming = False
        """Whether the next piece is on its way."""
        self._waiting = False
        """Whether a pause is waited for."""

    def put(self, name: str, piece: Callable[[], object], *, drawn: bool = False, first: bool = False) -> None:
        """Do this after the next frame, and after every key that is there already; in the order of the first of a name.
        `drawn`: it only draws the desk anew. `first`: before all that waits already."""
        if first:
            self._pieces.pop(name, None)
            self._pieces = {name: Piece(piece, drawn), **self._pieces}
        else:
            self._pieces[name] = Piece(piece, drawn)
        self.on()

    def drop(self, name: str) -> None:
        """What was to follow is done already."""
        self._pieces.pop(name, None)

    def on(self) -> None:
        """Go on, once no key is under way any more."""
        due = self._app.tidying.due
        if self._coming or not self._app.typed.rest or (self.rest and not due):
            return
        if self._name is not None or due:
            self._coming = self._app.call_after_refresh(self._next)
        elif not self._waiting:
            self._waiting = True
            self._app.set_timer(PAUSE, self._paused)

    def _paused(self) -> None:
        self._waiting = False
        self.on()

    def again(self) -> None:
        """Go on after a window has closed, which may have taken with it the frame that was waited for."""
        self._coming = False
        self.on()

    @property
    def rest(self) -> bool:
        """Whether nothing is left to do."""
        return not self._pieces

    @property
    def _name(self) -> str | None:
        """The next piece that may be done now."""
        covered = self._app.covered and self._app.tidying.idle < PAUSE
        return next((name for name, piece in self._pieces.items() if not (piece.drawn and covered)), None)

    def _next(self) -> None:
        self._coming = False
        if not self._app.typed.rest:
            return
        try:
            self._app.tidying.look()  # whatever is left to do: somebody who never pauses always leaves something
            name = self._name
            if name is not None:
                self._pieces.pop(name).do()
        finally:
            self.on()
