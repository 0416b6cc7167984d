"""States of many options at once: which of them can hold, and which can fail, in some model.

Each model shows many options; the next solve asks for one not yet seen, and the phases steer the solver towards the
others unseen and away from those seen, so that about as many solves are needed as the largest decision has options.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from wizard.solver.sat import Sat


class Reach(NamedTuple):
    """Variables that hold in some model, and variables that fail in some model."""

    holds: frozenset[int]
    fails: frozenset[int]


NOWHERE = Reach(frozenset(), frozenset())
"""There is no model at all."""


def reachable(
    sat: Sat, assumptions: Sequence[int], options: Sequence[int], model: Sequence[int] = (), shown: Reach = NOWHERE
) -> Reach:
    """How far each option (a variable) can go under the assumptions. A model of them already known saves a solve,
    and so does what other models have shown."""
    assumed = list(assumptions)
    unseen = list(options)
    if not model:
        sat.prefer(unseen)
        if not sat.solve(assumed):
            return NOWHERE
        model = sat.model()
    holds = {option for option in options if model[option - 1] > 0} | shown.holds
    fails = {option for option in options if model[option - 1] < 0} | shown.fails
    if len(holds) == len(fails) == len(options):
        return Reach(frozenset(holds), frozenset(fails))
    follows = frozenset(sat.propagate(assumed)[1])
    unseen = [option for option in options if option not in holds and -option not in follows]
    turn_away = [-option for option in holds]
    unfailed = [option for option in options if option not in fails]
    while unseen:
        sat.prefer(turn_away)
        sat.prefer(unseen)
        if sat.solve([*assumed, unseen[0]]):
            model = sat.model()
            found = [option for option in unseen if model[option - 1] > 0]
            unseen = [option for option in unseen if model[option - 1] < 0]
            holds.update(found)
            turn_away = [-option for option in found]
            if unfailed:
                fails.update([option for option in unfailed if model[option - 1] < 0])
                unfailed = [option for option in unfailed if model[option - 1] > 0]
        else:
            del unseen[0]
    for option in unfailed:
        if option not in fails and option not in follows and sat.solve([*assumed, -option]):
            model = sat.model()
            fails.update([other for other in unfailed if model[other - 1] < 0])
    return Reach(frozenset(holds), frozenset(fails))


class Neighbours:
    """Models next to a known one: the same but for a few variables and the gates that follow from them.

    Answered decisions are judged one by one, each without its own answer, and most of their options only need the
    option itself swapped. That is seen in a few clauses, however large the formula, and saves a solve each."""

    def __init__(self, clauses: Sequence[Sequence[int]], gates: Collection[int]) -> None:
        self._occurrences: dict[int, list[Sequence[int]]] = {}
        for clause in clauses:
            for literal in clause:
                self._occurrences.setdefault(literal, []).append(clause)
        self._gates = gates

    def exists(self, model: Sequence[int], flips: Sequence[int]) -> bool:
        """Whether the model with these literals turned, and gates turned where they have to follow, is one too.

        False only means that it is not that easy."""
        turned = set(flips)
        queue = list(flips)
        for literal in queue:
            for clause in self._occurrences.get(-literal, ()):
                for other in clause:
                    if other in turned or (model[abs(other) - 1] == other and -other not in turned):
                        break
                else:
                    # A gate is made after what it depends on, so the last variable is the one that has to follow.
                    last = max(clause, key=abs)
                    if abs(last) not in self._gates or -last in turned or len(queue) > _FAR:
                        return False
                    turned.add(last)
                    queue.append(last)
        return True


_FAR = 60
"""Turned literals after which a neighbour is not one any more."""
