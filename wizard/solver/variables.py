"""The variables of a catalog for a number of kinds of clusters: which there are, in which scope, and what they mean.

Owns questions, facts, numbers, choices, settings and releases with the clauses that each of them needs for itself. What
conditions mean is told by `literals`, how decisions hang together by `encode`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from catalog.catalog import Catalog
from catalog.facts import FACTS
from catalog.implicit import provides_kubernetes
from catalog.layers import Question
from catalog.settings import KUBERNETES_VERSION, NUMERIC, Setting
from wizard.solver.formula import DESIGN, Formula, Meaning
from wizard.solver.numbers import DISCRETE, Cut, Line, at_least, bounds, normal, written
from wizard.solver.thresholds import OTHER, Extra, Thresholds, extended, question_places


class Variables(Formula):
    """The variables of a catalog, by what they mean. Scopes are DESIGN or the index of a kind of cluster."""

    def __init__(self, catalog: Catalog, kinds: int, found: Thresholds, extra: Extra) -> None:
        super().__init__(kinds)
        self.catalog = catalog
        self.thresholds = found
        self.cuts = extended(found, catalog, extra)
        self.context: dict[tuple[int, str, str], int] = {}
        self.facts: dict[tuple[int, str], int] = {}
        self.lines: dict[tuple[int, str], Line] = {}
        """Numeric settings, numeric facts and durations asked for."""
        self.texts: dict[tuple[int, str], dict[str, int]] = {}
        """Settings without order, where anything depends on their value."""
        self.choice: dict[tuple[int, str, str], int] = {}
        self.release: dict[tuple[int, str], dict[str, int]] = {}
        """Component in a kind of cluster to its releases, where anything depends on them. A design has one release of
        everything but Kubernetes itself, so these are the same variables in every kind."""
        self.asked: dict[tuple[int, str], int] = {}
        self._rising: dict[tuple[int, str], list[int]] = {}
        self._questions()
        self._facts()
        self._choices()
        self._settings()
        self._releases()
        self.observed = self.variables

    # Scopes

    def scopes(self, scope: str) -> Sequence[int]:
        """The scopes in which something of the design or of clusters exists."""
        return range(self.kinds) if scope == "cluster" else (DESIGN,)

    def decision_scopes(self, decision: str) -> Sequence[int]:
        """The scopes in which a decision is made."""
        return self.scopes(self.catalog.decisions[decision].scope)

    def setting_scopes(self, setting: str) -> Sequence[int]:
        """The scopes in which a setting has a value."""
        return self.decision_scopes(self.catalog.setting_decision[setting])

    def release_scopes(self, component: str) -> Sequence[int]:
        """The scopes in which a component has a release: each kind of cluster has a Kubernetes minor of its own."""
        return range(self.kinds) if provides_kubernetes(self.catalog.components[component]) else (DESIGN,)

    @cached_property
    def slots(self) -> tuple[tuple[int, str], ...]:
        """Every decision that is to be made, in catalog order, kinds of clusters within it."""
        return tuple(
            (scope, decision) for decision in self.catalog.decisions for scope in self.decision_scopes(decision)
        )

    def clustered_component(self, component: str) -> bool:
        """Whether a component can be in one kind of cluster and not in another."""
        return component in self._clustered_components

    @cached_property
    def _clustered_components(self) -> frozenset[str]:
        decisions = self.catalog.decisions
        return frozenset(
            component.id for component in self.catalog.components.values()
            if any(decisions[role].scope == "cluster" for role in component.roles)
        )

    @cached_property
    def clustered_capabilities(self) -> frozenset[str]:
        """Capabilities that one kind of cluster can have and another lack."""
        found: set[str] = set()
        for component in self.catalog.components.values():
            if self.clustered_component(component.id):
                found.update(component.provides)
            for role_id, role in component.roles.items():
                if self.catalog.decisions[role_id].scope == "cluster":
                    found.update(role.provides)
        return frozenset(found)

    def _number_scope(self, name: str) -> str:
        if name in self.catalog.settings:
            return self.catalog.decisions[self.catalog.setting_decision[name]].scope
        if name in self.catalog.questions:
            return self.catalog.questions[name].scope
        return FACTS[name].scope

    @cached_property
    def steps(self) -> frozenset[int]:
        """Variables 'at least the n-th value' of ordered questions: they follow from the values."""
        return frozenset(step for steps in self._rising.values() for step in steps if step != self.true)

    # Variables

    def _questions(self) -> None:
        for question in self.catalog.questions.values():
            for scope in self.scopes(question.scope):
                ids = [value.id for value in question.values]
                literals = [self.new(Meaning("context", question.id, value, scope)) for value in ids]
                self.context.update({(scope, question.id, value): at for value, at in zip(ids, literals, strict=True)})
                self.add(*literals)
                if not question.several:
                    self.at_most_one(literals)
                if question.ordered:
                    self._order(question, scope, literals)

    def _order(self, question: Question, scope: int, literals: list[int]) -> None:
        """Literals 'at least the n-th value', from low to high."""
        ids = [value.id for value in question.values]
        if question.ordered == "falling":
            ids.reverse()
            literals = literals[::-1]
        steps = [self.true]
        for place in range(1, len(ids)):
            steps.append(self.new(Meaning("context", question.id, f"at-least {ids[place]}", scope)))
        for place in range(1, len(ids)):
            if place > 1:
                self.add(-steps[place], steps[place - 1])
            self.add(-literals[place], steps[place])
            self.add(-literals[place - 1], -steps[place])
            self.add(-steps[place], *literals[place:])
        self._rising[scope, question.id] = steps
        if question.duration and question.id in self.cuts:
            places = question_places(question)
            if question.ordered == "falling":
                places.reverse()
            found: dict[Cut, int] = {}
            for cut in sorted({normal(cut, True) for cut in self.cuts[question.id]}):
                over = next((at for at, value in enumerate(places) if at_least(value) >= cut), None)
                found[cut] = -self.true if over is None else steps[over]
            self.lines[scope, question.id] = Line(
                question.id, True, None, None, tuple(found), tuple(found.values()), self.true
            )

    def _facts(self) -> None:
        for name in self.thresholds.facts:
            fact = FACTS[name]
            for scope in self.scopes(fact.scope):
                if fact.number:
                    self._line(name, scope, "fact", "integer", Fraction(0), None)
                else:
                    self.facts[scope, name] = self.new(Meaning("fact", name, "true", scope))

    def _line(self, name: str, scope: int, about: str, type_: str, low: Fraction | None, high: Fraction | None) -> None:
        """The cuts of a number, with 'above a higher one is above a lower one'."""
        discrete = type_ in DISCRETE
        cuts = sorted({normal(cut, discrete) for cut in self.cuts.get(name, ())})
        cuts = [cut for cut in cuts if (low is None or cut > at_least(low)) and (high is None or cut <= at_least(high))]
        literals = []
        known = self.thresholds.written.get(name)
        for value, strict in cuts:
            # "More than 5" is named by its negation, which is how rules say it: not "at most 5".
            word = f"{'above' if strict else 'at-least'} {written(value, type_, known)}"
            literals.append(self.new(Meaning("setting" if about == "setting" else "fact", name, word, scope)))
        for lower, higher in pairwise(literals):
            self.add(-higher, lower)
        self.lines[scope, name] = Line(name, discrete, low, high, tuple(cuts), tuple(literals), self.true)

    def _choices(self) -> None:
        for scope, decision in self.slots:
            for option in self.catalog.options[decision]:
                self.choice[scope, decision, option] = self.new(Meaning("choice", decision, option, scope))

    def _settings(self) -> None:
        for setting in self.catalog.settings.values():
            for scope in self.setting_scopes(setting.id):
                if setting.type in NUMERIC:
                    self._line(setting.id, scope, "setting", setting.type, *bounds(setting))
                elif setting.id in self.thresholds.texts or setting.id == KUBERNETES_VERSION:
                    self._words(setting, scope)

    def _words(self, setting: Setting, scope: int) -> None:
        if setting.type == "boolean":
            literal = self.new(Meaning("setting", setting.id, "true", scope))
            self.texts[scope, setting.id] = {"true": literal, "false": -literal}
            return
        values = setting.choices or (*self.thresholds.texts[setting.id], OTHER)
        literals = {value: self.new(Meaning("setting", setting.id, value, scope)) for value in values}
        self.texts[scope, setting.id] = literals
        self.add(*literals.values())
        self.at_most_one(list(literals.values()))

    def _releases(self) -> None:
        for component in self.catalog.components.values():
            if component.id in self.bound_releases:
                for scope in self.release_scopes(component.id):
                    literals = {
                        entry.version: self.new(Meaning("release", component.id, entry.version, scope))
                        for entry in component.releases
                    }
                    for kind in range(self.kinds) if scope == DESIGN else (scope,):
                        self.release[kind, component.id] = literals

    @cached_property
    def bound_releases(self) -> frozenset[str]:
        """Components whose release something else depends on; of all others the newest is as good as any."""
        components = self.catalog.components
        versioned = KUBERNETES_VERSION in self.catalog.settings
        found: set[str] = set()
        for component in components.values():
            if versioned and component.releases and provides_kubernetes(component):
                found.add(component.id)
            for release in component.releases:
                if versioned and release.kubernetes:
                    found.add(component.id)
                for other in release.supports:
                    if other in components and components[other].releases:
                        found.update((component.id, other))
        return frozenset(found)
