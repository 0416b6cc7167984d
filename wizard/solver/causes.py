"""Smallest reasons: the fewest answers (then the fewest rules) that cannot stand together with something wanted.

Implicit hitting sets: whatever is a reason must meet every correction set (what some largest satisfiable rest leaves
out). So propose the first smallest set that meets all correction sets known; if it can be satisfied, grow the model to
a new correction set, else it is the answer, and provably the smallest and first in catalog order, whatever the solver
did on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from wizard.solver.hitting import hitting_set
from wizard.solver.sat import Sat

Soft = tuple[int, ...]
"""Literals that stand or fall together: one cause, or one rule."""


class Reasons:
    """Smallest unsatisfiable sets of `softs` over clauses in which `hard` holds, given as numbers of softs."""

    def __init__(self, sat: Sat, hard: Sequence[int], softs: Sequence[Soft]) -> None:
        self.sat = sat
        self.hard = list(hard)
        self.softs = softs
        self.corrections: list[frozenset[int]] = []
        # Models that keep most of what was said make small correction sets, and so few rounds.
        sat.prefer(list(chain.from_iterable(softs)))

    def unsatisfiable(self) -> bool:
        """Whether there is any reason at all."""
        return not self.sat.solve([*self.hard, *chain.from_iterable(self.softs)])

    def smallest(self, limit: int = 1, most: int | None = None) -> list[tuple[int, ...]]:
        """Up to `limit` smallest reasons (of at most `most`), all of the same size, in catalog order; empty when there
        is none."""
        found: list[tuple[int, ...]] = []
        size = most
        if not self.corrections and not self._seed():
            return []
        while len(found) < limit:
            proposal = hitting_set(
                self.corrections, most=size, accept=lambda entry: entry not in found,
            ) if self.corrections or not found else None
            if proposal is None:
                break
            literals = [*self.hard, *chain.from_iterable(self.softs[number] for number in proposal)]
            if self.sat.solve(literals):
                correction = self._grow(frozenset(proposal))
                if not correction:
                    return []
                self.corrections.append(correction)
            else:
                found.append(proposal)
                size = len(proposal)
        return found

    def _seed(self) -> bool:
        """Find one reason that nothing can be spared from, and which of it is in every reason; False: there is none.

        What alone makes the rest satisfiable is a correction set of one, which settles most reasons at once."""
        everything = range(len(self.softs))
        one = core(self.sat, self.hard, self.softs, everything)
        if one is None:
            return False
        for number in sorted(one):
            if self._holds(other for other in everything if other != number):
                self.corrections.append(frozenset({number}))
        return True

    def _grow(self, kept: frozenset[int]) -> frozenset[int]:
        """What some largest satisfiable set around `kept` (which can be satisfied) leaves out.

        From above: each contradiction among all softs gives up one of them, and those given up too early come back."""
        inside = dict.fromkeys(range(len(self.softs)))
        out: list[int] = []
        while not self._holds(inside):
            given_up = max(number for number in _named(self.sat, self.softs, inside) if number not in kept)
            del inside[given_up]
            out.append(given_up)
        model = self.sat.model()
        correction = set(out)
        for number in sorted(out):
            if all(model[abs(at) - 1] == at for at in self.softs[number]):
                inside[number] = None
                correction.discard(number)
            elif self._holds([*inside, number]):
                model = self.sat.model()
                inside[number] = None
                correction.discard(number)
        return frozenset(correction)

    def _holds(self, numbers: Iterable[int]) -> bool:
        return self.sat.solve([*self.hard, *chain.from_iterable(self.softs[number] for number in numbers)])


def fewest(candidates: Sequence[Reasons]) -> tuple[int, tuple[int, ...]] | None:
    """The smallest reason that any of them has, with its place: of several as small that of the first."""
    for size in range(max((len(entry.softs) for entry in candidates), default=-1) + 1):
        for place, entry in enumerate(candidates):
            found = entry.smallest(most=size)
            if found:
                return place, found[0]
    return None


def core(sat: Sat, hard: Sequence[int], softs: Sequence[Soft], within: Sequence[int]) -> frozenset[int] | None:
    """Numbers of softs out of `within` that cannot all hold, none of which can be spared; None when they can."""
    if sat.solve([*hard, *chain.from_iterable(softs[number] for number in within)]):
        return None
    needed = _named(sat, softs, within)
    for number in tuple(needed):
        if number in needed:
            rest = [other for other in needed if other != number]
            if not sat.solve([*hard, *chain.from_iterable(softs[other] for other in rest)]):
                needed = _named(sat, softs, rest)
    return frozenset(needed)


def _named(sat: Sat, softs: Sequence[Soft], within: Iterable[int]) -> list[int]:
    """The softs whose literals the solver's last core needs; a literal that several share counts for the first."""
    missing = set(sat.core())
    found = []
    for number in within:
        if not missing:
            break
        if not missing.isdisjoint(softs[number]):
            found.append(number)
            missing.difference_update(softs[number])
    return found
