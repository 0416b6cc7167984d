"""What earlier questions have shown of a formula, kept so that the next ones need not ask the solver again.

A model witnesses for every set of answers that it satisfies, and what is closed under some answers is closed under more.
Both are facts of the formula alone: what is found with their help is what would be found without, only sooner.

Sets of variables are numbers here, a bit for each variable: a model is compared with all that was said in a fraction
of a microsecond.
"""

from __future__ import annotations

import sys
from array import array
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)

_MODELS = 300
"""Models kept: about what a long session finds."""

_CLOSED = 12
"""Findings kept for each place."""

_SIGN = slice(3 if sys.byteorder == "little" else 0, None, 4)
"""Where the sign of each number of an array of four-byte integers lies."""

_DIGITS = bytes.maketrans(b"\x00\xff", b"10")
_TEXT = bytes.maketrans(b"\x00\x01", b"01")
_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


class Assumed(NamedTuple):
    """Literals: variables that have to hold, and variables that have to fail."""

    held: int
    failed: int


class Reach(NamedTuple):
    """Variables that hold in some model, and variables that fail in some model; both 0 where there is none."""

    holds: int
    fails: int

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.holds | other.holds, self.fails | other.fails)


NOWHERE = Reach(0, 0)
"""There is no model at all."""

NOTHING = Assumed(0, 0)
"""Nothing was said."""


class Shown(NamedTuple, Generic[K]):
    """What the models that are known show under some answers."""

    everywhere: Reach
    """Where all answers hold."""
    beside: Mapping[K, Reach]
    """Where they hold but for what is loose in one place."""
    close: list[tuple[int, int]]
    """Models that miss few answers, each with the variables of those."""


def assume(literals: Iterable[int]) -> Assumed:
    """Literals as sets of variables."""
    held = failed = 0
    for literal in literals:
        if literal > 0:
            held |= 1 << literal
        else:
            failed |= 1 << -literal
    return Assumed(held, failed)


def members(variables: int) -> Iterator[int]:
    """The variables of a set, in rising order."""
    digits = f"{variables:b}"[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def set_of(variables: Iterable[int]) -> int:
    """Variables as a set."""
    return reduce(or_, (1 << variable for variable in variables), 0)


class Known:
    """Models of one formula, and what some answers close in it."""

    def __init__(self, variables: int) -> None:
        self._width = variables + 1
        self._ones = (1 << self._width) - 2
        self._models: deque[int] = deque(maxlen=_MODELS)
        self._closed: dict[Hashable, deque[tuple[Assumed, Reach]]] = {}

    def keep(self, model: Sequence[int]) -> Reach:
        """Remember a model that the solver found (selectors of rules at its end are no part of it); what it shows."""
        signs = array("i", model).tobytes()[_SIGN][:self._width - 1]
        return self._add(int(signs[::-1].translate(_DIGITS) + b"0", 2))

    def found(self, values: bytes | bytearray) -> Reach:
        """Remember a model, given by literal; what it shows."""
        return self._add(int(values[self._width - 1::-1].translate(_TEXT), 2))

    def _add(self, true: int) -> Reach:
        self._models.append(true)
        return Reach(true, self._ones ^ true)

    def flags(self, variables: int) -> bytes:
        """A set of variables by their number: 1 for each that is in it."""
        return f"{variables:0{self._width}b}"[::-1].encode().translate(_FLAGS)

    def values(self, true: int) -> bytes:
        """A model by literal: 1 at the place of each that holds (that of a negative one is counted from the end)."""
        return self.flags(true) + self.flags(self._ones ^ true)[:0:-1]

    def one(self, answers: Assumed) -> int | None:
        """A model in which these answers hold, as the set of what holds in it; None where none is known."""
        held, failed = answers
        return next((model for model in self._models if not (held & ~model | failed & model)), None)

    def shown(self, answers: Assumed, loose: Mapping[K, int], close: int) -> Shown[K]:
        """What the models show where all answers hold, and where they do but for some loose variables; and which of
        them miss at most `close` answers."""
        held, failed = answers
        found = {place: [0, 0] for place in loose}
        owners: dict[int, list[tuple[int, list[int]]]] = {}
        for place, variables in loose.items():
            for variable in members(variables):
                owners.setdefault(variable, []).append((~variables, found[place]))
        holds = fails = 0
        near = []
        for model in self._models:
            broken = held & ~model | failed & model
            if not broken:
                holds |= model
                fails |= ~model
                continue
            if broken.bit_count() <= close:
                near.append((model, broken))
            for firm, shown in owners.get((broken & -broken).bit_length() - 1, ()):
                if not broken & firm:
                    shown[0] |= model
                    shown[1] |= ~model
        ones = self._ones
        return Shown(Reach(holds, fails & ones), {
            place: Reach(more, fewer & ones) for place, (more, fewer) in found.items()
        }, near)

    def broken(self, answers: Assumed, end: Assumed, most: int) -> set[int]:
        """For models that reach an end: the set of variables that are otherwise in them than answered, where those are
        at most `most`."""
        held, failed = answers
        reached, missed = end
        found = {
            held & ~model | failed & model for model in self._models if not (reached & ~model or missed & model)
        }
        return {broken for broken in found if broken.bit_count() <= most}

    def close(self, place: Hashable, answers: Assumed, wanted: int, reach: Reach) -> None:
        """Remember what of `wanted` can nowhere hold, and what can nowhere fail, where these answers hold."""
        found = self._closed.setdefault(place, deque(maxlen=_CLOSED))
        found.append((answers, Reach(wanted & ~reach.holds, wanted & ~reach.fails)))

    def closed(self, places: Iterable[Hashable], answers: Assumed) -> Reach:
        """What was found out to hold nowhere, and to fail nowhere, for places under these answers or fewer."""
        held, failed = ~answers.held, ~answers.failed
        never = always = 0
        for place in places:
            for (needs, bars), (excluded, implied) in self._closed.get(place, ()):
                if not (needs & held or bars & failed):
                    never |= excluded
                    always |= implied
        return Reach(never, always)

