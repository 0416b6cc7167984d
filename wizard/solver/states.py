"""States of many options at once: which of them can hold, and which can fail, in some model.

Each model shows many options; the next solve asks for one not yet seen, and the phases steer the solver towards the
others unseen and away from those seen, so that about as many solves are needed as the largest decision has options, and
none for what models of earlier questions have shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from wizard.solver.known import NOWHERE, Known, Reach, members
from wizard.solver.sat import Sat

_FEW = 4
"""Open ends for which unit propagation is not worth its price: a solve for each tells as much."""

_TAIL = 20
"""New options in a model below which the solver is not the cheapest way to the others any more."""

_MISSES = 4
"""Neighbours that may be looked for in vain: where they are rare, a solve is cheaper than the search for them."""


def reachable(
    sat: Sat, assumed: Sequence[int], wanted: int, known: Known, shown: Reach = NOWHERE, closed: Reach = NOWHERE,
    neighbours: Neighbours | None = None,
) -> Reach:
    """How far each of the `wanted` variables can go under the assumptions.

    `shown` is what some models are known to show, `closed` what is known to hold nowhere and to fail nowhere. With
    `neighbours` the last few are looked for next to the models that showed the others."""
    if not shown.holds:
        sat.prefer(list(members(wanted)))
        if not sat.solve(assumed):
            return NOWHERE
        shown = known.keep(sat.model())
    unseen = list(members(wanted & ~(shown.holds | closed.holds)))
    unfailed = list(members(wanted & ~(shown.fails | closed.fails)))
    follows = frozenset(assumed)
    if len(unseen) + len(unfailed) > _FEW:
        follows = follows.union(sat.propagate(assumed)[1])
        unseen = [option for option in unseen if -option not in follows]
        unfailed = [option for option in unfailed if option not in follows]
    if unseen:
        # The solver keeps to what it was told last of each.
        sat.prefer([-option for option in members(wanted & shown.holds)])
        sat.prefer(unseen)
    tries = _MISSES
    while unseen:
        if not sat.solve([*assumed, unseen[0]]):
            del unseen[0]
            continue
        model = sat.model()
        found = [option for option in unseen if model[option - 1] > 0]
        sat.prefer([-option for option in found])
        unseen = [option for option in unseen if model[option - 1] < 0]
        unfailed = [option for option in unfailed if model[option - 1] > 0]
        here = known.keep(model)
        shown |= here
        if neighbours is not None and len(found) < _TAIL and unseen:
            values = known.values(here.holds)
            barred = neighbours.barred(follows)
            for option in unseen:
                turned = neighbours.turned(values, (option,), barred)
                tries -= turned is None
                if turned is not None:
                    shown |= known.found(turned)
                elif not tries:
                    neighbours = None
                    break
            sat.prefer([-option for option in unseen if shown.holds >> option & 1])
            unseen = [option for option in unseen if not shown.holds >> option & 1]
            unfailed = [option for option in unfailed if not shown.fails >> option & 1]
    while unfailed:
        option = unfailed.pop(0)
        if sat.solve([*assumed, -option]):
            model = sat.model()
            unfailed = [other for other in unfailed if model[other - 1] > 0]
            shown |= known.keep(model)
    return shown


class Neighbours:
    """Models next to a known one: the same but for a few variables and what follows from them.

    Most of what is offered only needs the option itself swapped, or one thing more that it asks for. That is seen in a
    few clauses, however large the formula, and saves a solve each."""

    def __init__(self, variables: int, clauses: Iterable[Sequence[int]], gates: Collection[int]) -> None:
        self._width = variables + 1
        self._gates = gates
        self._clauses: dict[int, list[Sequence[int]]] = {}
        """By literal: the clauses that it is in."""
        for clause in clauses:
            for literal in clause:
                self._clauses.setdefault(literal, []).append(clause)

    def barred(self, fixed: Iterable[int]) -> bytearray:
        """By literal: what must not hold where these do."""
        found = bytearray(2 * self._width)
        for literal in fixed:
            if abs(literal) < self._width:
                found[-literal] = 1
        return found

    def turned(self, values: bytes, literals: Iterable[int], barred: bytes | bytearray) -> bytearray | None:
        """The values (by literal) of a model in which these literals hold, and all else is as in the one given but for
        what has to follow; what is `barred` does not hold.

        None only means that it is not that easy."""
        found, barred, left = bytearray(values), bytearray(barred), _FAR
        clauses, queue = self._clauses, list(literals)
        for literal in queue:
            if found[literal]:
                continue
            if barred[literal] or not left:
                return None
            left -= 1
            # What has been turned may not turn again.
            found[literal], found[-literal], barred[-literal] = 1, 0, 1
            for clause in clauses.get(-literal, ()):
                for other in clause:
                    if found[other]:
                        break
                else:
                    # A gate is made after what it depends on: the last variable of a clause is the one to follow.
                    following = max(clause, key=abs)
                    if abs(following) not in self._gates or barred[following]:
                        free = [other for other in clause if not barred[other]]
                        if not free:
                            return None
                        # Something to choose is more likely to make it hold than something to leave.
                        following = next((other for other in free if other > 0), free[0])
                    queue.append(following)
        return found


_FAR = 60
"""Turned literals after which a neighbour is not one any more."""
