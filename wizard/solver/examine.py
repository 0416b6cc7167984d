"""The catalog examined by the engine itself: what can never be, what never matters, what others already say.

Looks at a design with one kind of cluster and no answers (with two, before a rule is called silent). The lifecycle is
left out (a component that cannot be had any more is refused on purpose), and so are rules that somebody can waive,
wherever it is asked what is possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from catalog.catalog import Catalog
from catalog.implicit import STATUS
from catalog.reasons import Option
from wizard.answers import Answers
from wizard.solver.counting import Count
from wizard.solver.encode import Encoded
from wizard.solver.engine import Engine
from wizard.solver.formula import DESIGN
from wizard.solver.known import Known, members, set_of
from wizard.solver.rules import add_rules, instances, subject
from wizard.solver.sat import Sat
from wizard.solver.states import reachable
from wizard.solver.thresholds import thresholds

ContextValue = tuple[str, str]
"""Question and value."""


@dataclass(frozen=True)
class Examination:
    """Everything found, in catalog order. All empty (and `void` false) for a catalog without a flaw."""

    void: bool
    """There is no design at all."""
    dead: tuple[Option, ...]
    """Options that are in no design."""
    contexts: tuple[tuple[ContextValue, ...], ...]
    """Answers to one question, or to two together, that leave no design."""
    silent: tuple[str, ...]
    """Rules whose conditions never come together."""
    implied: tuple[str, ...]
    """Rules that change nothing: the others already say it."""
    single: tuple[Option, ...]
    """The only answer that a decision can have."""
    count: Count
    """About how many designs there are."""


def examine(catalog: Catalog) -> Examination:
    """Examine a catalog; takes seconds on a large one."""
    return _Examining(catalog).examination()


class _Examining:
    def __init__(self, catalog: Catalog, kinds: int = 1) -> None:
        self.catalog = catalog
        self.kinds = kinds
        self.encoded = Encoded(catalog, kinds, thresholds(catalog, warnings=True), frozenset())
        add_rules(self.encoded)
        self.starts = {id_: self._starts(id_) for id_ in catalog.rules}
        encoded = self.encoded
        self.first = encoded.variables + 1
        clauses = [[-(self.first + rule), *clause] for rule, clause in encoded.clauses]
        self.sat = Sat([*encoded.structure, *clauses], encoded.variables + len(encoded.rules))
        self.binding = [
            self.first + rule for rule, key in enumerate(encoded.rules)
            if key.id not in encoded.waivable and not key.id.startswith(STATUS)
        ]

    def examination(self) -> Examination:
        """All findings."""
        void = not self.sat.solve(self.binding)
        count = Engine(self.catalog).space(Answers(name="catalog")).count()
        if void:
            return Examination(True, (), (), (), (), (), count)
        dead, single = self._options()
        return Examination(False, dead, self._contexts(), self._silent(), self._implied(), single, count)

    def _starts(self, id_: str) -> list[list[int]]:
        """What has to come together for a rule to say something, in each scope."""
        placed = self.catalog.rules[id_]
        encoded = self.encoded
        found = []
        for scope in instances(encoded, placed):
            literals = [subject(encoded, placed, scope)]
            literals += [encoded.literal(condition, scope) for condition in placed.rule.when]
            if placed.rule.warns:
                literals.append(encoded.either([encoded.literal(entry, scope) for entry in placed.rule.warns]))
            literals += [-encoded.literal(entry, scope) for entry in placed.rule.warns_without or ()]
            found.append(literals)
        return found

    def _options(self) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
        encoded = self.encoded
        found = self._alive(encoded.choice.values())
        dead, single = [], []
        for scope, decision in encoded.slots:
            kind = None if scope == DESIGN else "main"
            options = [Option(decision, name, kind) for name in self.catalog.options[decision]]
            alive = [
                option for option in options if encoded.choice[scope, decision, option.component] in found
            ]
            dead += [option for option in options if option not in alive]
            if len(alive) == 1 and self.catalog.decisions[decision].many != "several":
                single += alive
        return tuple(dead), tuple(single)

    def _alive(self, variables: Iterable[int]) -> set[int]:
        """Those of the variables that hold in some design."""
        known = Known(self.encoded.variables + len(self.encoded.rules))
        return set(members(reachable(self.sat, self.binding, set_of(variables), known).holds))

    def _contexts(self) -> tuple[tuple[ContextValue, ...], ...]:
        """Each model shows that many pairs of values go together; only what no model showed is asked for."""
        values = {variable: (question, value) for (_, question, value), variable in self.encoded.context.items()}
        alive = self._alive(values)
        found: list[tuple[ContextValue, ...]] = [(values[at],) for at in values if at not in alive]
        several = {entry.id for entry in self.catalog.questions.values() if entry.several}
        unseen = {
            (one, other) for one, other in combinations([at for at in values if at in alive], 2)
            if values[one][0] != values[other][0] or values[one][0] in several
        }
        lost: list[tuple[int, int]] = []
        for pair in sorted(unseen):
            if pair not in unseen:
                continue
            self.sat.prefer([at for other in unseen for at in other][:400])
            if self.sat.solve([*self.binding, *pair]):
                model = self.sat.model()
                unseen.difference_update(combinations([at for at in values if model[at - 1] > 0], 2))
            else:
                lost.append(pair)
        return (*found, *((values[one], values[other]) for one, other in sorted(lost)))

    def _silent(self) -> tuple[str, ...]:
        """Judged without the rule itself: one that refuses what its conditions say does fire."""
        doubtful = [id_ for id_ in self.starts if not self._fires(id_)]
        if not doubtful:
            return ()
        # What is had in one cluster and not in another is only seen where there are two kinds of them.
        mixed = _Examining(self.catalog, 2) if self.kinds == 1 else self
        return tuple(id_ for id_ in doubtful if mixed is self or not mixed._fires(id_))

    def _fires(self, id_: str) -> bool:
        own = {self.first + at for at, key in enumerate(self.encoded.rules) if key.id == id_}
        others = [at for at in self.binding if at not in own]
        return any(self.sat.solve([*others, *literals]) for literals in self.starts[id_])

    def _implied(self) -> tuple[str, ...]:
        """Rules all of whose clauses hold when every other rule does. Of two that say the same, the later one."""
        by_rule: dict[str, list[list[int]]] = {}
        selectors: dict[str, set[int]] = {}
        for rule, clause in self.encoded.clauses:
            id_ = self.encoded.rules[rule].id
            by_rule.setdefault(id_, []).append(clause)
            selectors.setdefault(id_, set()).add(self.first + rule)
        binding = list(self.binding)
        found = []
        for id_ in reversed(list(by_rule)):
            if id_ not in self.catalog.rules:
                continue
            others = [at for at in binding if at not in selectors[id_]]
            if not any(self.sat.solve([*others, *(-literal for literal in clause)]) for clause in by_rule[id_]):
                found.append(id_)
                binding = others
        silent = set(self._silent())
        return tuple(id_ for id_ in reversed(found) if id_ not in silent)
