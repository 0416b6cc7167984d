"""Garbage, collected while nobody types. What Python does by itself comes in the middle of a key, and then looks through
everything that a session is made of, which takes longer than the key.

What is there once a session has begun stays as long as the session does, and is never looked through again.
"""

from __future__ import annotations

import gc
import time

PAUSE = 1.0
"""Seconds without a key after which there is time."""

REST = 10.0
"""Seconds without a key after which there is time for everything."""

FEW = 5_000
"""Objects that may be garbage and are not worth looking at."""

MANY = 8_000
"""Objects that may be garbage and are too many, whatever is typed: some milliseconds."""


class Tidying:
    """See the module."""

    def __init__(self) -> None:
        self._typed = time.monotonic()
        self._left = False
        """Whether something was left for when there is time for everything."""

    def begin(self) -> None:
        """A session begins: from now on nothing is collected but by `look`."""
        gc.disable()
        gc.freeze()
        self._typed = time.monotonic()

    def end(self) -> None:
        """Leave it to Python again."""
        gc.unfreeze()
        gc.enable()

    def typed(self) -> None:
        """A key has come."""
        self._typed = time.monotonic()

    def look(self) -> None:
        """Collect what there is time for; called every second or so, and after keys."""
        if gc.isenabled():
            return
        idle, count = time.monotonic() - self._typed, gc.get_count()[0]
        if idle > REST and self._left:
            gc.collect()
            self._left = False
        elif idle > PAUSE and count > FEW:
            gc.collect(1)
            self._left = True
        elif count > MANY:
            gc.collect(0)
