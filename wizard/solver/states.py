"""States of many options at once: which of them can hold, and which can fail, in some model.

Each model shows many options; the next solve asks for one not yet seen, and the phases steer the solver towards the
others unseen and away from those seen, so that about as many solves are needed as the largest decision has options.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wizard.solver.sat import Sat


class Reach(NamedTuple):
    """Variables that hold in some model, and variables that fail in some model."""

    holds: frozenset[int]
    fails: frozenset[int]


NOWHERE = Reach(frozenset(), frozenset())
"""There is no model at all."""


def reachable(sat: Sat, assumptions: Sequence[int], options: Sequence[int], model: Sequence[int] = ()) -> Reach:
    """How far each option (a variable) can go under the assumptions; a model of them already known saves a solve."""
    assumed = list(assumptions)
    unseen = list(options)
    if not model:
        sat.prefer(unseen)
        if not sat.solve(assumed):
            return NOWHERE
        model = sat.model()
    holds = {option for option in options if model[option - 1] > 0}
    fails = {option for option in options if model[option - 1] < 0}
    follows = frozenset(sat.propagate(assumed)[1])
    unseen = [option for option in options if option not in holds and -option not in follows]
    turn_away = [-option for option in holds]
    while unseen:
        sat.prefer(turn_away)
        sat.prefer(unseen)
        if sat.solve([*assumed, unseen[0]]):
            model = sat.model()
            shown = [option for option in unseen if model[option - 1] > 0]
            unseen = [option for option in unseen if model[option - 1] < 0]
            holds.update(shown)
            turn_away = [-option for option in shown]
            if len(fails) < len(options):
                fails.update(option for option in options if model[option - 1] < 0)
        else:
            del unseen[0]
    for option in options:
        if option not in fails and option not in follows and sat.solve([*assumed, -option]):
            model = sat.model()
            fails.update(other for other in options if model[other - 1] < 0)
    return Reach(frozenset(holds), frozenset(fails))
