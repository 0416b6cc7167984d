"""How every option, decision and question stands in the kinds of clusters that are looked at.

The engine alone knows it, so it stays the same however much is thought of meanwhile: found once for each set of answers,
and asked for hundreds of times at every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from catalog.reasons import Option, State
from catalog.words import Words
from wizard.solver import ContextOption, Space

HowFar = Literal["answered", "implied", "open", "conflict", "unasked"]


class Standing:
    """See the module. `kind`: the kind of cluster looked at; None for all."""

    def __init__(self, space: Space, kind: str | None) -> None:
        self.space = space
        self.kind = kind
        self._by_decision: dict[str, Mapping[str, tuple[State, ...]]] = {}
        self._far: dict[str, HowFar] = {}
        self.kept: dict[str, Any] = {}
        """What was made of this for a page, by decision or page."""
        self._all = space.kind_names if kind is None else (kind,)

    def fits(self, space: Space, kind: str | None) -> bool:
        """Whether this is how things stand there."""
        return self.space is space and self.kind == kind

    @cached_property
    def words(self) -> Words:
        """Words that name clusters where there are several kinds."""
        return Words(self.space.catalog, {kind.name: kind.clusters for kind in self.space.kinds})

    def kinds(self, decision: str) -> tuple[str | None, ...]:
        """Where a decision is looked at: once for the design, else in the kind looked at or in all."""
        return (None,) if self.space.catalog.decisions[decision].scope == "design" else self._all

    def options(self, decision: str) -> Mapping[str, tuple[State, ...]]:
        """The states of a decision's options in every kind looked at."""
        found = self._by_decision.get(decision)
        if found is None:
            kinds = self.kinds(decision)
            found = self._by_decision[decision] = {
                component: tuple(self._states[decision, component, kind] for kind in kinds)
                for component in self.space.catalog.options[decision]
            }
        return found

    @cached_property
    def _states(self) -> dict[tuple[str, str, str | None], State]:
        return self.space.states()  # type: ignore[return-value]  # an option is such a tuple

    def state(self, option: Option) -> State:
        """The state of one option."""
        return self._states[option]

    def asked(self, decision: str) -> bool:
        """False for a decision that cannot come up under these answers."""
        if not self.space.stands:
            return True
        return any(state != "excluded" for states in self.options(decision).values() for state in states)

    def of(self, decision: str) -> HowFar:
        """How far a decision is."""
        found = self._far.get(decision)
        if found is None:
            found = self._far[decision] = self._of(decision)
        return found

    def _of(self, decision: str) -> HowFar:
        if not self.space.stands and decision in self.conflicting:
            return "conflict"
        answered = [("choice", self.space.scope(kind), decision) in self.space.answered for kind in self.kinds(decision)]
        if all(answered):
            return "answered"
        if not self.asked(decision):
            return "unasked"
        if self.space.catalog.decisions[decision].many == "several":
            return "open"
        options = self.options(decision).values()
        settled = all(said or any(states[place] == "implied" for states in options) for place, said in enumerate(answered))
        return "implied" if settled else "open"

    @cached_property
    def conflicting(self) -> frozenset[str]:
        """Decisions and questions whose answers take part in the conflict."""
        conflict = self.space.conflict(limit=1)
        return frozenset(cause.subject for cause in conflict.reason.causes) if conflict else frozenset()

    @cached_property
    def context(self) -> dict[ContextOption, State]:
        """The states of all values of context questions."""
        return self.space.context_states()
