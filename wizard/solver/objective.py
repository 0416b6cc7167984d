"""What completion minimises, level by level, as penalties on literals.

Order of levels: components and releases out of support that nobody named; recommendations not followed; each priority's summed
distance from the best rating, in the user's order; companions left out; number of components. Whatever is still equal
is decided by the order of options, in `optimum`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.layers import NONE
from catalog.rules import PRIORITIES, Priority, Recommendation
from wizard.solver.encode import Encoded
from wizard.solver.formula import DESIGN

Penalty = tuple[int, int]
"""A literal and what it costs when it holds."""

BEST = 4
NEUTRAL = 2

Level = str
"""`support`, `recommended`, a priority, `goes-with` or `fewer`."""


@dataclass(frozen=True)
class Slot:
    """One decision in one scope: when it is asked, and its options with what choosing each one costs."""

    scope: int
    decision: str
    asked: int
    exclusive: bool
    """At most one option (`one` and `optional`)."""
    options: tuple[str, ...]
    literals: tuple[int, ...]
    charged: tuple[int, ...]
    """The literal that pays the ratings: the option itself, or for a companion under `several` it without friends."""
    ratings: Mapping[Priority, tuple[int, ...]]
    """Distance from the best rating, by option."""
    lapsed: tuple[bool, ...]
    """Whether an option is anything but active."""


class Objective:
    """The penalties of one formula. Adds gates to it, so it is made after the solvers that do not need them."""

    def __init__(self, encoded: Encoded) -> None:
        self.encoded = encoded
        catalog = encoded.catalog
        self._friends: dict[str, list[str]] = {}
        for component in catalog.components.values():
            for other in component.goes_with:
                self._friends.setdefault(other, []).append(component.id)
        self.slots = tuple(self._slot(scope, decision) for scope, decision in encoded.slots)
        self.unmet: tuple[Penalty, ...] = tuple(
            (literal, 1) for slot in self.slots for literal in self._unmet(slot) if literal != -encoded.true
        )
        self.alone = self._alone()
        self.ended = tuple(self._ended())
        """Releases that are out of support where the component has others that are not."""
        self.parts: tuple[Penalty, ...] = tuple(
            (encoded.selected(component, DESIGN), 1) for component in catalog.components
        )

    def rating(self, decision: str, option: str, priority: Priority) -> int:
        """How good an option is for a priority, 0 to 4."""
        catalog = self.encoded.catalog
        if option == NONE:
            rating = catalog.absence(decision).ratings.get(priority)
            return rating.score if rating else NEUTRAL
        return catalog.components[option].rating(decision, priority)

    def recommendations(self, decision: str, option: str) -> Sequence[Recommendation]:
        """When an option is the one to take."""
        catalog = self.encoded.catalog
        if option == NONE:
            return catalog.absence(decision).recommended_when
        return catalog.components[option].roles[decision].recommended_when

    def _slot(self, scope: int, decision_id: str) -> Slot:
        encoded = self.encoded
        catalog = encoded.catalog
        decision = catalog.decisions[decision_id]
        options = catalog.options[decision_id]
        literals = tuple(encoded.choice[scope, decision_id, option] for option in options)
        charged = literals
        if decision.many == "several":
            charged = tuple(
                encoded.both([literal, *(-encoded.selected(friend, scope) for friend in self._friends.get(option, ()))])
                for option, literal in zip(options, literals, strict=True)
            )
        ratings = {
            priority: tuple(BEST - self.rating(decision_id, option, priority) for option in options)
            for priority in PRIORITIES
        }
        lapsed = tuple(
            option != NONE and catalog.components[option].status(catalog.as_of) != "active" for option in options
        )
        return Slot(
            scope, decision_id, encoded.asked[scope, decision_id], decision.many != "several", options, literals,
            charged, ratings, lapsed,
        )

    def _unmet(self, slot: Slot) -> list[int]:
        encoded = self.encoded
        return [
            encoded.both([
                slot.asked, -literal, *(encoded.literal(condition, slot.scope) for condition in recommendation.when),
            ])
            for option, literal in zip(slot.options, slot.literals, strict=True)
            for recommendation in self.recommendations(slot.decision, option)
        ]

    def _alone(self) -> tuple[Penalty, ...]:
        """A component without one that goes with it, in each kind of cluster where either depends on the kind."""
        encoded = self.encoded
        found: list[Penalty] = []
        for component in encoded.catalog.components.values():
            for other in component.goes_with:
                if other not in encoded.catalog.components:
                    continue
                clustered = encoded.clustered_component(component.id) or encoded.clustered_component(other)
                for scope in range(encoded.kinds) if clustered else (DESIGN,):
                    gate = encoded.both([encoded.selected(component.id, scope), -encoded.selected(other, scope)])
                    found.append((gate, 1))
        return tuple(found)

    def lapsed(self, named: frozenset[str], fixed: Container[str] = ()) -> tuple[Penalty, ...]:
        """Options out of support that nobody named, and releases out of support of components whose release nobody
        fixed. Where the catalog knows no supported release at all, that tells of the catalog's age and costs nothing."""
        return (
            *((literal, 1) for slot in self.slots
              for option, literal, lapsed in zip(slot.options, slot.literals, slot.lapsed, strict=True)
              if lapsed and option not in named),
            *((literal, 1) for component, literal in self.ended if component not in fixed),
        )

    def _ended(self) -> Iterator[tuple[str, int]]:
        encoded = self.encoded
        on = encoded.catalog.as_of
        for component in encoded.catalog.components.values():
            past = [release.version for release in component.releases if not release.supported(on)]
            if component.id in encoded.bound_releases and len(past) < len(component.releases):
                for scope in encoded.release_scopes(component.id):
                    literals = encoded.release[max(scope, 0), component.id]
                    yield from ((component.id, literals[version]) for version in past)

    def priority(self, priority: Priority, possible: frozenset[int]) -> tuple[int, tuple[Penalty, ...]]:
        """Penalties of one priority, and what every design pays anyway. Only differences from the cheapest possible
        option of an exclusive decision are penalties, so that most decisions are settled without search."""
        base = 0
        found: list[Penalty] = []
        for slot in self.slots:
            costs = slot.ratings[priority]
            if not slot.exclusive:
                found.extend((literal, cost) for literal, cost in zip(slot.charged, costs, strict=True) if cost)
                continue
            open_costs = [cost for literal, cost in zip(slot.literals, costs, strict=True) if literal in possible]
            if not open_costs:
                continue
            least = min(open_costs)
            if least:
                if slot.asked == self.encoded.true:
                    base += least
                else:
                    found.append((slot.asked, least))
            found.extend(
                (literal, cost - least) for literal, cost in zip(slot.literals, costs, strict=True) if cost > least
            )
        return base, tuple(found)
