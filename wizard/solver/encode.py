"""A catalog as variables and structure, for a number of kinds of clusters.

Owns which variables exist and what decisions, capabilities, settings and releases mean as clauses. Rules are added by
`rules`, what completion minimises by `objective`; both ask `literal` here for what a condition means.

    encode(catalog, kinds=1).choice[DESIGN, "cdn", "cloudflare"]      the variable for "Cloudflare is the CDN"
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from catalog.catalog import Catalog
from catalog.conditions import Bound, Condition, Scalar
from catalog.facts import FACTS
from catalog.implicit import provides_kubernetes
from catalog.layers import Question, question_value
from catalog.settings import KUBERNETES_VERSION, NUMERIC, Setting, magnitude
from wizard.solver.formula import DESIGN, Formula, Meaning
from wizard.solver.numbers import DISCRETE, Cut, Line, above, at_least, bounds, normal, written
from wizard.solver.thresholds import (
    OTHER,
    Extra,
    Thresholds,
    compared,
    extended,
    question_places,
    text_of,
    thresholds,
)


class Encoded(Formula):
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
        """Component in a kind of cluster to its releases, where anything depends on them."""
        self.asked: dict[tuple[int, str], int] = {}
        self._said: dict[tuple[str, str, int], int] = {}
        """What was already asked about components and capabilities."""
        self._rising: dict[tuple[int, str], list[int]] = {}
        self._questions()
        self._facts()
        self._choices()
        self._settings()
        self._releases()
        self.observed = self.variables
        self._decisions()
        self._release_structure()

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

    def clustered(self, condition: Condition) -> bool:
        """Whether a literal speaks about each cluster for itself."""
        atom, catalog = condition.atom, self.catalog
        if atom.context is not None:
            return catalog.questions[next(iter(atom.context))].scope == "cluster"
        if atom.chosen is not None:
            return catalog.decisions[next(iter(atom.chosen))].scope == "cluster"
        if atom.component is not None:
            return self.clustered_component(atom.component)
        if atom.capability is not None:
            return atom.capability in self.clustered_capabilities
        if atom.setting is not None:
            (name, bound), = atom.setting.items()
            other = compared(catalog, bound)
            return "cluster" in (self._number_scope(name), self._number_scope(other or name))
        name = atom.fact if isinstance(atom.fact, str) else next(iter(atom.fact or {}))
        return FACTS[name].scope == "cluster"

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
                for kind in range(self.kinds):
                    self.release[kind, component.id] = {
                        entry.version: self.new(Meaning("release", component.id, entry.version, kind))
                        for entry in component.releases
                    }

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

    # Structure

    def _decisions(self) -> None:
        for scope, decision_id in self.slots:
            decision = self.catalog.decisions[decision_id]
            literals = [self.choice[scope, decision_id, option] for option in self.catalog.options[decision_id]]
            asked = self.both([self.literal(condition, scope) for condition in decision.asked_when])
            if not literals:
                # A decision that nothing answers (while a catalog is being written) is never asked.
                asked = -self.true
            elif abs(asked) != self.true:
                gate = self.new(Meaning("asked", decision_id, "", scope))
                self.add(-gate, asked)
                self.add(gate, -asked)
                asked = gate
            self.asked[scope, decision_id] = asked
            for literal in literals:
                self.add(-literal, asked)
            if decision.many != "several" and literals:
                self.add(-asked, *literals)
                self.at_most_one(literals)

    def _release_structure(self) -> None:
        for (kind, component), releases in self.release.items():
            selected = self.selected(component, kind)
            literals = list(releases.values())
            self.add(-selected, *literals)
            self.at_most_one(literals)
            for literal in literals:
                self.add(-literal, selected)

    def selected(self, component: str, scope: int) -> int:
        """The literal for 'this component is in the design' (or in a kind of cluster, or what is design-wide)."""
        if not self.clustered_component(component):
            scope = DESIGN
        key = ("component", component, scope)
        if key not in self._said:
            self._said[key] = self._selected(component, scope)
        return self._said[key]

    def _selected(self, component: str, scope: int) -> int:
        literals = []
        for role in self.catalog.components[component].roles:
            for place in self.decision_scopes(role):
                if DESIGN in (place, scope) or place == scope:
                    literals.append(self.choice[place, role, component])
        if len(literals) == 1:
            return literals[0]
        return self.either(literals, Meaning("component", component, "", scope))

    def capability(self, capability: str, scope: int) -> int:
        """The literal for 'something chosen gives this capability' (to the design, or in a kind of cluster)."""
        if capability not in self.clustered_capabilities:
            scope = DESIGN
        key = ("capability", capability, scope)
        if key not in self._said:
            self._said[key] = self._capability(capability, scope)
        return self._said[key]

    @cached_property
    def _providers(self) -> dict[str, list[tuple[str, str | None]]]:
        """Capability to the components that give it, in one role or (None) in any."""
        found: dict[str, list[tuple[str, str | None]]] = {}
        for component in self.catalog.components.values():
            for name in component.provides:
                found.setdefault(name, []).append((component.id, None))
            for role_id, role in component.roles.items():
                for name in role.provides:
                    if name not in component.provides:
                        found.setdefault(name, []).append((component.id, role_id))
        return found

    def _capability(self, capability: str, scope: int) -> int:
        literals = []
        for component, role in self._providers.get(capability, ()):
            if role is None:
                literals.append(self.selected(component, scope))
                continue
            for place in self.decision_scopes(role):
                if DESIGN in (place, scope) or place == scope:
                    literals.append(self.choice[place, role, component])
        return self.either(literals, Meaning("capability", capability, "", scope))

    # Conditions

    def literal(self, condition: Condition, scope: int) -> int:
        """The literal of a condition in a scope. In the scope of the design, what is about clusters means: in some
        kind of cluster; a negation stands outside of that (in none)."""
        if condition.not_ is not None:
            return -self.literal(condition.not_, scope)
        by_gate = condition.component is not None or condition.capability is not None
        if scope == DESIGN and not by_gate and self.clustered(condition):
            places = [self._atom(condition, kind) for kind in range(self.kinds)]
            return places[0] if len(set(places)) == 1 else self.either(places)
        return self._atom(condition, scope)

    def _atom(self, atom: Condition, scope: int) -> int:
        if atom.context is not None:
            (name, wanted), = atom.context.items()
            return self._context(self.catalog.questions[name], wanted, scope)
        if atom.chosen is not None:
            (decision, wanted_ids), = atom.chosen.items()
            place = scope if self.catalog.decisions[decision].scope == "cluster" else DESIGN
            ids = (wanted_ids,) if isinstance(wanted_ids, str) else wanted_ids
            # A choice that the decision does not offer never holds.
            return self.either([self.choice.get((place, decision, option), -self.true) for option in ids])
        if atom.component is not None:
            return self.selected(atom.component, scope)
        if atom.capability is not None:
            return self.capability(atom.capability, scope)
        if atom.setting is not None:
            (name, bound), = atom.setting.items()
            return self._setting(self.catalog.settings[name], bound, scope)
        assert atom.fact is not None
        if isinstance(atom.fact, str):
            place = scope if FACTS[atom.fact].scope == "cluster" else DESIGN
            return self.facts[place, atom.fact]
        (name, bound), = atom.fact.items()
        return self._bounded(self.line(name, scope), bound, "integer")

    def _context(self, question: Question, wanted: Scalar | tuple[Scalar, ...] | Bound, scope: int) -> int:
        place = scope if question.scope == "cluster" else DESIGN
        if isinstance(wanted, Bound) and wanted.equals is None:
            rising = self._rising[place, question.id]
            ids = [value.id for value in question.values]
            if question.ordered == "falling":
                ids.reverse()
            if wanted.at_least is not None:
                return rising[ids.index(question_value(question, wanted.at_least))]
            assert wanted.at_most is not None
            over = ids.index(question_value(question, wanted.at_most)) + 1
            return -rising[over] if over < len(ids) else self.true
        if isinstance(wanted, Bound):
            assert wanted.equals is not None
            wanted = wanted.equals
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        return self.either([self.context[place, question.id, question_value(question, value)] for value in values])

    def line(self, name: str, scope: int) -> Line:
        """The number of that name in a scope."""
        return self.lines[scope if self._number_scope(name) == "cluster" else DESIGN, name]

    def _setting(self, setting: Setting, bound: Bound, scope: int) -> int:
        place = scope if self._number_scope(setting.id) == "cluster" else DESIGN
        if setting.type not in NUMERIC:
            return self._word(setting, bound, place)
        other = compared(self.catalog, bound)
        if other is None:
            return self._bounded(self.lines[place, setting.id], bound, setting.type)
        left, right = self.lines[place, setting.id], self.line(other, scope)
        word = "at-most" if bound.at_most is not None else "at-least"
        if bound.at_most is None:
            left, right = right, left
        return self._at_most(left, right, Meaning("setting", setting.id, f"{word} {other}", scope))

    def _word(self, setting: Setting, bound: Bound, place: int) -> int:
        # Values without an order are only ever compared for equality (the loader refuses anything else).
        return self.texts[place, setting.id].get(text_of(bound.equals) if bound.equals is not None else "", -self.true)

    def _bounded(self, line: Line, bound: Bound, type_: str) -> int:
        if bound.at_least is not None:
            return line.over(at_least(magnitude(bound.at_least, type_)))
        if bound.at_most is not None:
            return -line.over(above(magnitude(bound.at_most, type_)))
        assert bound.equals is not None
        value = magnitude(bound.equals, type_)
        return self.both([line.over(at_least(value)), -line.over(above(value))])

    def _at_most(self, left: Line, right: Line, meaning: Meaning) -> int:
        """A literal for 'left is at most right': whatever the left number is above, the right one is above too."""
        key = (meaning, frozenset((0,)), True)
        if key in self._gates:
            return self._gates[key]
        gate = self._gates[key] = self.new(meaning)
        betweens = []
        for cut in sorted(set(left.cuts) | set(right.cuts)):
            over_left, over_right = left.over(cut), right.over(cut)
            self.add(-gate, -over_left, over_right)
            betweens.append(self.both([over_left, -over_right]))
        self.add(gate, *betweens)
        return gate


def version_key(version: str) -> tuple[tuple[int, int | str], ...]:
    """Versions in their order: numbers by size, anything else by text and below numbers."""
    parts = version.removeprefix("v").replace("-", ".").replace("+", ".").split(".")
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts)


def encode(catalog: Catalog, kinds: int, found: Thresholds | None = None, extra: Extra = frozenset()) -> Encoded:
    """Variables, structure and rules for that many kinds of clusters."""
    from wizard.solver.rules import add_rules

    encoded = Encoded(catalog, kinds, found or thresholds(catalog), extra)
    add_rules(encoded)
    return encoded
