"""Garbage, collected while nobody types. What Python does by itself comes in the middle of a key, and then looks through
everything that a session is made of, which takes longer than the key.

What is there once a session has begun stays as long as the session does, and is never looked through again.
"""

from __future__ import annotations

import gc
import time

from wizard.tui.sparing import give_back

PAUSE = 0.3
"""Seconds without a key after which there is time."""

REST = 10.0
"""Seconds without a key after which there is time for everything."""

FEW = 5_000
"""Objects that may be garbage and are not worth looking at."""

OFTEN = 0.08
"""Seconds after which the youngest are looked through, whatever is typed: they are few then, and it takes a
millisecond or two. How many there are Python does not say, as it takes off what has gone of the older ones."""


ROUNDS = 8
"""Looks at the youngest after which those that were young before have to be looked through too, pause or no pause: the longer
they wait, the longer it takes."""

BREAK = 1.0
"""Seconds without a key after which there is time for everything that has waited for `LONG` looks."""

LONG = 4
"""Looks at those that were young before, after which a break is for everything."""

TOO_LONG = 60
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

    def look(self) -> None:
        """Collect what there is time for; called every second or so, and after keys."""
        if gc.isenabled():
            return
        now = time.monotonic()
        idle = now - self._typed
        if (self._left and idle > REST) or (self._left >= LONG and idle > BREAK) or self._left >= TOO_LONG:
            gc.collect()
            give_back()
            self._left = 0
        elif self._rounds > ROUNDS or (self._rounds and idle > PAUSE):
            gc.collect(1)
            self._rounds, self._left = 0, self._left + 1
        elif now - self._looked > OFTEN and (self._typed > self._looked or gc.get_count()[0] > FEW):
            gc.collect(0)
            self._rounds, self._looked = self._rounds + 1, now
