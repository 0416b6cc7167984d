"""Conditions judged on a made design: plain values, no formula. For defaults of settings and for warnings.

The same meanings as the encoding, told a second time where everything is known: in the scope of the design a condition
about clusters holds when it holds in some kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from catalog.catalog import Catalog
from catalog.conditions import Bound, Condition, Scalar
from catalog.facts import FACTS, FactValue
from catalog.layers import answers
from catalog.settings import NUMERIC, magnitude
from wizard.solver.formula import DESIGN
from wizard.solver.thresholds import compared, text_of


@dataclass
class World:
    """A design as plain values, by scope (DESIGN or the index of a kind of cluster)."""

    catalog: Catalog
    kinds: int
    context: Mapping[tuple[int, str], frozenset[str]]
    chosen: Mapping[tuple[int, str], frozenset[str]]
    facts: Mapping[tuple[int, str], FactValue]
    settings: dict[tuple[int, str], Scalar] = field(default_factory=dict)
    _given: dict[int, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    """Capabilities of what is chosen, by scope; found once, as nothing chosen ever changes."""

    def scopes(self, scope: str) -> range | tuple[int]:
        """The scopes in which something of the design or of clusters exists."""
        return range(self.kinds) if scope == "cluster" else (DESIGN,)

    def _places(self, scope_of: str, scope: int) -> range | tuple[int]:
        if scope_of == "design":
            return (DESIGN,)
        return range(self.kinds) if scope == DESIGN else (scope,)

    def holds(self, condition: Condition, scope: int) -> bool:
        """Whether a condition holds in a scope."""
        if condition.not_ is not None:
            return not self.holds(condition.not_, scope)
        if condition.context is not None:
            (name, wanted), = condition.context.items()
            question = self.catalog.questions[name]
            return any(
                answers(question, wanted, self.context[place, name])
                for place in self._places(question.scope, scope)
            )
        if condition.chosen is not None:
            (decision, ids), = condition.chosen.items()
            return any(self.chose(decision, name, scope) for name in ((ids,) if isinstance(ids, str) else ids))
        if condition.component is not None:
            return self.selected(condition.component, scope)
        if condition.capability is not None:
            return self.capability(condition.capability, scope)
        if condition.setting is not None:
            (name, bound), = condition.setting.items()
            return self._setting(name, bound, scope)
        assert condition.fact is not None
        if isinstance(condition.fact, str):
            return any(bool(self.facts.get((place, condition.fact)))
                       for place in self._places(FACTS[condition.fact].scope, scope))
        (name, bound), = condition.fact.items()
        return any(
            (value := self.facts.get((place, name))) is not None and _within(Fraction(value), bound, _integer)
            for place in self._places(FACTS[name].scope, scope)
        )

    def chose(self, decision: str, component: str, scope: int) -> bool:
        """Whether a decision was answered with a component (in a kind of cluster; for the design, in any)."""
        return any(
            component in self.chosen.get((place, decision), frozenset()) for place in self._around(decision, scope)
        )

    def selected(self, component: str, scope: int) -> bool:
        """Whether a component is chosen for anything (in a kind of cluster or for the design)."""
        return any(
            component in self.chosen.get((place, role), frozenset())
            for role in self.catalog.components[component].roles
            for place in self._around(role, scope)
        )

    def _around(self, decision: str, scope: int) -> range | tuple[int]:
        return self._places(self.catalog.decisions[decision].scope, scope)

    def capability(self, capability: str, scope: int) -> bool:
        """Whether something chosen gives a capability."""
        if scope not in self._given:
            components = self.catalog.components
            self._given[scope] = frozenset(
                given
                for decision in self.catalog.decisions
                for place in self._around(decision, scope)
                for name in self.chosen.get((place, decision), frozenset()) if name in components
                for given in (*components[name].provides, *components[name].roles[decision].provides)
            )
        return capability in self._given[scope]

    def _setting(self, name: str, bound: Bound, scope: int) -> bool:
        setting = self.catalog.settings[name]
        places = self._places(self.catalog.decisions[self.catalog.setting_decision[name]].scope, scope)
        other = compared(self.catalog, bound)

        def limit(value: Scalar) -> Fraction:
            return magnitude(value, setting.type)

        for place in places:
            value = self.settings.get((place, name))
            if value is None:
                continue
            if setting.type not in NUMERIC:
                if bound.equals is not None and text_of(value) == text_of(bound.equals):
                    return True
            elif other is None:
                if _within(limit(value), bound, limit):
                    return True
            else:
                for against in self._numbers(other, place):
                    if limit(value) <= against if bound.at_most is not None else limit(value) >= against:
                        return True
        return False

    def _numbers(self, name: str, scope: int) -> list[Fraction]:
        catalog = self.catalog
        if name in catalog.settings:
            places = self._places(catalog.decisions[catalog.setting_decision[name]].scope, scope)
            type_ = catalog.settings[name].type
            return [magnitude(self.settings[place, name], type_) for place in places if (place, name) in self.settings]
        if name in catalog.questions:
            places = self._places(catalog.questions[name].scope, scope)
            return [magnitude(next(iter(self.context[place, name])), "duration") for place in places]
        places = self._places(FACTS[name].scope, scope)
        return [Fraction(value) for place in places if (value := self.facts.get((place, name))) is not None]


def _integer(value: Scalar) -> Fraction:
    return magnitude(value, "integer")


def _within(value: Fraction, bound: Bound, read: Callable[[Scalar], Fraction]) -> bool:
    if bound.at_least is not None:
        return value >= read(bound.at_least)
    if bound.at_most is not None:
        return value <= read(bound.at_most)
    return bound.equals is not None and value == read(bound.equals)
