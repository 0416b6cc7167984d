"""Garbage, collected while nobody types. What Python does by itself comes in the middle of a key, and then looks through
everything that a session is made of, which takes longer than the key.

What is there once a session has begun stays as long as the session does, and is never looked through again.
"""

from __future__ import annotations

import gc
import time

from wizard.tui.sparing import give_back

OFTEN = 0.08
"""Seconds after which the youngest are looked through, once there was a key: they are few then, and it takes a millisecond
or a few."""

ROUNDS = 8
"""Looks at the youngest after which those that were young before have to be looked through too: the longer they wait, the
longer it takes."""

PAUSE = 0.7
"""Seconds without a key after which there is time for that, and for everything that has waited for `LONG` looks at those."""

LONG = 2
"""Looks at those that were young before, after which a pause is for everything."""

TOO_LONG = 30
"""Looks at those after which it is everything's turn, pause or no pause."""


class Tidying:
    """See the module."""

    def __init__(self) -> None:
        self._typed = self._looked = time.monotonic()
        self._rounds = 0
        """Looks at the youngest since those before were looked through."""
        self._left = 0
        """Looks at those that were young before, since everything was looked through."""

    def begin(self) -> None:
        """A session begins: from now on nothing is collected but by `look`."""
        gc.disable()
        gc.freeze()
        self.typed()

    def end(self) -> None:
        """Leave it to Python again."""
        gc.unfreeze()
        gc.enable()

    def typed(self) -> None:
        """A key has come."""
        self._typed = time.monotonic()

    @property
    def idle(self) -> float:
        """Seconds without a key."""
        return time.monotonic() - self._typed

    @property
    def due(self) -> bool:
        """Whether there is something to look through since the last key."""
        return not gc.isenabled() and self._typed >= self._looked and time.monotonic() - self._looked > OFTEN

    def look(self) -> None:
        """Collect what there is time for; called every second or so, and after keys."""
        if gc.isenabled():
            return
        paused = self.idle > PAUSE
        if self._left >= TOO_LONG or (paused and self._left >= LONG):
            gc.collect()
            give_back()
            self._rounds = self._left = 0
        elif self._rounds >= ROUNDS or (paused and self._rounds):
            gc.collect(1)
            self._rounds, self._left = 0, self._left + 1
        elif self.due:
            gc.collect(0)
            self._rounds, self._looked = self._rounds + 1, time.monotonic()
