"""Smallest hitting sets, in one fixed order: what smallest reasons and smallest repairs are found through.

Almost all instances are tiny (a few sets of a few numbers), where a plain search in the wanted order beats an optimiser.
Whoever has said nearly everything may need a dozen changes for one wish, and there the plain search takes minutes: from
`MANY` numbers on a solver finds the same set. The order of equals is exact either way: fewer elements, then fewer heavy
ones, then the lower numbers first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MANY = 6
"""Elements from which on the solver is asked."""

Accept = Callable[[tuple[int, ...]], bool]


def hitting_set(
    sets: Sequence[frozenset[int]], heavy: frozenset[int] = frozenset(), least: int = 0, most: int | None = None,
    accept: Accept = lambda found: True,
) -> tuple[int, ...] | None:
    """The first set of at least `least` (and at most `most`) numbers that meets every one of `sets` and is accepted.

    None when there is none: an empty set among `sets`, or nothing small enough is accepted."""
    if any(not entry for entry in sets):
        return None
    minimal = [entry for entry in dict.fromkeys(sets) if not any(other < entry for other in sets)]
    everything = sorted({number for entry in minimal for number in entry})
    top = len(everything) if most is None else min(most, len(everything))
    for size in range(max(least, _disjoint(minimal)), top + 1):
        if size >= MANY:
            found = _solved(minimal, heavy, everything, size, accept)
            if found is not None:
                return found
            continue
        for weight in range(min(size, len(heavy)) + 1):
            found = _search(minimal, heavy, everything, (), size, weight, accept)
            if found is not None:
                return found
    return None


def _disjoint(sets: Sequence[frozenset[int]]) -> int:
    """How many sets share nothing: a lower bound."""
    used: set[int] = set()
    count = 0
    for entry in sorted(sets, key=len):
        if used.isdisjoint(entry):
            used |= entry
            count += 1
    return count


def _search(
    sets: Sequence[frozenset[int]], heavy: frozenset[int], numbers: Sequence[int], chosen: tuple[int, ...], left: int,
    weight: int, accept: Accept,
) -> tuple[int, ...] | None:
    if left == 0:
        return chosen if not sets and weight == 0 and accept(chosen) else None
    if weight > left or _disjoint(sets) > left:
        return None
    # Numbers are taken in rising order, so a set whose greatest number is passed can never be met any more.
    limit = min((max(entry) for entry in sets), default=None)
    for place, number in enumerate(numbers):
        if limit is not None and number > limit:
            return None
        load = 1 if number in heavy else 0
        if load > weight:
            continue
        rest = [entry for entry in sets if number not in entry]
        found = _search(rest, heavy, numbers[place + 1:], (*chosen, number), left - 1, weight - load, accept)
        if found is not None:
            return found
    return None


def _solved(
    sets: Sequence[frozenset[int]], heavy: frozenset[int], numbers: Sequence[int], size: int, accept: Accept,
) -> tuple[int, ...] | None:
    """The first accepted set of exactly this size, as `_search` would find it."""
    from pysat.card import CardEnc, ITotalizer
    from pysat.solvers import Solver

    literal = {number: at for at, number in enumerate(numbers, 1)}
    loads = [literal[number] for number in numbers if number in heavy]
    exact = CardEnc.equals(list(literal.values()), size)
    with Solver("cadical153", bootstrap_with=[[literal[number] for number in entry] for entry in sets]) as solver:
        solver.append_formula(exact.clauses)
        within: list[int] = []
        if loads:
            counted = ITotalizer(loads, len(loads), top_id=max(exact.nv, len(numbers)))
            solver.append_formula(counted.cnf.clauses)
            within = [-bound for bound in counted.rhs]
            counted.delete()
        while solver.solve():
            # The fewest heavy ones first: nothing more than so many of them may be taken.
            limit = next(each for each in (*([bound] for bound in within), []) if solver.solve(each))
            found = _first(solver, list(literal.values()), size, limit)
            answer = tuple(numbers[at - 1] for at in found)
            if accept(answer):
                return answer
            solver.add_clause([-at for at in found])
    return None


def _first(solver: Any, literals: Sequence[int], size: int, limit: Sequence[int]) -> list[int]:
    """The lowest literals of all models of so many; the solver has just found one."""
    taken: list[int] = []
    left: list[int] = []
    model = {literal for literal in solver.get_model() if literal > 0}
    for literal in literals:
        if len(taken) == size:
            break
        if literal not in model and solver.solve([*limit, *taken, *left, literal]):
            model = {literal for literal in solver.get_model() if literal > 0}
        (taken if literal in model else left).append(literal if literal in model else -literal)
    return taken
