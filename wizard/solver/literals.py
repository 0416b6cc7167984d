"""What conditions mean in the formula: for each condition of the catalog and each scope the literal that says it."""

from __future__ import annotations

from functools import cached_property

from catalog.catalog import Catalog
from catalog.conditions import Bound, Condition, Scalar
from catalog.facts import FACTS
from catalog.layers import Question, question_value
from catalog.settings import NUMERIC, Setting, magnitude
from wizard.solver.formula import DESIGN, Meaning
from wizard.solver.numbers import Line, above, at_least
from wizard.solver.thresholds import Extra, Thresholds, compared, text_of
from wizard.solver.variables import Variables


class Literals(Variables):
    """Variables that can be asked for by condition."""

    def __init__(self, catalog: Catalog, kinds: int, found: Thresholds, extra: Extra) -> None:
        super().__init__(catalog, kinds, found, extra)
        self._said: dict[tuple[str, str, int], int] = {}
        """What was already asked about components and capabilities."""

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
