"""What a page is made from: session, space, thoughts so far and where one looks. Values only; no widgets.

Owns how states of several kinds of clusters are shown as one, and how a component is summed up in columns.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from catalog.catalog import Catalog
from catalog.layers import NONE
from catalog.reasons import Margin, Option, Reason, State
from catalog.rules import Priority
from catalog.words import Words
from wizard.session import Session
from wizard.solver import ContextOption, Space
from wizard.tui.standing import HowFar, Standing
from wizard.tui.thinking import Thoughts

Shown = Literal["chosen", "recommended", "available", "implied", "excluded", "partly", "rejected", "conflict"]
GLYPHS: Mapping[Shown, str] = {
    "chosen": "(●)", "recommended": "( )★", "available": "( )", "implied": "(=)", "excluded": " × ", "partly": "(±)",
    "rejected": " – ", "conflict": "(!)",
}
WORDS: Mapping[Shown, str] = {
    "chosen": "chosen", "recommended": "recommended", "available": "possible", "implied": "follows",
    "excluded": "ruled out", "partly": "in part", "rejected": "rejected", "conflict": "conflict",
}
STYLE: Mapping[Shown, str] = {
    "chosen": "good", "recommended": "accent", "available": "plain", "implied": "good", "excluded": "dim",
    "partly": "warn", "rejected": "dim", "conflict": "bad",
}
EFFORT = ("most", "much", "some", "little", "least")
COST = ("most", "high", "medium", "low", "least")
RIPENESS = ("new", "young", "fair", "mature", "proven")


@dataclass(frozen=True)
class View:
    """See the module."""

    session: Session
    space: Space
    thoughts: Thoughts
    kind: str | None = None
    """The kind of cluster looked at; None for all."""
    marks: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Options marked for comparison: decision and component."""
    width: int = 80
    stood: Standing | None = None
    """How everything stood in an earlier view: good for this one too, where it has the same answers and place."""
    sheet: dict[Hashable, Any] = field(default_factory=dict, compare=False)
    """Rows that earlier views had, by all that they say."""

    @property
    def catalog(self) -> Catalog:
        """The catalog."""
        return self.space.catalog

    @property
    def words(self) -> Words:
        """Words that name clusters where there are several kinds."""
        return self.stand.words

    @property
    def fresh(self) -> bool:
        """Whether the thoughts are about these answers."""
        return self.thoughts.answers is self.session.answers

    @property
    def certain(self) -> bool:
        """Whether the completed design is the one of these answers, and not that of the answers just before."""
        return self.fresh and self.thoughts.about is self.session.answers

    @cached_property
    def stand(self) -> Standing:
        """How everything stands."""
        stood = self.stood
        return stood if stood is not None and stood.fits(self.space, self.kind) else Standing(self.space, self.kind)

    def kinds(self, decision: str) -> tuple[str | None, ...]:
        """Where a decision is looked at: once for the design, else in the kind looked at or in all."""
        return self.stand.kinds(decision)

    def options(self, decision: str, component: str) -> tuple[Option, ...]:
        """An option in every kind that is looked at."""
        return tuple(Option(decision, component, kind) for kind in self.kinds(decision))

    def option(self, decision: str, component: str) -> Option:
        """The option that a choice here means: in one kind, or wherever the decision is made."""
        if self.catalog.decisions[decision].scope == "design":
            return Option(decision, component)
        return Option(decision, component, self.kind)

    def said(self, decision: str, kind: str | None) -> tuple[str, ...]:
        """What was chosen for a decision in a kind."""
        values = self.session.answers.choices if kind is None else self.space.kinds[self.space.scope(kind)].choices
        return values[decision].value if decision in values else ()

    def rejected(self, decision: str, component: str) -> bool:
        """Whether an option was rejected, wherever it is looked at."""
        for kind in self.kinds(decision):
            values = self.session.answers.rejects if kind is None else self.space.kinds[self.space.scope(kind)].rejects
            if decision not in values or component not in values[decision].value:
                return False
        return True

    def states(self, decision: str, component: str) -> tuple[State, ...]:
        """The states of an option in every kind looked at."""
        return self.stand.options(decision)[component]

    def shown(self, decision: str, component: str) -> Shown:
        """How an option is shown."""
        found = self._shown.get((decision, component))
        if found is None:
            found = self._shown[decision, component] = self._find_shown(decision, component)
        return found

    @cached_property
    def _shown(self) -> dict[tuple[str, str], Shown]:
        return {}

    def _find_shown(self, decision: str, component: str) -> Shown:
        states = self.states(decision, component)
        chosen = [component in self.said(decision, kind) for kind in self.kinds(decision)]
        if all(chosen):
            return "chosen" if "excluded" not in states else "conflict"
        if self.rejected(decision, component):
            return "rejected"
        if all(state == "excluded" for state in states):
            return "excluded"
        if any(chosen) or "excluded" in states:
            return "partly"
        if all(state == "implied" for state in states):
            return "implied"
        if not any(self.said(decision, kind) for kind in self.kinds(decision)) and self.recommended(decision, component):
            return "recommended"
        return "available"

    def recommended(self, decision: str, component: str) -> bool:
        """Whether the completed design takes an option that was not said (in any kind looked at)."""
        return (decision, component) in self._recommended

    @cached_property
    def _recommended(self) -> frozenset[tuple[str, str]]:
        made = self.thoughts.made
        if made is None or not self.fresh:
            return frozenset()
        return frozenset((choice.decision, component) for choice in made.choices
                         if choice.origin == "recommended" and choice.kind in self.kinds(choice.decision)
                         for component in choice.chosen)

    def reason(self, decision: str, component: str) -> Reason | None:
        """Why an option is ruled out or follows, as far as it is known by now."""
        key = decision, component
        if key not in self._reasons:
            self._reasons[key] = next((found for option in self.options(decision, component)
                                       if (found := self.thoughts.reasons.get(option)) is not None
                                       and found.state == self.stand.state(option)), None) if self.fresh else None
        return self._reasons[key]

    @cached_property
    def _reasons(self) -> dict[tuple[str, str], Reason | None]:
        return {}

    def margin(self, decision: str, component: str) -> Margin | None:
        """Why an option is recommended, as far as it is known by now."""
        if not self.fresh:
            return None
        return next((found for option in self.options(decision, component)
                     if (found := self.thoughts.margins.get(option)) is not None), None)

    def asked(self, decision: str) -> bool:
        """False for a decision that cannot come up under these answers."""
        return self.stand.asked(decision)

    def standing(self, decision: str) -> HowFar:
        """How far a decision is."""
        return self.stand.of(decision)

    def waiting(self, decision: str) -> bool:
        """Whether a decision is open and something would be chosen for it."""
        return decision not in self._needless and self.standing(decision) == "open"

    @cached_property
    def _needless(self) -> frozenset[str]:
        """Decisions for which the completed design takes nothing, anywhere."""
        made = self.thoughts.made if self.fresh else None
        if made is None:
            return frozenset()
        taken = {choice.decision for choice in made.choices if choice.chosen}
        return frozenset(choice.decision for choice in made.choices if choice.decision not in taken)

    @property
    def conflicting(self) -> frozenset[str]:
        """Decisions and questions whose answers take part in the conflict."""
        return self.stand.conflicting

    def value(self, option: ContextOption) -> State:
        """The state of a value of a context question."""
        return self.stand.value(option)

    def warned(self, layer: str) -> int:
        """How many warnings concern a layer."""
        design = self.thoughts.design
        if design is None or not self.fresh:
            return 0
        count = 0
        for warning in design.warnings:
            placed = self.catalog.rules.get(warning.rule)
            if placed is not None:
                count += placed.layer == layer
            elif warning.component is not None:
                roles = self.catalog.components[warning.component].roles
                count += self.catalog.layer_of[next(iter(roles))] == layer
        return count

    # Components in columns

    def score(self, decision: str, component: str, priority: Priority) -> int | None:
        """A rating, or None where there is none."""
        if component == NONE:
            rating = self.catalog.absence(decision).ratings.get(priority)
            return rating.score if rating else None
        found = self.catalog.components[component]
        return found.rating(decision, priority) if found.ratings else None

    def ripeness(self, decision: str, component: str) -> str:
        """Maturity in a word; of no component at all there is none."""
        if component == NONE:
            return "–"
        if cncf := self.catalog.components[component].maturity.cncf:
            return cncf
        score = self.score(decision, component, "maturity")
        return RIPENESS[score] if score is not None else "–"

    def until(self, component: str) -> str:
        """Until when there is support: a month, a status, or a dash where nobody named a day."""
        if component == NONE:
            return "–"
        found, today = self.catalog.components[component], self.catalog.as_of
        status = found.status(today)
        if status != "active":
            return status
        ends: list[date] = [event.on for event in found.lifecycle.events if event.on > today]
        releases = [release.end_of_support for release in found.releases if release.end_of_support]
        ends += [max(releases)] if releases else []
        return min(ends).strftime("%Y-%m") if ends else "–"


def plural(count: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {word}{'' if count == 1 else 's'}"
