"""Lexicographic optimisation: level after level of penalties, each minimised and then held, by core-guided search.

A level assumes that nothing costs anything. Each contradiction found raises the cost by its cheapest member, and a
counter over its members lets one of them be paid for (the OLL scheme of RC2). What is still assumed when the formula
can be satisfied holds in every optimum and in nothing else, which is how the next level inherits it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from wizard.solver.objective import Penalty
from wizard.solver.sat import Sat


class Infeasible(Exception):
    """What should be optimised has no model."""


class GivenUp(Exception):
    """Nobody waits for the optimum any more."""


class Optimum:
    """One optimisation over a shared solver. Clauses it adds hang on its own switch and vanish with `close`."""

    def __init__(self, sat: Sat, switch: int, fixed: Sequence[int]) -> None:
        self.sat = sat
        self.fresh = switch
        """The highest variable in use."""
        self._switch = switch
        self._base = [switch]
        self.given_up: Callable[[], bool] = bool
        """Asked before each search: whether to leave it."""
        self._model: list[int] = []
        self._holds: frozenset[int] = frozenset()
        """The literals of the last model found, as long as everything fixed so far holds in it; else empty."""
        self.hold(fixed)

    def hold(self, literals: Sequence[int]) -> None:
        """Fix these from now on."""
        for literal in literals:
            self.sat.add([-self._switch, literal])
        if not self._holds.issuperset(literals):
            self._holds = frozenset()

    def require(self, literals: Sequence[int]) -> None:
        """One of these at least holds from now on."""
        self.sat.add([-self._switch, *literals])
        if self._holds.isdisjoint(literals):
            self._holds = frozenset()

    def possible(self, literals: Collection[int] = ()) -> bool:
        """Whether these can hold with everything fixed so far. The solver is not asked for what a model shows already."""
        if self._holds and self._holds.issuperset(literals):
            return True
        possible = self._search(literals)
        if possible:
            self._model = self.sat.model()
            self._holds = frozenset(self._model)
        return possible

    def _search(self, literals: Collection[int]) -> bool:
        if self.given_up():
            raise GivenUp
        return self.sat.solve([*self._base, *literals])

    def model(self) -> list[int]:
        """A model of everything fixed so far, and of what was shown to be possible last."""
        self.possible()
        return self._model

    def follows(self) -> frozenset[int]:
        """Literals that propagation shows to be fixed."""
        return frozenset(self.sat.propagate(self._base)[1])

    def close(self) -> None:
        """Let go of everything fixed here."""
        self.sat.add([-self._switch])

    def minimise(self, penalties: Sequence[Penalty]) -> int:
        """The least sum of penalties, which then holds from now on. Raises Infeasible where nothing can hold."""
        weights: dict[int, int] = {}
        for literal, cost in penalties:
            weights[-literal] = weights.get(-literal, 0) + cost
        counters: dict[int, tuple[list[int], int]] = {}
        total = 0
        self.sat.prefer(list(weights))
        if not self._holds.issuperset(weights):
            # What is to be paid whatever is chosen needs no search for each.
            fixed = self.follows()
            paid = [soft for soft in weights if -soft in fixed]
            total = sum(weights.pop(soft) for soft in paid)
        while not self.possible(weights):
            core = self._core(weights)
            if not core:
                raise Infeasible
            least = min(weights[soft] for soft in core)
            total += least
            for soft in core:
                weights[soft] -= least
                if not weights[soft]:
                    del weights[soft]
                if soft in counters:
                    outputs, place = counters[soft]
                    if place + 1 < len(outputs):
                        following = -outputs[place + 1]
                        counters[following] = (outputs, place + 1)
                        weights[following] = weights.get(following, 0) + least
            if len(core) > 1:
                outputs = self._counter([-soft for soft in core])
                following = -outputs[1]
                counters[following] = (outputs, 1)
                weights[following] = weights.get(following, 0) + least
        self.hold(list(weights))
        return total

    def _core(self, weights: dict[int, int]) -> list[int]:
        """Softs that contradict each other, with those left out that are easily seen to be spare."""
        core = [literal for literal in self.sat.core() if weights.get(literal)]
        core.sort(key=lambda literal: (abs(literal), literal))
        for literal in tuple(core):
            if len(core) > 1 and literal in core:
                rest = [other for other in core if other != literal]
                if not self._search(rest):
                    core = [other for other in rest if other in set(self.sat.core())]
        return core

    def _counter(self, literals: Sequence[int]) -> list[int]:
        """Outputs n: at least n + 1 of these literals hold (in the direction that limits need)."""
        if len(literals) == 1:
            return list(literals)
        half = len(literals) // 2
        left, right = self._counter(literals[:half]), self._counter(literals[half:])
        outputs = []
        for _ in literals:
            self.fresh += 1
            outputs.append(self.fresh)
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                if i + j:
                    ends = [-left[i - 1]] if i else []
                    ends += [-right[j - 1]] if j else []
                    self.sat.add([*ends, outputs[i + j - 1]])
        return outputs


def settle_order(optimum: Optimum, slots: Sequence[tuple[bool, Sequence[int]]]) -> None:
    """Among equals: for each decision in turn the first option possible; for those that take several, none possible."""
    if not optimum.possible():
        raise Infeasible
    model = optimum.model()
    fixed = optimum.follows()
    for exclusive, literals in slots:
        for literal in literals:
            wanted = literal if exclusive else -literal
            if -wanted in fixed:
                continue
            if model[abs(wanted) - 1] != wanted:
                if not optimum.possible([wanted]):
                    continue
                model = optimum.model()
            if wanted not in fixed:
                optimum.hold([wanted])
            if exclusive:
                break
