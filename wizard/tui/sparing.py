"""Memory as the C library keeps it: given back to the system in time, in a session that lasts for hours.

What it does by itself suits programs that are soon over: a pool for each thread, and pieces that were large once kept for
the next of their size. Measured on 2,500 random keys, both processes together: 133 MB with this and 140 without; after the
first 1,000 keys 3 MB were added with it, and 8 without.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress

LIMITS: Mapping[str, tuple[int, int]] = {
    "MALLOC_ARENA_MAX": (-8, 1), "MALLOC_TRIM_THRESHOLD_": (-1, 200_000), "MALLOC_MMAP_THRESHOLD_": (-3, 65_536),
}
"""Environment variable of glibc to the number and the value of its parameter (mallopt(3), `malloc.h`)."""


def environment() -> dict[str, str]:
    """What to tell another process."""
    return {name: str(value) for name, (_, value) in LIMITS.items()}


def begin() -> None:
    """Be sparing from now on, in this process."""
    _call("mallopt", *LIMITS.values())


def give_back() -> None:
    """Give the system what is free between pieces that are in use."""
    _call("malloc_trim", (0,))


def _call(name: str, *arguments: tuple[int, ...]) -> None:
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):  # another C library looks after it by itself
            function = getattr(ctypes.CDLL(None), name)
            for each in arguments:
                function(*each)
