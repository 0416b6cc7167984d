"""Other good designs: each the best when another priority comes first; none worse than another in every respect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.rules import PRIORITIES, Priority
from wizard.solver.resolution import Resolution, complete

if TYPE_CHECKING:
    from wizard.solver.space import Space


@dataclass(frozen=True)
class Alternative:
    """A whole design and the priority that it puts first."""

    first: Priority
    resolution: Resolution

    @property
    def costs(self) -> dict[str, int]:
        """Summed distance from the best rating, by priority: less is better."""
        return {level: cost for level, cost in self.resolution.costs if level in PRIORITIES}


def alternatives(space: Space, count: int) -> tuple[Alternative, ...]:
    """Up to `count` designs, the user's own order first; each differs from all before it."""
    order = space.answers.order()
    found: list[Alternative] = []
    for first in order:
        if len(found) == count:
            break
        moved = (first, *(priority for priority in order if priority != first))
        made = space.complete() if moved == order else complete(space, moved)
        offer = Alternative(first, made)
        known = any(other.resolution.choices == made.choices for other in found)
        if not known and not any(_dominates(other, offer) or _dominates(offer, other) for other in found):
            found.append(offer)
    return tuple(found)


def _dominates(one: Alternative, other: Alternative) -> bool:
    """At least as good for every priority, and better for one. Cannot happen while each is the best for its own."""
    mine, theirs = one.costs, other.costs
    return mine != theirs and all(mine[priority] <= theirs[priority] for priority in mine)
