"""Other good designs: each the best for one priority; none worse than another in every respect.

What the catalog recommends for a use case nearly always decides before any rating does, so that another order of
priorities alone changes little. An alternative therefore puts one priority before those recommendations. It does without
nothing that the recommended design has: to leave things out is cheap and simple, and no alternative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.rules import PRIORITIES, Priority
from wizard.solver.resolution import Resolution, complete

if TYPE_CHECKING:
    from wizard.solver.space import Space


@dataclass(frozen=True)
class Alternative:
    """A whole design and the priority that it puts before everything; None for the recommended one."""

    first: Priority | None
    resolution: Resolution

    @property
    def costs(self) -> dict[str, int]:
        """Summed distance from the best rating, by priority: less is better."""
        return {level: cost for level, cost in self.resolution.costs if level in PRIORITIES}


def alternatives(space: Space, count: int) -> tuple[Alternative, ...]:
    """The recommended design, and up to `count` others for one priority each, in the user's order; all of them differ."""
    order = space.answers.order()
    own = space.complete()
    found: list[Alternative] = []
    for first in order:
        if len(found) >= count:
            break
        moved = (first, *(priority for priority in order if priority != first))
        made = complete(space, moved, own)
        offer = Alternative(first, made)
        known = any(other.choices == made.choices for other in (own, *(entry.resolution for entry in found)))
        if not known and not any(_dominates(other, offer) for other in found):
            found = [other for other in found if not _dominates(offer, other)] + [offer]
    return (Alternative(None, own), *found)


def _dominates(one: Alternative, other: Alternative) -> bool:
    """At least as good for every priority, and better for one."""
    mine, theirs = one.costs, other.costs
    return mine != theirs and all(mine[priority] <= theirs[priority] for priority in mine)
