"""The engine: a catalog compiled once, answering for any answers. Owns the compiled formulas and their solvers.

    engine = Engine(catalog)
    space = engine.space(answers)
    space.states("mesh")            {Option("mesh", "istio"): "excluded", ...}
    space.why(Option("mesh", "istio"))
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from catalog.catalog import Catalog, PlacedRule
from catalog.reasons import Option
from wizard.answers import Answers
from wizard.kinds import kinds as kinds_of
from wizard.solver.assumptions import Place, extra_cuts
from wizard.solver.encode import Encoded, encode
from wizard.solver.formula import DESIGN
from wizard.solver.known import Known, set_of
from wizard.solver.sat import Sat
from wizard.solver.states import Neighbours
from wizard.solver.stored import stored_formula, stored_thresholds
from wizard.solver.thresholds import Extra, Thresholds, thresholds

if TYPE_CHECKING:
    from wizard.solver.causes import Reasons, Softs
    from wizard.solver.chain import Chains
    from wizard.solver.objective import Objective
    from wizard.solver.optimum import Optimum
    from wizard.solver.space import Space

_TURNS = 50
"""Optimisations after which a solver is replaced, so that a long session does not grow: what each of them added stays in it,
switched off. A new one takes some milliseconds."""

_KEPT = 6
"""Formulas kept: answers files of one repository rarely differ in more numbers of kinds than that."""

_REASONS = 1000
"""Smallest sets of rules kept."""


class Machine:
    """One formula and the solvers loaded with it. Assumptions come and go; clauses never change."""

    def __init__(self, encoded: Encoded) -> None:
        self.encoded = encoded
        # What completion adds to the formula (gates of the objective) would only slow the other solvers down.
        self.structure = tuple(encoded.structure)
        self.variables = encoded.variables
        self._binding: dict[frozenset[str], tuple[Sequence[int], Softs]] = {}
        self._by_rules: dict[tuple[frozenset[str], tuple[int, ...]], Reasons] = {}
        self._known: dict[frozenset[str], Known] = {}
        self._offered: dict[Place, Mapping[str, int]] = {}
        self._wanted: dict[Place, int] = {}
        self._named: tuple[tuple[str | None, ...] | None, dict[Place, list[tuple[Option, int]]]] = (None, {})
        self._switch = 0
        self._optimising: Sat | None = None
        self._turns = 0
        """Optimisations that the solver has done."""

    @cached_property
    def strict(self) -> Sat:
        """All rules bind."""
        encoded = self.encoded
        return Sat([*self.structure, *(clause for _, clause in encoded.clauses)], self.variables)

    @cached_property
    def lenient(self) -> Sat:
        """Waivable rules bind where their selector is assumed, all others always."""
        encoded = self.encoded
        clauses = [
            [-self.selector(rule), *clause] if encoded.rules[rule].id in encoded.waivable else clause
            for rule, clause in encoded.clauses
        ]
        return Sat([*self.structure, *clauses], self.variables + len(encoded.rules))

    @cached_property
    def explaining(self) -> Sat:
        """Each rule binds where its selector is assumed."""
        encoded = self.encoded
        clauses = ([-self.selector(rule), *clause] for rule, clause in encoded.clauses)
        return Sat([*self.structure, *clauses], self.variables + len(encoded.rules))

    @cached_property
    def chains(self) -> Chains:
        """Chains of reasons."""
        from wizard.solver.chain import Chains

        return Chains(self.encoded, self.structure)

    @cached_property
    def warning(self) -> Sequence[tuple[PlacedRule, Sequence[int]]]:
        """Rules that only warn, with the scopes in which each is applied."""
        from wizard.solver.rules import instances

        return [(placed, instances(self.encoded, placed))
                for placed in self.encoded.catalog.rules.values() if not placed.rule.binding]

    @cached_property
    def neighbours(self) -> Neighbours:
        """Models next to known ones, under all rules."""
        encoded = self.encoded
        clauses = [*self.structure, *(clause for _, clause in encoded.clauses)]
        gates = encoded.steps | frozenset(range(encoded.observed + 1, self.variables + 1))
        return Neighbours(self.variables, clauses, gates)

    def offered(self, place: Place) -> Mapping[str, int]:
        """What can be said in a place: options or values, each with its variable."""
        if place not in self._offered:
            encoded, catalog = self.encoded, self.encoded.catalog
            kind, scope, name = place
            self._offered[place] = {
                option: encoded.choice[scope, name, option] for option in catalog.options[name]
            } if kind == "choice" else {
                value.id: encoded.context[scope, name, value.id] for value in catalog.questions[name].values
            }
        return self._offered[place]

    def options(self, kinds: Sequence[str | None]) -> Mapping[Place, Sequence[tuple[Option, int]]]:
        """Every decision's options with their variables, in catalog order, where the kinds of clusters have these names:
        made once, because a screen asks for hundreds of them at every key."""
        names = tuple(kinds)
        if self._named[0] != names:
            self._named = names, {
                ("choice", scope, name): [
                    (Option(name, component, None if scope == DESIGN else names[scope]), variable)
                    for component, variable in self.offered(("choice", scope, name)).items()
                ] for scope, name in self.encoded.slots
            }
        return self._named[1]

    def wanted(self, places: Sequence[Place]) -> int:
        """Everything that places offer, as a set of variables."""
        for place in places:
            if place not in self._wanted:
                self._wanted[place] = set_of(self.offered(place).values())
        return reduce(or_, (self._wanted[place] for place in places), 0)

    def known(self, waived: frozenset[str]) -> Known:
        """What was found out under all rules but the waived ones."""
        waived &= self.encoded.waivable
        if waived not in self._known:
            _limit(self._known, _KEPT)
            self._known[waived] = Known(self.variables)
        return self._known[waived]

    def selector(self, rule: int) -> int:
        """The variable that switches a rule on."""
        return self.variables + 1 + rule

    def binding(self, waived: frozenset[str]) -> tuple[Sat, list[int]]:
        """A solver in which all but the waived rules bind, and what to assume in it."""
        encoded = self.encoded
        waived &= encoded.waivable
        if not waived:
            return self.strict, []
        return self.lenient, [
            self.selector(rule) for rule, key in enumerate(encoded.rules)
            if key.id in encoded.waivable and key.id not in waived
        ]

    @cached_property
    def objective(self) -> Objective:
        """What completion minimises. Made after the variables of selectors were numbered."""
        from wizard.solver.objective import Objective

        for rule in range(len(self.encoded.rules)):
            assert self.encoded.new() == self.selector(rule)
        return Objective(self.encoded)

    @contextmanager
    def optimising(self, waived: frozenset[str]) -> Iterator[Optimum]:
        """A fresh optimisation under all rules but the waived ones; what it adds is let go of at the end."""
        from wizard.solver.optimum import Optimum

        self.objective  # noqa: B018  (its gates belong to the formula that is optimised)
        encoded = self.encoded
        if self._optimising is None or self._turns >= _TURNS:
            clauses = [
                [-self.selector(rule), *clause] if encoded.rules[rule].id in encoded.waivable else clause
                for rule, clause in encoded.clauses
            ]
            self._optimising = Sat([*encoded.structure, *clauses], encoded.variables)
            self._switch, self._turns = encoded.variables, 0
        self._turns += 1
        optimum = Optimum(self._optimising, self._switch + 1, [
            self.selector(rule) for rule, key in enumerate(encoded.rules)
            if key.id in encoded.waivable and key.id not in waived
        ])
        try:
            yield optimum
        finally:
            optimum.close()
            self._switch = optimum.fresh

    def rules(self, waived: frozenset[str]) -> Sequence[int]:
        """The rules that bind, in catalog order."""
        return self._rules(waived)[0]

    def _rules(self, waived: frozenset[str]) -> tuple[Sequence[int], Softs]:
        from wizard.solver.causes import Softs

        waived &= self.encoded.waivable
        if waived not in self._binding:
            rules = [rule for rule, key in enumerate(self.encoded.rules) if key.id not in waived]
            _limit(self._binding, _KEPT)
            self._binding[waived] = rules, Softs([(self.selector(rule),) for rule in rules])
        return self._binding[waived]

    def by_rules(self, waived: frozenset[str], literals: tuple[int, ...]) -> Reasons:
        """The fewest rules by which these literals cannot stand together. The same whatever else was answered, and so
        kept from one answer to the next."""
        from wizard.solver.causes import Reasons

        key = waived & self.encoded.waivable, literals
        if key not in self._by_rules:
            _limit(self._by_rules, _REASONS)
            self._by_rules[key] = Reasons(self.explaining, literals, self._rules(waived)[1])
        return self._by_rules[key]


def _limit(kept: dict[Any, Any], most: int) -> None:
    """Make room for one more by letting go of the oldest."""
    while len(kept) >= most:
        del kept[next(iter(kept))]


class Engine:
    """A catalog compiled for questions about answers. Not safe to share between threads.

    `kept`: formulas that stay in memory, some megabytes each; one for each number of kinds of clusters."""

    def __init__(self, catalog: Catalog, kept: int = _KEPT) -> None:
        self.catalog = catalog
        self._kept = kept
        self._machines: OrderedDict[tuple[int, Extra], Machine] = OrderedDict()

    @cached_property
    def _thresholds(self) -> Thresholds:
        return stored_thresholds(self.catalog, lambda: thresholds(self.catalog))

    def machine(self, kinds: int, extra: Extra = frozenset()) -> Machine:
        """The compiled formula for a number of kinds of clusters."""
        key = (kinds, extra)
        machine = self._machines.get(key)
        if machine is None:
            found = self._thresholds
            encoded = stored_formula(
                self.catalog, kinds, found, extra, lambda: encode(self.catalog, kinds, found, extra)
            )
            machine = self._machines[key] = Machine(encoded)
            while len(self._machines) > self._kept:
                self._machines.popitem(last=False)
        self._machines.move_to_end(key)
        return machine

    def space(self, answers: Answers) -> Space:
        """What is possible under answers."""
        from wizard.solver.space import Space

        found = kinds_of(answers, self.catalog)
        extra = extra_cuts(answers, found, self.catalog, self._thresholds)
        return Space(self, self.machine(len(found), extra), answers, found)
