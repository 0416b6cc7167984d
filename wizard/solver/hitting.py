"""Smallest hitting sets, in one fixed order: what smallest reasons and smallest repairs are found through.

The instances are tiny (a few sets of a few numbers), so a plain search in the wanted order beats an optimiser, and it
makes the order of equals exact: fewer elements, then fewer heavy ones, then the lower numbers first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def hitting_set(
    sets: Sequence[frozenset[int]], heavy: frozenset[int] = frozenset(), least: int = 0, most: int | None = None,
    accept: Callable[[tuple[int, ...]], bool] = lambda found: True,
) -> tuple[int, ...] | None:
    """The first set of at least `least` (and at most `most`) numbers that meets every one of `sets` and is accepted.

    None when there is none: an empty set among `sets`, or nothing small enough is accepted."""
    if any(not entry for entry in sets):
        return None
    minimal = [entry for entry in dict.fromkeys(sets) if not any(other < entry for other in sets)]
    everything = sorted({number for entry in minimal for number in entry})
    top = len(everything) if most is None else min(most, len(everything))
    for size in range(max(least, _disjoint(minimal)), top + 1):
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
    weight: int, accept: Callable[[tuple[int, ...]], bool],
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
