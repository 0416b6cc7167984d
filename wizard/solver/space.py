"""What is possible under one set of answers: states, reasons, ways out, the completed design.

A Space is a value to the outside: every method gives the same result whatever was asked before. What is expensive is
found once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from catalog.conditions import Scalar
from catalog.reasons import Cause, Conflict, Margin, Option, Reason, Repair, State
from wizard.answers import Answers, Said
from wizard.kinds import KindAnswers
from wizard.solver.assumptions import Group, Grouping, Place, setting_literals
from wizard.solver.engine import Engine, Machine
from wizard.solver.formula import DESIGN
from wizard.solver.judging import Judging
from wizard.solver.sat import Sat
from wizard.solver.told import Told

if TYPE_CHECKING:
    from catalog.design import Warning_
    from wizard.solver.alternatives import Alternative
    from wizard.solver.counting import Count
    from wizard.solver.explaining import Explaining
    from wizard.solver.resolution import Resolution


_MANY = 32
"""Reasons that are shown where all are asked for."""


_STATES: tuple[tuple[State, State], tuple[State, State]] = (("excluded", "excluded"), ("implied", "available"))
"""The state of an option by whether it holds, and whether it fails, in some model."""


class ContextOption(NamedTuple):
    """A value of a context question, in one kind of cluster or (kind None) for the whole design."""

    question: str
    value: str
    kind: str | None = None

    def __str__(self) -> str:
        place = f"{self.kind}/" if self.kind else ""
        return f"{place}{self.question}={self.value}"


class SettingOption(NamedTuple):
    """A value of a setting, in one kind of cluster or (kind None) for the whole design."""

    setting: str
    value: Scalar
    kind: str | None = None


Target = Option | ContextOption | SettingOption


class Aim(NamedTuple):
    """A target as literals, and the answers that it is judged without."""

    literals: tuple[int, ...]
    place: Place


class Space:
    """See the module. Made by `Engine.space`."""

    def __init__(self, engine: Engine, machine: Machine, answers: Answers, kinds: tuple[KindAnswers, ...]) -> None:
        self.engine = engine
        self.catalog = engine.catalog
        self.machine = machine
        self.encoded = machine.encoded
        self.answers = answers
        self.kinds = kinds
        self.kind_names = tuple(kind.name for kind in kinds)
        self.waived = frozenset(said.value.rule for said in answers.waivers)
        self.groups: tuple[Group, ...] = Grouping(self.encoded, answers, kinds).groups()
        self._told = Told(self.groups)
        self._judging = Judging(machine, self.waived, self._told)
        self._reasons: dict[tuple[Target | None, State], tuple[Reason, ...]] = {}
        self._completed: Resolution | None = None

    # Solving

    @property
    def binding(self) -> tuple[Sat, list[int]]:
        """The solver in which the rules that are not waived bind, and its base assumptions."""
        return self.machine.binding(self.waived)

    def assumed(self, without: Place | None = None) -> list[int]:
        """All that was said as literals; without what answers one question."""
        return self._told.literals(without)

    def solves(self, literals: Iterable[int], without: Place | None = None) -> bool:
        """Whether the answers (without those to one question) and these literals can stand together."""
        sat, base = self.binding
        return sat.solve([*base, *self.assumed(without), *literals])

    @cached_property
    def stands(self) -> bool:
        """Whether the answers do not contradict each other."""
        return bool(self._judging.values)

    @property
    def answered(self) -> frozenset[Place]:
        """What has an answer of its own (a rejection leaves a decision open)."""
        return self._told.places

    def scope(self, kind: str | None) -> int:
        """The scope of a kind of cluster by name; KeyError when there is none."""
        if kind is None:
            return DESIGN
        try:
            return self.kind_names.index(kind)
        except ValueError:
            raise KeyError(kind) from None

    def kind_name(self, scope: int) -> str | None:
        """The kind of cluster of a scope; None for the design."""
        return None if scope == DESIGN else self.kind_names[scope]

    def aim(self, target: Target) -> Aim:
        """The literals of a target; KeyError when the catalog does not have it or it does not exist in that kind."""
        scope = self.scope(target.kind)
        if isinstance(target, Option):
            literal = self.encoded.choice[scope, target.decision, target.component]
            return Aim((literal,), ("choice", scope, target.decision))
        if isinstance(target, ContextOption):
            literal = self.encoded.context[scope, target.question, target.value]
            return Aim((literal,), ("context", scope, target.question))
        literals = setting_literals(self.encoded, target.setting, target.value, scope)
        return Aim(literals, ("setting", scope, target.setting))

    def said_at(self, kind: str, scope: int, subject: str) -> str | None:
        """Where a question or decision was answered (may be an empty text); None when it was not."""
        return self._said.get((kind, scope, subject))

    @cached_property
    def _said(self) -> Mapping[Place, str]:
        """Where each answer was given; of several to one question the first."""
        return {place: group.cause.origin for group in reversed(self.groups) for place in group.places}

    def setting_said(self, setting: str, scope: int) -> Said[Scalar] | None:
        """What was said about a setting in a scope."""
        if scope == DESIGN:
            return self.answers.settings.get(setting)
        return self.kinds[scope].settings.get(setting)

    # States

    def states(self, decision: str | None = None, kind: str | None = None) -> dict[Option, State]:
        """The state of every option (of one decision, in one kind of cluster), in catalog order."""
        options = self.machine.options(self.kind_names)
        places: Iterable[Place] = options if decision is None else (
            ("choice", scope, decision) for scope in self.encoded.decision_scopes(decision)
        )
        wanted = [place for place in places if kind is None or self.kind_name(place[1]) in (None, kind)]
        reached = self._judging.reached(wanted)
        found: dict[Option, State] = {}
        for place in wanted:
            holds, fails = reached[place]
            for option, variable in options[place]:
                found[option] = _STATES[holds[variable]][fails[variable]]
        return found

    def states_in(self, decision: str, kind: str | None) -> tuple[State, ...]:
        """The states of a decision's options where it is made: in one kind of cluster, or (None) in the design; in catalog
        order."""
        place = ("choice", self.scope(kind), decision)
        holds, fails = self._judging.reached([place])[place]
        return tuple([_STATES[holds[variable]][fails[variable]] for variable in self.machine.offered(place).values()])

    def judge_open(self, questions: bool = False) -> None:
        """Judge all decisions without an answer (or all questions), which is far less together than one after the other.
        What has an answer is judged without it, and so by itself."""
        places: Iterable[Place] = self._questions() if questions else (("choice", *slot) for slot in self.encoded.slots)
        self._judging.reached([place for place in places if place not in self.answered])

    def judge(self, decisions: Iterable[str]) -> None:
        """Judge some decisions together, answered or not."""
        self._judging.reached([
            ("choice", scope, name) for name in decisions for scope in self.encoded.decision_scopes(name)])

    def undecided(self) -> tuple[tuple[str, str | None], ...]:
        """Decisions without an answer, with their kinds of clusters, that still have more than one way to go."""
        self.judge_open()
        return tuple(
            (name, self.kind_name(scope)) for scope, name in self.encoded.slots
            if ("choice", scope, name) not in self.answered
            and any(state == "available" for _, state in self._states_at(("choice", scope, name)))
        )

    def context_states(self, question: str | None = None, kind: str | None = None) -> dict[ContextOption, State]:
        """The state of every value of the context questions, each judged without the answer to its own question."""
        places = [place for place in self._questions() if question in (None, place[2])
                  and (kind is None or self.kind_name(place[1]) in (None, kind))]
        self._judging.reached(places)
        return {
            ContextOption(name, value, self.kind_name(scope)): state
            for _, scope, name in places for value, state in self._states_at(("context", scope, name))
        }

    def _questions(self) -> Iterator[Place]:
        return (("context", scope, entry.id) for entry in self.catalog.questions.values()
                for scope in self.encoded.scopes(entry.scope))

    def state(self, target: Target) -> State:
        """The state of one option or value."""
        if isinstance(target, SettingOption):
            aim = self.aim(target)
            return "available" if self.solves(aim.literals, without=aim.place) else "excluded"
        aim = self.aim(target)
        return dict(self._states_at(aim.place))[target.component if isinstance(target, Option) else target.value]

    def _states_at(self, place: Place) -> Iterator[tuple[str, State]]:
        holds, fails = self._judging.reached([place])[place]
        for name, variable in self.machine.offered(place).items():
            yield name, _STATES[holds[variable]][fails[variable]]

    # Reasons

    def conflict(self, limit: int = 5) -> Conflict | None:
        """Why the answers cannot stand, with up to `limit` ways out; None when they can."""
        if self.stands:
            return None
        reason, = self._explain(None, "excluded", all_=False)
        return Conflict(reason, self.repairs(limit=limit))

    def clashing(self) -> tuple[Cause, ...]:
        """The answers of the smallest reason why all of them cannot stand; () when they can."""
        return () if self.stands else self._explaining(None, "excluded").causes()

    def why(self, target: Target, all: bool = False) -> tuple[Reason, ...]:
        """The smallest reason (or every one, of the same size) why a target is excluded or implied; () for neither."""
        state = self.state(target)
        return () if state == "available" else self._explain(target, state, all_=all)

    def why_conflict(self) -> tuple[Reason, ...]:
        """Every smallest reason why the answers cannot stand; () when they can."""
        return () if self.stands else self._explain(None, "excluded", all_=True)

    def _explain(self, target: Target | None, state: State, *, all_: bool) -> tuple[Reason, ...]:
        key = (target, state)
        explaining = self._explaining(target, state)
        if key not in self._reasons:
            self._reasons[key] = explaining.first()
        first = self._reasons[key]
        return (*first, *(entry for entry in explaining.every(_MANY) if entry not in first)) if all_ else first

    def _explaining(self, target: Target | None, state: State) -> Explaining:
        from wizard.solver.explaining import Explaining

        aim = self.aim(target) if target is not None else Aim((), ("", DESIGN, ""))
        end = aim.literals if state == "excluded" else tuple(-literal for literal in aim.literals)
        groups = [group for group in self.groups if aim.place not in group.places or target is None]
        return Explaining(self, target if isinstance(target, Option) else None, state, end, groups)

    # Ways out

    def repairs(self, target: Target | None = None, limit: int = 5) -> tuple[Repair, ...]:
        """The smallest changes to unpinned answers after which they (and the target) can stand; () where nothing
        has to change or nothing unpinned helps."""
        from wizard.solver.repairs import repairs

        return repairs(self, target, limit)

    # Completion

    def complete(self, given_up: Callable[[], bool] = bool) -> Resolution:
        """The one best design under these answers. Raises Infeasible when they cannot stand, and GivenUp once that is so."""
        if self._completed is None:
            from wizard.solver.resolution import complete

            self._completed = complete(self, self.answers.order(), given_up=given_up)
            # Who completes goes on asking: made here, models beside known ones cost no answer after it.
            self.machine.neighbours  # noqa: B018
        return self._completed

    def completed(self, made: Resolution) -> None:
        """Take over the completion that another engine found under the same answers: there is only one."""
        self._completed = made

    @cached_property
    def recommended(self) -> list[int]:
        """The choices of the completed design as literals."""
        return [
            self.encoded.choice[self.scope(choice.kind), choice.decision, option]
            for choice in self.complete().choices for option in choice.chosen
        ]

    def margin(self, option: Option) -> Margin:
        """Why an option of the completed design won. KeyError when the design does not contain it."""
        from wizard.solver.margins import margin

        return margin(self, option)

    def advantage(self, option: Option) -> Margin | None:
        """Why a chosen option would win beside the other answers, too; None where it would not. KeyError when the completed
        design does not contain it."""
        from wizard.solver.margins import advantage

        return advantage(self, option)

    def alternatives(self, count: int = 3) -> tuple[Alternative, ...]:
        """Up to `count` different designs, each best under another first priority; the user's own order first."""
        from wizard.solver.alternatives import alternatives

        return alternatives(self, count)

    def warnings(self) -> tuple[Warning_, ...]:
        """What the completed design has to be warned about."""
        from wizard.solver.warnings import warnings

        return warnings(self, self.complete())

    def count(self) -> Count:
        """About how many designs remain, layer by layer: an estimate, the same for the same answers."""
        from wizard.solver.counting import count

        return count(self)

    def applied(self, repair: Repair, origin: str) -> Answers:
        """The answers after a repair. Raises Unchangeable where a person has to change clusters or workloads."""
        from wizard.solver.changing import applied

        return applied(self.answers, self.catalog, repair, {kind.name: kind.clusters for kind in self.kinds}, origin)
