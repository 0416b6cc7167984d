"""All that was said, as literals: together, and but for what answers one place, which is how that place is judged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, chain

from wizard.solver.assumptions import Group, Place
from wizard.solver.known import NOTHING, Assumed, assume


class Told:
    """Groups of literals, cut out place by place without going through the others again."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self._at: dict[Place, list[int]] = {}
        for number, group in enumerate(groups):
            for place in group.places:
                self._at.setdefault(place, []).append(number)
        self._literals = list(chain.from_iterable(group.literals for group in groups))
        self._starts = [0, *accumulate(len(group.literals) for group in groups)]

    @cached_property
    def places(self) -> frozenset[Place]:
        """What has an answer of its own."""
        return frozenset(self._at)

    def literals(self, without: Place | None = None) -> list[int]:
        """Everything, or everything but what answers one place."""
        kept, start = [], 0
        for number in self._at.get(without, ()) if without is not None else ():
            kept += self._literals[start:self._starts[number]]
            start = self._starts[number + 1]
        return kept + self._literals[start:]

    def assumed(self, without: Place | None = None) -> Assumed:
        """The same as sets of variables."""
        numbers = self._at.get(without, ()) if without is not None else ()
        parts, first, last = self._parts, min(numbers, default=0), max(numbers, default=-1)
        held, failed = self._before[first]
        for number in range(first, last + 1):
            if number not in numbers:
                held, failed = held | parts[number].held, failed | parts[number].failed
        return Assumed(held | self._after[last + 1].held, failed | self._after[last + 1].failed)

    @cached_property
    def _parts(self) -> list[Assumed]:
        return [assume(group.literals) for group in self.groups]

    @cached_property
    def _before(self) -> list[Assumed]:
        """By number: all groups before it."""
        return list(accumulate(self._parts, _both, initial=NOTHING))

    @cached_property
    def _after(self) -> list[Assumed]:
        """By number: all groups from it on."""
        return list(accumulate(reversed(self._parts), _both, initial=NOTHING))[::-1]


def _both(one: Assumed, other: Assumed) -> Assumed:
    return Assumed(one.held | other.held, one.failed | other.failed)
