"""States of many literals at once: which of them can hold, and which can fail, in some model.

Each model shows many literals; the next solve asks for one not yet seen and steers the phases of all others unseen
towards showing themselves too. That takes a handful of solves instead of one per literal.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.solver.sat import Sat


def reachable(sat: Sat, assumptions: Sequence[int], wanted: Sequence[int]) -> frozenset[int] | None:
    """Those of the wanted literals that hold in some model; None when there is no model at all."""
    assumed = list(assumptions)
    sat.prefer(wanted)
    if not sat.solve(assumed):
        return None
    model = sat.model()
    left = [literal for literal in wanted if model[abs(literal) - 1] != literal]
    if not left:
        return frozenset(wanted)
    impossible: set[int] = set()
    _, follows = sat.propagate(assumed)
    fixed = set(follows)
    if fixed:
        impossible.update(literal for literal in left if -literal in fixed)
        left = [literal for literal in left if -literal not in fixed]
    while left:
        asked = left[0]
        sat.prefer(left)
        if sat.solve([*assumed, asked]):
            model = sat.model()
            left = [literal for literal in left if model[abs(literal) - 1] != literal]
        else:
            impossible.add(asked)
            del left[0]
    return frozenset(literal for literal in wanted if literal not in impossible)
