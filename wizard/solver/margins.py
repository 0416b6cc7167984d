"""Why a recommended option won: the first level of the optimum that separates it from the best other one.

The runner-up is the best of the other options that the answers leave, judged alone. Where it alone would be better,
what rules it out beside the rest of the design is the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog.layers import NONE
from catalog.reasons import Cause, Margin, Option, Reason, State
from catalog.rules import PRIORITIES, Priority
from wizard.solver.assumptions import Group, setting_literals
from wizard.solver.explaining import Explaining
from wizard.solver.resolution import Key, Resolution, world_of

if TYPE_CHECKING:
    from wizard.solver.space import Space


def margin(space: Space, option: Option) -> Margin:
    """The margin of an option that the completed design contains. KeyError when it does not."""
    made = space.complete()
    if option.component not in made.chosen(option.decision, option.kind):
        raise KeyError(str(option))
    return _Margins(space, made, option).margin()


def advantage(space: Space, option: Option) -> Margin | None:
    """Why an option that was chosen would win against what the other answers leave, too; None where it would not, or where
    nothing but the catalog's order tells it from another. KeyError when the design does not contain it."""
    made = space.complete()
    if option.component not in made.chosen(option.decision, option.kind):
        raise KeyError(str(option))
    return _Margins(space, made, option).advantage()


class _Margins:
    def __init__(self, space: Space, made: Resolution, option: Option) -> None:
        self.space = space
        self.made = made
        self.option = option
        self.scope = space.scope(option.kind)
        self.order = space.answers.order()
        self.world = world_of(space, made.context, made.facts, made.choices, made.settings)

    def margin(self) -> Margin:
        space, option = self.space, self.option
        invited = self._invited() if self._several else None
        if invited is not None:
            return invited
        others = self._others()
        if not others:
            return Margin("only")
        level, own, other, runner_up = self._against(others)
        fits = space.solves(self._rest(runner_up), without=("choice", self.scope, option.decision))
        if own > other or (not fits and level in ("goes-with", "fewer", "order")):
            if not fits:
                return Margin("forced", runner_up, reason=self._reason(runner_up))
            level = "order"
        return self._won(level, runner_up)

    def advantage(self) -> Margin | None:
        if self._several:
            advice = self._advice(self.option.component)
            return Margin("recommended", because=advice) if advice is not None else None
        others = self._others()
        if not others:
            return Margin("only")
        level, own, other, runner_up = self._against(others)
        return self._won(level, runner_up) if own < other and level not in ("goes-with", "fewer", "order") else None

    @property
    def _several(self) -> bool:
        return self.space.catalog.decisions[self.option.decision].many == "several"

    def _others(self) -> list[str]:
        """What else the answers leave."""
        option = self.option
        return [
            other.component for other, state in self.space.states(option.decision, option.kind).items()
            if state != "excluded" and other.component != option.component and other.kind == option.kind
            and other.component not in self.made.chosen(option.decision, option.kind)
        ]

    def _against(self, others: list[str]) -> tuple[str, int, int, str]:
        """The first level that separates ours from the best other, what each costs there, and that other."""
        mine = self._levels(self.option.component)
        runner_up = min(others, key=lambda name: [cost for _, cost in self._levels(name)])
        theirs = self._levels(runner_up)
        return next(((level, a, b, runner_up) for (level, a), (_, b) in zip(mine, theirs, strict=True) if a != b),
                    ("order", 0, 0, runner_up))

    def _won(self, level: str, runner_up: str) -> Margin:
        component = self.option.component
        if level in PRIORITIES:
            priority: Priority = next(name for name in PRIORITIES if name == level)
            return Margin(level, runner_up, self._rating(component, priority), self._rating(runner_up, priority),
                          self._because(component, priority))
        return Margin(level, runner_up, because=self._advice(component) if level == "recommended" else None)

    def _invited(self) -> Margin | None:
        """Why something is there where nothing had to be: recommended, a companion, or what a rule asks for; None where
        a rule asks for one of several, so that it won against the others."""
        advice = self._advice(self.option.component)
        if advice is not None:
            return Margin("recommended", because=advice)
        if any(
            self.option.component in self.space.catalog.components[name].goes_with for name in self.made.components
        ):
            return Margin("goes-with")
        found = self._removal()
        return Margin("forced", reason=found) if found else None

    def _levels(self, name: str) -> list[tuple[str, int]]:
        """What an option costs by itself, level by level; companions and parts beside the rest of the design."""
        objective = self.space.machine.objective
        catalog = self.space.catalog
        decision = self.option.decision
        lapsed = name != NONE and (catalog.components[name].status(catalog.as_of) != "active" or self._ended(name))
        applying = sum(
            all(self.world.holds(condition, self.scope) for condition in entry.when)
            for entry in objective.recommendations(decision, name)
        )
        levels = [("support", int(lapsed)), ("recommended", -applying)]
        levels += [(priority, 4 - objective.rating(decision, name, priority)) for priority in self.order]
        rest = {
            component for choice in self.made.choices for component in choice.chosen
            if component != NONE and (choice.decision, choice.kind) != (decision, self.option.kind)
        }
        with_it = rest | ({name} - {NONE})
        alone = sum(
            other in catalog.components and other not in with_it
            for component in with_it for other in catalog.components[component].goes_with
        )
        place = catalog.options[decision].index(name)
        return [*levels, ("goes-with", alone), ("fewer", len(with_it)), ("order", place)]

    def _ended(self, name: str) -> bool:
        """Whether only releases out of support fit beside the rest of the design."""
        space = self.space
        past = [literal for component, literal in space.machine.objective.ended if component == name]
        if not past or name in space.answers.versions:
            return False
        place, rest = ("choice", self.scope, self.option.decision), self._rest(name)
        return space.solves(rest, without=place) and not space.solves([*rest, *(-at for at in past)], without=place)

    def _rating(self, name: str, priority: Priority) -> int:
        return self.space.machine.objective.rating(self.option.decision, name, priority)

    def _because(self, name: str, priority: Priority) -> str | None:
        catalog = self.space.catalog
        if name == NONE:
            rating = catalog.absence(self.option.decision).ratings.get(priority)
        else:
            component = catalog.components[name]
            rating = component.roles[self.option.decision].ratings.get(priority) or component.ratings.get(priority)
        return rating.because if rating else None

    def _advice(self, name: str) -> str | None:
        objective = self.space.machine.objective
        for entry in objective.recommendations(self.option.decision, name):
            if all(self.world.holds(condition, self.scope) for condition in entry.when):
                return entry.because
        return None

    # What stands in the way

    def _made(self) -> Iterator[Group]:
        """Everything that completion settled, as assumptions: context and facts first, then choices and settings."""
        encoded, space = self.space.encoded, self.space
        for (question, kind), value in self.made.context.items():
            if value.origin != "answered":
                scope = space.scope(kind)
                held = value.value if isinstance(value.value, tuple) else (str(value.value),)
                yield self._group(question, ", ".join(held), kind, tuple(
                    encoded.context[scope, question, name] for name in held))
        for (name, kind), value in self.made.facts.items():
            scope = space.scope(kind)
            if value.origin != "answered" and (scope, name) in encoded.facts:
                literal = encoded.facts[scope, name]
                yield self._group(name, str(value.value).lower(), kind, (literal if value.value else -literal,))
        for choice in self.made.choices:
            own = (choice.decision, choice.kind) == self._own
            if choice.origin != "answered" or own:
                for option in choice.chosen:
                    if own and option == self.option.component:
                        continue
                    literal = encoded.choice[space.scope(choice.kind), choice.decision, option]
                    yield self._group(choice.decision, option, choice.kind, (literal,))
        for (setting, kind), value in self.made.settings.items():
            if value.origin != "answered" and not isinstance(value.value, tuple):
                literals = setting_literals(encoded, setting, value.value, space.scope(kind))
                if literals:
                    yield self._group(setting, str(value.value), kind, literals)

    @property
    def _own(self) -> Key:
        return self.option.decision, self.option.kind

    def _group(self, subject: str, value: str, kind: str | None, literals: tuple[int, ...]) -> Group:
        return Group(Cause("assumption", subject, value, kind), literals, ())

    def _rest(self, name: str) -> list[int]:
        """Every other choice as it is, and this option instead of ours."""
        literals = [
            self.space.encoded.choice[self.space.scope(choice.kind), choice.decision, option]
            for choice in self.made.choices if (choice.decision, choice.kind) != self._own for option in choice.chosen
        ]
        context = [
            literal for group in self._made() if group.cause.subject in self.space.catalog.questions
            for literal in group.literals
        ]
        return [*context, *literals, self.space.encoded.choice[self.scope, self.option.decision, name]]

    def _reason(self, name: str) -> Reason | None:
        """Why an option does not fit beside the rest."""
        literal = self.space.encoded.choice[self.scope, self.option.decision, name]
        return self._smallest((literal,), Option(self.option.decision, name, self.option.kind), "excluded")

    def _removal(self) -> Reason | None:
        """Why our option has to be there."""
        literal = self.space.encoded.choice[self.scope, self.option.decision, self.option.component]
        return self._smallest((-literal,), self.option, "implied")

    def _smallest(self, end: tuple[int, ...], option: Option, state: State) -> Reason | None:
        space = self.space
        said = [group for group in space.groups if ("choice", self.scope, self.option.decision) not in group.places]
        return next(iter(Explaining(space, option, state, end, [*said, *self._made()]).first()), None)
