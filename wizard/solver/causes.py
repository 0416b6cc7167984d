"""Smallest reasons: the fewest answers (then the fewest rules) that cannot stand together with something wanted.

Implicit hitting sets: whatever is a reason must meet every correction set (what some largest satisfiable rest leaves
out). So propose the first smallest set that meets all correction sets known; if it can be satisfied, grow the model to
a new correction set, else it is the answer, and provably the smallest and first in catalog order, whatever the solver
did on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from wizard.solver.hitting import hitting_set
from wizard.solver.sat import Sat

Soft = tuple[int, ...]
"""Literals that stand or fall together: one cause, or one rule."""


class Softs:
    """What may be given up, by number, ready to be assumed in whole or but for one."""

    def __init__(self, parts: Sequence[Soft]) -> None:
        self.parts = parts
        self.all = list(chain.from_iterable(parts))
        self._starts: list[int] = []
        self._owners: dict[int, list[int]] = {}
        place = 0
        for number, part in enumerate(parts):
            self._starts.append(place)
            place += len(part)
            for literal in part:
                self._owners.setdefault(literal, []).append(number)

    def but(self, number: int) -> list[int]:
        """Everything but one."""
        start = self._starts[number]
        return self.all[:start] + self.all[start + len(self.parts[number]):]

    def some(self, numbers: Iterable[int]) -> list[int]:
        """These only."""
        return list(chain.from_iterable(self.parts[number] for number in numbers))

    def named(self, core: Iterable[int], out: Collection[int] = ()) -> set[int]:
        """What failed assumptions stand for, `out` having been left out; what several say counts for the first."""
        found = (next((at for at in self._owners.get(literal, ()) if at not in out), None) for literal in core)
        return {number for number in found if number is not None}

    def broken(self, variables: Iterable[int]) -> frozenset[int]:
        """What speaks about any of these variables."""
        return frozenset(chain.from_iterable(
            self._owners.get(literal, ()) for variable in variables for literal in (variable, -variable)
        ))


class Reasons:
    """Smallest unsatisfiable sets of `softs` over clauses in which `hard` holds, given as numbers of softs.

    Remembers what it found out, and so may be asked again for more."""

    def __init__(self, sat: Sat, hard: Sequence[int], softs: Softs, corrections: Iterable[frozenset[int]] = ()) -> None:
        self.sat = sat
        self.hard = list(hard)
        self.softs = softs
        self.corrections = list(corrections)
        self._found: list[tuple[int, ...]] = []
        self._cores: list[frozenset[int]] = []
        self._least = 0
        """No reason is smaller."""
        self._only = False
        """Whether there are no others than those found."""

    def smallest(self, limit: int = 1, most: int | None = None) -> list[tuple[int, ...]]:
        """Up to `limit` smallest reasons (of at most `most`), all of the same size, in catalog order; empty when there
        is none."""
        if most is not None and most < self._least:
            return []
        # Models that keep most of what was said make small correction sets, and so few rounds.
        self.sat.prefer(self.softs.all)
        if not self._cores and not self._only and not self._seed():
            return []
        while len(self._found) < limit and not self._only:
            size = len(self._found[0]) if self._found else most
            proposal = hitting_set(
                self.corrections, least=self._least, most=size, accept=lambda entry: entry not in self._found,
            )
            if proposal is None:
                if self._found:
                    self._only = True
                elif most is not None:
                    self._least = most + 1
                break
            self._least = len(proposal)
            if self._stands(proposal):
                correction = self._grow(frozenset(proposal))
                if not correction:
                    return []
                self.corrections.append(correction)
            else:
                self._found.append(proposal)
        return [found for found in self._found[:limit] if most is None or len(found) <= most]

    def _stands(self, numbers: Sequence[int]) -> bool:
        if any(core.issubset(numbers) for core in self._cores):
            return False
        return self.sat.solve([*self.hard, *self.softs.some(numbers)])

    def _seed(self) -> bool:
        """Find one reason and what of it is in every reason; False where there is none.

        What alone makes the rest satisfiable is in every reason. Where that is all of one, there are no others, and
        that is how most reasons end."""
        if self.sat.solve([*self.hard, *self.softs.all]):
            self._only = True
            return False
        core = self.softs.named(self.sat.core())
        needed = {next(iter(entry)) for entry in self.corrections if len(entry) == 1}
        spare: set[int] = set()
        while doubtful := core - needed - spare:
            number = min(doubtful)
            if self.sat.solve([*self.hard, *self.softs.but(number)]):
                self.corrections.append(frozenset({number}))
                needed.add(number)
            else:
                spare.add(number)
                core = self.softs.named(self.sat.core(), (number,))
        self._cores.append(frozenset(core))
        if core <= needed:
            self._found = [tuple(sorted(core))]
            self._least = len(core)
            self._only = True
        return True

    def _grow(self, kept: frozenset[int]) -> frozenset[int]:
        """What some largest satisfiable set around `kept` (which can be satisfied) leaves out.

        From above: each contradiction among all softs gives up one of them, and those given up too early come back."""
        inside = dict.fromkeys(range(len(self.softs.parts)))
        out: list[int] = []
        while not self.sat.solve([*self.hard, *self.softs.some(inside)]):
            core = self.softs.named(self.sat.core(), out)
            self._cores.append(frozenset(core))
            given_up = max(core - kept)
            del inside[given_up]
            out.append(given_up)
        model = self.sat.model()
        correction = set(out)
        for number in sorted(out):
            if all(model[abs(at) - 1] == at for at in self.softs.parts[number]):
                inside[number] = None
                correction.discard(number)
            elif self.sat.solve([*self.hard, *self.softs.some([*inside, number])]):
                model = self.sat.model()
                inside[number] = None
                correction.discard(number)
        return frozenset(correction)


def fewest(candidates: Iterable[Reasons]) -> tuple[int, tuple[int, ...]] | None:
    """The smallest reason that any of them has, with its place: of several as small that of the first."""
    best: tuple[int, tuple[int, ...]] | None = None
    for place, entry in enumerate(candidates):
        found = entry.smallest(most=len(best[1]) - 1 if best is not None else None)
        if found:
            best = place, found[0]
    return best


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
