"""Numbers in a Boolean formula: each numeric setting, fact or ordered question is a line with a few cuts.

A cut is a place on the line, `(value, 0)` just below a value ("at least it") or `(value, 1)` just above it ("more
than it"). Only the cuts that rules, bounds, defaults or answers mention exist, so a retention in seconds costs three
variables, not millions; between two cuts all values behave alike. Owns the order encoding and the way back to a
value; what may be compared with what is decided in `encode`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from catalog.conditions import Scalar
from catalog.settings import Setting, magnitude

Cut = tuple[Fraction, int]

DISCRETE = frozenset({"integer", "duration"})
"""Types of which only whole numbers (of seconds) exist."""


def at_least(value: Fraction) -> Cut:
    """The cut that values from `value` upwards are above."""
    return (value, 0)


def above(value: Fraction) -> Cut:
    """The cut that only values greater than `value` are above."""
    return (value, 1)


@dataclass(frozen=True)
class Line:
    """One number: its cuts in rising order and the literal that says the number is above each of them."""

    subject: str
    discrete: bool
    lowest: Fraction | None
    highest: Fraction | None
    cuts: tuple[Cut, ...]
    literals: tuple[int, ...]
    true: int

    def over(self, cut: Cut) -> int:
        """The literal for 'the number is above this cut'. KeyError when the formula does not know the cut."""
        cut = self._normal(cut)
        if self.lowest is not None and cut <= at_least(self.lowest):
            return self.true
        if self.highest is not None and cut > at_least(self.highest):
            return -self.true
        place = bisect_left(self.cuts, cut)
        if place == len(self.cuts) or self.cuts[place] != cut:
            raise KeyError((self.subject, cut))
        return self.literals[place]

    def exactly(self, value: Fraction) -> tuple[int, ...]:
        """Literals that place the number where `value` lies, as far as the cuts can tell."""
        return tuple(
            literal if cut <= at_least(value) else -literal
            for cut, literal in zip(self.cuts, self.literals, strict=True)
        )

    def inside(self, value: Fraction) -> bool:
        """Whether the bounds of the number allow the value."""
        return not (
            (self.lowest is not None and value < self.lowest) or (self.highest is not None and value > self.highest)
        )

    def _normal(self, cut: Cut) -> Cut:
        return normal(cut, self.discrete)

    def regions(self) -> list[tuple[tuple[int, ...], Cut | None, Cut | None]]:
        """The stretches between cuts from low to high: literals that say so, and the cuts around (None: no bound)."""
        found = []
        for place in range(len(self.cuts) + 1):
            signs = tuple(
                literal if index < place else -literal for index, literal in enumerate(self.literals)
            )
            low = self.cuts[place - 1] if place else (at_least(self.lowest) if self.lowest is not None else None)
            high = self.cuts[place] if place < len(self.cuts) else (
                above(self.highest) if self.highest is not None else None
            )
            found.append((signs, low, high))
        return found

    def nearest(self, value: Fraction, low: Cut | None, high: Cut | None, steps: Sequence[Fraction] = ()) -> Fraction:
        """The value of a stretch that is nearest to `value`; a step that a screen offers where an edge is open."""
        if low is not None and at_least(value) < low:
            edge, strict = low
            if not strict:
                return edge
            inside = [step for step in steps if low <= at_least(step) and (high is None or at_least(step) < high)]
            if inside:
                return min(inside)
            return (edge + high[0]) / 2 if high is not None else edge + 1
        if high is not None and at_least(value) >= high:
            edge, strict = high
            if strict:
                return edge
            if self.discrete:
                return edge - 1
            inside = [step for step in steps if (low is None or low <= at_least(step)) and at_least(step) < high]
            if inside:
                return max(inside)
            return (edge + low[0]) / 2 if low is not None else edge / 2
        return value


def normal(cut: Cut, discrete: bool) -> Cut:
    """The same cut in the one way in which a type writes it (`more than 2` is `at least 3` among whole numbers)."""
    if not discrete:
        return cut
    value, strict = cut
    return (Fraction(math.floor(value) + 1), 0) if strict else (Fraction(math.ceil(value)), 0)


def bounds(setting: Setting) -> tuple[Fraction | None, Fraction | None]:
    """Least and greatest value that a numeric setting takes; numbers of nothing are never negative."""
    low = magnitude(setting.at_least, setting.type) if setting.at_least is not None else Fraction(0)
    high = magnitude(setting.at_most, setting.type) if setting.at_most is not None else None
    return low, high


def merge(cuts: Mapping[str, set[Cut]], pairs: Iterable[tuple[str, str]]) -> None:
    """Give numbers that are compared with each other the same cuts, in place."""
    together = list(pairs)
    changed = True
    while changed:
        changed = False
        for left, right in together:
            union = cuts[left] | cuts[right]
            if len(union) > len(cuts[left]) or len(union) > len(cuts[right]):
                cuts[left].update(union)
                cuts[right].update(union)
                changed = True


_UNITS = {
    "duration": (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1)),
    "quantity": (("Pi", 2**50), ("Ti", 2**40), ("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10)),
}


def written(value: Fraction, type_: str, known: Mapping[Fraction, Scalar] | None = None) -> Scalar:
    """A number in the words of its type, as the catalog wrote it where it did."""
    if known and value in known:
        return known[value]
    if type_ == "integer":
        return int(value)
    if type_ == "duration":
        for unit, size in _UNITS["duration"]:
            if unit != "w" and value % size == 0:
                return f"{value // size}{unit}"
    if type_ == "quantity":
        for unit, size in _UNITS["quantity"]:
            if value >= size and value % size == 0:
                return f"{value // size}{unit}"
        if value.denominator != 1 and (value * 1000).denominator == 1:
            return f"{value * 1000}m"
    if value.denominator == 1:
        return str(value)
    return format(float(value), ".6f").rstrip("0").rstrip(".")
