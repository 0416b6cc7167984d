"""How every option, decision and question stands in the kinds of clusters that are looked at.

The engine alone knows it, so it stays the same however much is thought of meanwhile: found once for each set of answers,
and asked for hundreds of times at every key. What has no answer is judged all at once; what has one is judged without it,
each by itself, which takes longer: only once somebody asks, and beside the keys by `ahead`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from catalog.layers import Decision
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
        self._values: dict[str, Mapping[ContextOption, State]] = {}
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
            if not self._by_decision:
                self.space.judge_open()
            if any(self._answered(decision)):  # so it is looked at, and those beside it will be
                self.space.judge(each.id for each in self._beside(decision))
            columns = [self.space.states_in(decision, kind) for kind in self.kinds(decision)]
            found = self._by_decision[decision] = dict(
                zip(self.space.catalog.options[decision], zip(*columns, strict=True), strict=True))
        return found

    def state(self, option: Option) -> State:
        """The state of one option, in a kind that is looked at."""
        return self.options(option.decision)[option.component][self.kinds(option.decision).index(option.kind)]

    def _answered(self, decision: str) -> list[bool]:
        """Whether a decision has an answer, in every kind looked at."""
        return [("choice", self.space.scope(kind), decision) in self.space.answered for kind in self.kinds(decision)]

    def _beside(self, decision: str) -> tuple[Decision, ...]:
        """The decisions of the same layer."""
        catalog = self.space.catalog
        return catalog.layers[catalog.layer_of[decision]].decisions

    def ahead(self) -> bool:
        """Judge the decisions of one layer that nobody has asked for yet; False once there is none left."""
        decision = next((each for each in self.space.catalog.decisions if each not in self._by_decision), None)
        for each in self._beside(decision) if decision is not None else ():
            self.options(each.id)
        return decision is not None

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
        answered = self._answered(decision)
        if all(answered):
            return "answered"
        if not any(answered) and not self.asked(decision):
            return "unasked"
        if self.space.catalog.decisions[decision].many == "several":
            return "open"
        settled = all(said or "implied" in self.space.states_in(decision, kind)
                      for kind, said in zip(self.kinds(decision), answered, strict=True))
        return "implied" if settled else "open"

    @cached_property
    def conflicting(self) -> frozenset[str]:
        """Decisions and questions whose answers take part in the conflict."""
        return frozenset(cause.subject for cause in self.space.clashing())

    def value(self, option: ContextOption) -> State:
        """The state of a value of a context question."""
        found = self._values.get(option.question)
        if found is None:
            if not self._values:
                self.space.judge_open(questions=True)
            found = self._values[option.question] = self.space.context_states(option.question)
        return found[option]
