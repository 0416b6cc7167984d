"""The completed design as plain values, and how it is found: context, then the optimum, then settings and releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from catalog.conditions import Scalar
from catalog.design import Origin, Value
from catalog.facts import FACTS
from catalog.layers import NONE, Question
from catalog.lifecycle import Release
from catalog.reasons import Option, State
from catalog.rules import Priority
from catalog.settings import NUMERIC, Setting
from wizard.solver.assumptions import design_facts, setting_literals
from wizard.solver.encode import version_key
from wizard.solver.formula import DESIGN
from wizard.solver.judge import World
from wizard.solver.optimum import Optimum, settle_order
from wizard.solver.settle import nearest_number, settle_setting
from wizard.solver.space import ContextOption, Target

if TYPE_CHECKING:
    from wizard.solver.space import Space

Key = tuple[str, str | None]
"""Something and the kind of cluster it is in; None for what the design has once."""


@dataclass(frozen=True)
class Choice:
    """One decision, made: component ids in catalog order, ("none",) for a deliberate absence, () for nothing."""

    decision: str
    kind: str | None
    chosen: tuple[str, ...]
    origin: Origin
    asked: bool


@dataclass(frozen=True)
class Resolution:
    """A whole design as the engine completes it. Mappings are in catalog order, kinds of clusters within."""

    context: Mapping[Key, Value]
    """By question."""
    facts: Mapping[Key, Value]
    """Named facts that rules look at: what the answers say, or what was assumed."""
    choices: tuple[Choice, ...]
    settings: Mapping[Key, Value]
    """By setting, where its decision is asked."""
    releases: Mapping[Key, str]
    """By selected component that has releases, for each kind of cluster that has it."""
    costs: tuple[tuple[str, int], ...]
    """What was minimised, in order: level and sum of penalties."""

    def chosen(self, decision: str, kind: str | None = None) -> tuple[str, ...]:
        """What was chosen for a decision (in a kind of cluster, or for the design); KeyError when it is unknown."""
        for choice in self.choices:
            if choice.decision == decision and choice.kind in (None, kind):
                return choice.chosen
        raise KeyError((decision, kind))

    @property
    def components(self) -> tuple[str, ...]:
        """Every chosen component once, in catalog order of its first role."""
        return tuple(dict.fromkeys(
            component for choice in self.choices for component in choice.chosen if component != NONE
        ))

    def release(self, component: str) -> str | None:
        """The release of a component: the same in every kind of cluster, but of Kubernetes itself the oldest."""
        found = [version for (name, _), version in self.releases.items() if name == component]
        return min(found, key=version_key) if found else None


def complete(
    space: Space, order: Sequence[Priority], beside: Resolution | None = None, given_up: Callable[[], bool] = bool
) -> Resolution:
    """The optimum. The answers must be able to stand; raises Infeasible otherwise, and GivenUp once that is so.

    `beside` a design: the best for the first priority, whatever the catalog recommends, among those that do without
    nothing that the design has."""
    return _Completion(space, order, beside).resolution(given_up)


class _Completion:
    def __init__(self, space: Space, order: Sequence[Priority], beside: Resolution | None) -> None:
        self.beside = beside
        self.space = space
        self.catalog = space.catalog
        self.encoded = space.encoded
        self.order = order
        self.optimum: Optimum
        self.costs: list[tuple[str, int]] = []

    @cached_property
    def states(self) -> Mapping[Target, State]:
        """How far what was said decides everything by itself."""
        return dict(chain(self.space.states().items(), self.space.context_states().items()))

    def resolution(self, given_up: Callable[[], bool]) -> Resolution:
        """Level by level; the order of the steps is the meaning of completion."""
        with self.space.machine.optimising(self.space.waived) as optimum:
            self.optimum = optimum
            optimum.given_up = given_up
            optimum.hold(self.space.assumed())
            context = self._context()
            facts = self._facts()
            model = self._choose()
            choices = self._choices(model)
            world = self._world(context, facts, choices)
            settings = self._settings(world, choices)
            releases = self._releases(choices)
        return Resolution(context, facts, choices, settings, releases, tuple(self.costs))

    def _try(self, literals: Sequence[int]) -> bool:
        if self.optimum.possible(literals):
            self.optimum.hold(literals)
            return True
        return False

    # Context

    def _context(self) -> dict[Key, Value]:
        found: dict[Key, Value] = {}
        for question in self.catalog.questions.values():
            for scope in self.encoded.scopes(question.scope):
                found[question.id, self.space.kind_name(scope)] = self._question(question, scope)
        return found

    def _question(self, question: Question, scope: int) -> Value:
        ids = [value.id for value in question.values]
        literals = {value: self.encoded.context[scope, question.id, value] for value in ids}
        said = self.space.said_at("context", scope, question.id)
        assume = (question.assume,) if isinstance(question.assume, str) else question.assume
        wanted = [literals[value] if value in assume else -literals[value] for value in ids]
        origin: Origin = "answered"
        if said is None:
            if not self._try(wanted):
                self._nearest(question, assume, literals)
            origin = "assumed"
        model = self.optimum.model()
        held = tuple(value for value in ids if model[literals[value] - 1] > 0)
        if said is None:
            # Implied by what was said, not by what was assumed before it.
            kind = self.space.kind_name(scope)
            states = [self.states[ContextOption(question.id, value, kind)] for value in (ids if question.several else held)]
            if all(state == ("implied" if value in held else "excluded")
                   for value, state in zip(ids if question.several else held, states, strict=True)):
                origin = "implied"
        return Value(held if question.several else held[0], origin, said or "")

    def _nearest(self, question: Question, assume: Sequence[str], literals: Mapping[str, int]) -> None:
        """The assumption does not fit: for several values as much of it as does, else the value nearest to it."""
        ids = list(literals)
        if question.several:
            for value in ids:
                self._try([literals[value] if value in assume else -literals[value]])
            return
        place = ids.index(assume[0])
        if question.ordered:
            ids.sort(key=lambda value: (abs(list(literals).index(value) - place), list(literals).index(value)))
        for value in ids:
            if self._try([literals[value]]):
                return

    def _facts(self) -> dict[Key, Value]:
        found: dict[Key, Value] = {}
        design = design_facts(self.space.answers) if self.encoded.thresholds.facts else {}
        for name in self.encoded.thresholds.facts:
            fact = FACTS[name]
            for scope in self.encoded.scopes(fact.scope):
                key = name, self.space.kind_name(scope)
                known = design[name] if scope == DESIGN else self.space.kinds[scope].facts[name]
                if known is not None:
                    found[key] = Value(known, "answered")
                elif fact.number:
                    line = self.encoded.lines[scope, name]
                    number = nearest_number(line, Fraction(fact.assume or 0), (), self.optimum.possible)
                    assert number is not None
                    self.optimum.hold(line.exactly(number))
                    found[key] = Value(int(number), "assumed")
                else:
                    literal = self.encoded.facts[scope, name]
                    value = bool(fact.assume)
                    if not self._try([literal if value else -literal]):
                        value = not value
                    found[key] = Value(value, "assumed")
        return found

    # Choices

    def _choose(self) -> list[int]:
        optimum, objective = self.optimum, self.space.machine.objective
        named = frozenset(
            group.cause.value for group in self.space.groups if group.cause.kind == "choice"
        )
        self.costs.append(("support", optimum.minimise(objective.lapsed(named, self.space.answers.versions))))
        order = list(self.order)
        if self.beside is not None:
            self._keep(self.beside)
            self._prefer(order.pop(0))
        self.costs.append(("recommended", optimum.minimise(objective.unmet)))
        for priority in order:
            self._prefer(priority)
        self.costs.append(("goes-with", optimum.minimise(objective.alone)))
        self.costs.append(("fewer", optimum.minimise(objective.parts)))
        settle_order(optimum, [(slot.exclusive, slot.literals) for slot in objective.slots])
        return optimum.model()

    def _prefer(self, priority: Priority) -> None:
        objective, excluded = self.space.machine.objective, self.optimum.follows()
        possible = frozenset(at for slot in objective.slots for at in slot.literals if -at not in excluded)
        base, penalties = objective.priority(priority, possible)
        self.costs.append((priority, base + self.optimum.minimise(penalties)))

    def _keep(self, design: Resolution) -> None:
        """What a design has something for goes without in none that is compared with it."""
        for slot in self.space.machine.objective.slots:
            if set(design.chosen(slot.decision, self.space.kind_name(slot.scope))) - {NONE}:
                something = [at for name, at in zip(slot.options, slot.literals, strict=True) if name != NONE]
                self.optimum.require([-slot.asked, *something])

    def _choices(self, model: Sequence[int]) -> tuple[Choice, ...]:
        found = []
        for slot in self.space.machine.objective.slots:
            kind = self.space.kind_name(slot.scope)
            chosen = tuple(
                option for option, literal in zip(slot.options, slot.literals, strict=True) if model[literal - 1] > 0
            )
            asked = slot.asked == self.encoded.true or (slot.asked > 0 and model[slot.asked - 1] > 0)
            found.append(Choice(slot.decision, kind, chosen, self._origin(slot.scope, slot.decision, chosen), asked))
        return tuple(found)

    def _origin(self, scope: int, decision: str, chosen: tuple[str, ...]) -> Origin:
        if self.space.said_at("choice", scope, decision) is not None:
            return "answered"
        if not chosen:
            return "default"
        kind = self.space.kind_name(scope)
        only = all(self.states[Option(decision, option, kind)] == "implied" for option in chosen)
        return "implied" if only else "recommended"

    def _world(self, context: Mapping[Key, Value], facts: Mapping[Key, Value], choices: Sequence[Choice]) -> World:
        return world_of(self.space, context, facts, choices)

    # Settings and releases

    def _settings(self, world: World, choices: Sequence[Choice]) -> dict[Key, Value]:
        found: dict[Key, Value] = {}
        asked = {(choice.decision, choice.kind) for choice in choices if choice.asked}
        for setting in self.catalog.settings.values():
            for scope in self.encoded.setting_scopes(setting.id):
                kind = self.space.kind_name(scope)
                value = self._setting(setting, scope, world)
                self.optimum.hold(setting_literals(self.encoded, setting.id, value.value, scope))  # type: ignore[arg-type]
                if (self.catalog.setting_decision[setting.id], kind) in asked:
                    found[setting.id, kind] = value
                    world.settings[scope, setting.id] = value.value  # type: ignore[assignment]
        return found

    def _setting(self, setting: Setting, scope: int, world: World) -> Value:
        said = self.space.setting_said(setting.id, scope)
        if said is not None:
            return Value(said.value, "answered", said.origin)
        wanted: Scalar = setting.placeholder or ""
        for entry in setting.default:
            if all(world.holds(condition, scope) for condition in entry.when):
                wanted = entry.value
                break
        value = settle_setting(self.encoded, setting, scope, wanted, self.optimum.possible)
        if value is None:
            value = wanted
        if value == wanted or not self._bound(setting, scope):
            return Value(value, "default")
        return Value(value, "implied")

    def _bound(self, setting: Setting, scope: int) -> bool:
        """Whether any rule can look at the value."""
        if setting.type in NUMERIC:
            return bool(self.encoded.lines[scope, setting.id].cuts)
        return (scope, setting.id) in self.encoded.texts

    def _releases(self, choices: Sequence[Choice]) -> dict[Key, str]:
        found: dict[Key, str] = {}
        chosen = {(component, choice.kind) for choice in choices for component in choice.chosen}
        for component in self.catalog.components.values():
            if not component.releases:
                continue
            newest = preferred(component.releases, self.catalog.as_of)
            said = self.space.answers.versions.get(component.id)
            for scope, name in enumerate(self.space.kind_names):
                if not {(component.id, name), (component.id, None)} & chosen:
                    continue
                literals = self.encoded.release.get((scope, component.id))
                if literals is None:
                    found[component.id, name] = said.value if said is not None else newest[0]
                    continue
                for version in newest:
                    if self._try([literals[version]]):
                        found[component.id, name] = version
                        break
        return found


def preferred(releases: Sequence[Release], on: date) -> list[str]:
    """Versions from the one to take to the one to avoid: the newest of those that are supported on a day, and then
    the newest of those that are not."""
    order = sorted(releases, key=lambda entry: (entry.supported(on), version_key(entry.version)), reverse=True)
    return [entry.version for entry in order]


def world_of(
    space: Space, context: Mapping[Key, Value], facts: Mapping[Key, Value], choices: Sequence[Choice],
    settings: Mapping[Key, Value] | None = None,
) -> World:
    """A completed design for `judge`. Facts that no binding rule looks at are as the answers say, or as assumed."""
    design = design_facts(space.answers)
    every: dict[tuple[int, str], bool | int | None] = {}
    for name, fact in FACTS.items():
        for scope in space.encoded.scopes(fact.scope):
            known = design[name] if scope == DESIGN else space.kinds[scope].facts[name]
            every[scope, name] = fact.assume if known is None else known
    for (name, kind), value in facts.items():
        every[space.scope(kind), name] = value.value  # type: ignore[assignment]
    values = {
        (space.scope(kind), name): frozenset(value.value if isinstance(value.value, tuple) else (str(value.value),))
        for (name, kind), value in context.items()
    }
    chosen = {(space.scope(choice.kind), choice.decision): frozenset(choice.chosen) for choice in choices}
    world = World(space.catalog, len(space.kinds), values, chosen, every)
    for (name, kind), value in (settings or {}).items():
        world.settings[space.scope(kind), name] = value.value  # type: ignore[assignment]
    return world
