"""A fault is a place and a plain sentence; this module also knows how to guess which known name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong in one file. `line` counts from 1; 0 means that the whole file is meant."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was most likely meant to be, or None when nothing is close."""
    names = sorted(set(known))
    lowered = name.lower().replace("_", "-").replace(" ", "-")
    if lowered in names:
        return lowered
    close = difflib.get_close_matches(lowered, names, n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A clause to append to a message: ' (did you mean X?)', or nothing."""
    guess = nearest(name, known)
    return f" (did you mean {guess!r}?)" if guess else ""
