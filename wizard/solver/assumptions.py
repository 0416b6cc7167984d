"""Answers as assumptions: each thing that was said becomes one cause with the literals that it fixes.

Owns the order of causes (the catalog's: questions, facts, decisions, settings, versions), which is what ties between
reasons are broken by. Knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.facts import FACTS, FactValue, Surroundings, evaluate_design
from catalog.reasons import AnswerKind, Cause
from catalog.settings import NUMERIC, magnitude
from wizard.answers import Answers, Said
from wizard.kinds import KindAnswers
from wizard.solver.encode import Encoded
from wizard.solver.formula import DESIGN
from wizard.solver.numbers import above, at_least, normal
from wizard.solver.thresholds import OTHER, Extra, Thresholds, text_of

Place = tuple[str, int, str]
"""What an answer answers: `context` or `choice` (or another kind of answer), scope, question or decision."""


class Group(NamedTuple):
    """One cause and what it fixes."""

    cause: Cause
    literals: tuple[int, ...]
    places: tuple[Place, ...]


def design_facts(answers: Answers) -> dict[str, FactValue]:
    """Named facts of the whole design; None where the answers do not say."""
    return evaluate_design(Surroundings(
        clusters=tuple(entry.cluster for entry in answers.clusters),
        workloads=tuple(said.value for said in answers.workloads),
        externals=tuple(said.value for said in answers.externals),
    ))


def extra_cuts(answers: Answers, kinds: tuple[KindAnswers, ...], catalog: Catalog, found: Thresholds) -> Extra:
    """Values of compared numbers that the formula cannot tell apart yet."""
    extra: set[tuple[str, Fraction]] = set()
    for name in found.compared:
        if name in catalog.settings:
            type_ = catalog.settings[name].type
            said = [answers.settings.get(name), *(kind.settings.get(name) for kind in kinds)]
            values: list[Scalar] = [entry.value for entry in said if entry is not None]
        elif name in FACTS:
            type_ = "integer"
            facts = [*(kind.facts.get(name) for kind in kinds), design_facts(answers).get(name)]
            values = [value for value in facts if value is not None]
        else:
            continue
        for raw in values:
            value = magnitude(raw, type_)
            discrete = type_ in ("integer", "duration")
            known = {normal(cut, discrete) for cut in found.cuts[name]}
            if not {normal(at_least(value), discrete), normal(above(value), discrete)} <= known:
                extra.add((name, value))
    return frozenset(extra)


class Grouping:
    """Builds the groups of one set of answers."""

    def __init__(self, encoded: Encoded, answers: Answers, kinds: tuple[KindAnswers, ...]) -> None:
        self.encoded = encoded
        self.catalog = encoded.catalog
        self.answers = answers
        self.kinds = kinds

    def groups(self) -> tuple[Group, ...]:
        """Every cause, in catalog order."""
        return (
            *self._context(), *self._facts(), *self._options("choice"), *self._options("reject"),
            *self._settings(), *self._versions(),
        )

    def _cause(self, kind: AnswerKind, subject: str, value: str, scope: int | None, origin: str) -> Cause:
        name = self.kinds[scope].name if scope is not None and scope != DESIGN else None
        return Cause(kind, subject, value, name, origin, subject in self.answers.pinned)

    def _context(self) -> Iterator[Group]:
        for question in self.catalog.questions.values():
            said = self.answers.context.get(question.id)
            if question.scope == "design":
                if said is not None:
                    yield self._question(question.id, said, (DESIGN,), "context", None)
                continue
            own = {scope: kind.context[question.id] for scope, kind in enumerate(self.kinds)
                   if question.id in kind.context}
            rest = tuple(scope for scope in range(len(self.kinds)) if scope not in own)
            if said is not None and rest:
                yield self._question(question.id, said, rest, "context", None)
            for scope, entry in own.items():
                yield self._question(question.id, entry, (scope,), "cluster", scope)

    def _question(
        self, question_id: str, said: Said[tuple[str, ...]], scopes: tuple[int, ...], kind: AnswerKind,
        where: int | None,
    ) -> Group:
        question, context = self.catalog.questions[question_id], self.encoded.context
        literals = []
        for scope in scopes:
            for value in question.values:
                if value.id in said.value:
                    literals.append(context[scope, question_id, value.id])
                elif question.several:
                    literals.append(-context[scope, question_id, value.id])
        known = {value.id for value in question.values}
        if not known.issuperset(said.value):
            literals.append(-self.encoded.true)
        return Group(
            self._cause(kind, question_id, ", ".join(said.value), where, said.origin), tuple(literals),
            tuple(("context", scope, question_id) for scope in scopes),
        )

    def _facts(self) -> Iterator[Group]:
        design = design_facts(self.answers) if self.encoded.thresholds.facts else {}
        for name in self.encoded.thresholds.facts:
            for scope in self.encoded.scopes(FACTS[name].scope):
                value = design[name] if scope == DESIGN else self.kinds[scope].facts[name]
                if value is None:
                    continue
                if FACTS[name].number:
                    literals = self.encoded.lines[scope, name].exactly(Fraction(value))
                else:
                    literal = self.encoded.facts[scope, name]
                    literals = (literal if value else -literal,)
                if literals:
                    cause = self._cause("fact", name, text_of(value), scope, "")
                    yield Group(cause, literals, (("fact", scope, name),))

    def _options(self, kind: AnswerKind) -> Iterator[Group]:
        whole = self.answers.choices if kind == "choice" else self.answers.rejects
        own_words = {
            name for entry in self.kinds for name in (entry.choices if kind == "choice" else entry.rejects)
        }
        for decision in self.catalog.decisions.values():
            if decision.id not in whole and decision.id not in own_words:
                continue
            if decision.scope == "design":
                if decision.id in whole:
                    yield from self._option(kind, decision.id, whole[decision.id], (DESIGN,), None)
                continue
            said = whole.get(decision.id)
            shared = []
            for scope, entry in enumerate(self.kinds):
                own = (entry.choices if kind == "choice" else entry.rejects).get(decision.id)
                if own is not None and own is said:
                    shared.append(scope)
                elif own is not None:
                    yield from self._option(kind, decision.id, own, (scope,), scope)
            if said is not None and shared:
                yield from self._option(kind, decision.id, said, tuple(shared), None)

    def _option(
        self, kind: AnswerKind, decision: str, said: Said[tuple[str, ...]], scopes: tuple[int, ...], where: int | None
    ) -> Iterator[Group]:
        sign = 1 if kind == "choice" else -1
        values: Iterable[str] = said.value
        if len(said.value) > 1:
            order = {option: place for place, option in enumerate(self.catalog.options[decision])}
            values = sorted(dict.fromkeys(said.value), key=lambda option: order.get(option, len(order)))
        for component in values:
            literals = tuple(
                sign * self.encoded.choice.get((scope, decision, component), -self.encoded.true) for scope in scopes
            )
            yield Group(
                self._cause(kind, decision, component, where, said.origin), literals,
                tuple((kind, scope, decision) for scope in scopes),
            )

    def _settings(self) -> Iterator[Group]:
        own_words = {name for entry in self.kinds for name in entry.settings}
        for setting in self.catalog.settings:
            if setting not in self.answers.settings and setting not in own_words:
                continue
            scopes = self.encoded.setting_scopes(setting)
            said = self.answers.settings.get(setting)
            if tuple(scopes) == (DESIGN,):
                if said is not None:
                    yield from self._setting(setting, said, (DESIGN,), None)
                continue
            shared = []
            for scope, entry in enumerate(self.kinds):
                own = entry.settings.get(setting)
                if own is not None and own is said:
                    shared.append(scope)
                elif own is not None:
                    yield from self._setting(setting, own, (scope,), scope)
            if said is not None and shared:
                yield from self._setting(setting, said, tuple(shared), None)

    def _setting(
        self, setting: str, said: Said[Scalar], scopes: tuple[int, ...], where: int | None
    ) -> Iterator[Group]:
        literals = tuple(
            literal for scope in scopes for literal in setting_literals(self.encoded, setting, said.value, scope)
        )
        if literals:
            yield Group(
                self._cause("setting", setting, text_of(said.value), where, said.origin), literals,
                tuple(("setting", scope, setting) for scope in scopes),
            )

    def _versions(self) -> Iterator[Group]:
        if not self.answers.versions:
            return
        for component in self.catalog.components:
            said = self.answers.versions.get(component)
            if said is None:
                continue
            literals = tuple(
                -literal
                for scope in range(len(self.kinds))
                for version, literal in self.encoded.release.get((scope, component), {}).items()
                if version != said.value
            )
            if literals:
                cause = self._cause("version", component, said.value, None, said.origin)
                yield Group(cause, literals, (("version", DESIGN, component),))


def setting_literals(encoded: Encoded, setting: str, value: Scalar, scope: int) -> tuple[int, ...]:
    """What a value of a setting fixes; nothing where no rule looks at it."""
    type_ = encoded.catalog.settings[setting].type
    if type_ in NUMERIC:
        return encoded.lines[scope, setting].exactly(magnitude(value, type_))
    texts = encoded.texts.get((scope, setting))
    if texts is None:
        return ()
    literal = texts.get(text_of(value), texts.get(OTHER, -encoded.true))
    return (literal,)
