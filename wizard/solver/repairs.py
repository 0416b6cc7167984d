"""Ways out: the fewest answers to drop or change so that the rest (and something wanted) can stand.

The mirror of smallest reasons: a repair must meet every contradiction, so propose the first smallest set that meets all
contradictions known, and look whether what is left stands. Order: fewer answers, then fewer facts about the use case,
then catalog order; what is listed is then ranked by how much of the design stays as it is. Pinned answers are never
touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from catalog.facts import FACTS
from catalog.reasons import Cause, Change, Option, Repair
from wizard.solver.assumptions import Group
from wizard.solver.causes import core
from wizard.solver.hitting import hitting_set
from wizard.solver.known import assume, set_of
from wizard.solver.settle import nearest_number, settle_setting
from wizard.solver.states import reachable

if TYPE_CHECKING:
    from wizard.solver.space import Space, Target

_COMPLETED = 500
"""Decisions (each once for every kind of cluster that it is made in) up to which ways out as small as each other are
ranked by what they leave of the recommended design. Completing more takes seconds, so that they stay in catalog order:
they are as small and as good a way out, only not the best first."""

CONTEXT = frozenset({"context", "cluster", "fact"})
"""Answers about the use case: architects change what they chose rather than what is."""


def repairs(space: Space, target: Target | None, limit: int) -> tuple[Repair, ...]:
    """Up to `limit` smallest repairs, all of the same size, best first."""
    return _Repairing(space, target).repairs(limit)


class _Repairing:
    def __init__(self, space: Space, target: Target | None) -> None:
        self.space = space
        self.target = target
        self.sat, base = space.binding
        self.wanted = list(space.aim(target).literals) if target is not None else []
        fixed = chain.from_iterable(group.literals for group in space.groups if group.cause.pinned)
        self.hard = [*base, *self.wanted, *fixed]
        self.overridden = False
        """Whether an answer for all clusters has to give way in one kind, which is a change by itself."""
        self.groups = [self._overridden(group) for group in space.groups if not group.cause.pinned]
        self.softs = [group.literals for group in self.groups]

    def _overridden(self, group: Group) -> Group:
        """A choice for all clusters without the kind that the wanted option is for: there it will be overridden."""
        target = self.target
        if not isinstance(target, Option) or target.kind is None or len(group.places) < 2:
            return group
        place = ("choice", self.space.scope(target.kind), target.decision)
        if place not in group.places or self.space.catalog.decisions[target.decision].many == "several":
            return group
        if group.cause.value != target.component:
            self.overridden = True
        kept = [at for at, entry in enumerate(group.places) if entry != place]
        return Group(
            group.cause, tuple(group.literals[at] for at in kept), tuple(group.places[at] for at in kept)
        )

    def repairs(self, limit: int) -> tuple[Repair, ...]:
        everything = range(len(self.groups))
        heavy = frozenset(number for number in everything if self.groups[number].cause.kind in CONTEXT)
        contradictions: list[frozenset[int]] = []
        found: list[tuple[int, ...]] = []
        size: int | None = None
        least = 0
        while len(found) < limit:
            proposal = hitting_set(contradictions, heavy, least, size, accept=lambda entry: entry not in found)
            if proposal is None:
                break
            least = len(proposal)  # what meets more contradictions is never smaller
            left = [number for number in everything if number not in proposal]
            contradiction = core(self.sat, self.hard, self.softs, left)
            if contradiction is None:
                if not proposal and not self.overridden:
                    break
                found.append(proposal)
                size = len(proposal)
            else:
                contradictions.append(contradiction)
        if len(found) > 1:
            # Not asked for where there is one way: what a way out leaves alone is seen against the recommended design.
            found.sort(key=lambda dropped: (self._disturbed(dropped), self._moved(dropped)))
        return tuple(self._worded(entry) for entry in found)

    def _rest(self, dropped: Sequence[int]) -> list[int]:
        return [*self.hard, *chain.from_iterable(
            soft for number, soft in enumerate(self.softs) if number not in dropped
        )]

    def _disturbed(self, dropped: tuple[int, ...]) -> int:
        """How many of the choices that the present design would make are impossible afterwards."""
        if not self.space.stands or len(self.space.encoded.slots) > _COMPLETED:
            return 0
        chosen, rest = set_of(self.space.recommended), self._rest(dropped)
        known = self.space.machine.known(self.space.waived)
        said = assume(literal for literal in rest if abs(literal) <= self.space.machine.variables)
        shown = known.shown(said, {}, 0).everywhere
        return (chosen & ~reachable(self.sat, rest, chosen, known, shown).holds).bit_count()

    def _moved(self, dropped: tuple[int, ...]) -> int:
        """How many answers go about what a cluster is, such as where it runs: its size is changed more lightly."""
        return sum(self.groups[number].cause.kind == "cluster" for number in dropped)

    def _worded(self, dropped: tuple[int, ...]) -> Repair:
        rest = self._rest(dropped)
        changes: dict[Change, None] = {}
        target = self.target
        replaced = False
        for number in dropped:
            group = self.groups[number]
            to = self._new_value(group, rest)
            if to is not None and isinstance(target, Option) and group.cause.subject == target.decision:
                replaced = replaced or (group.cause.kind == "choice" and to == target.component)
            changes[Change(group.cause, to)] = None
        if isinstance(target, Option) and not replaced and not self._said(target):
            # What is wanted has to be said as well: an answer to be added has no value yet.
            # Where all clusters are alike it is said for the design.
            kind = target.kind if len(self.space.kinds) > 1 else None
            changes[Change(Cause("choice", target.decision, "", kind), target.component)] = None
        return Repair(tuple(changes))

    def _said(self, target: Option) -> bool:
        return any(
            group.cause.kind == "choice" and group.cause.value == target.component
            and ("choice", self.space.scope(target.kind), target.decision) in group.places
            for group in self.space.groups
        )

    def _new_value(self, group: Group, rest: list[int]) -> str | None:
        """What to say instead, where exactly one thing is left to say (or one is nearest to what was said)."""
        cause, encoded = group.cause, self.space.encoded
        scopes = [scope for _, scope, _ in group.places]
        if cause.kind == "choice":
            return self._other_choice(cause, scopes, rest)
        if cause.kind in ("context", "cluster"):
            question = self.space.catalog.questions[cause.subject]
            if question.several:
                return None
            ids = [value.id for value in question.values if value.id != cause.value]
            if question.ordered:
                every = [value.id for value in question.values]
                place = every.index(cause.value) if cause.value in every else 0
                ids.sort(key=lambda name: abs(every.index(name) - place))
            literals = [[encoded.context[scope, question.id, name] for scope in scopes] for name in ids]
            return self._only(ids, literals, rest, nearest=question.ordered is not None)
        if cause.kind == "fact":
            if not FACTS[cause.subject].number:
                return "false" if cause.value == "true" else "true"
            line = encoded.lines[scopes[0], cause.subject]
            value = nearest_number(line, Fraction(cause.value), (), lambda literals: self.sat.solve([*rest, *literals]))
            return str(value) if value is not None else None
        if cause.kind == "setting" and len(scopes) == 1:
            setting = self.space.catalog.settings[cause.subject]
            said = self._said_setting(cause)
            new = settle_setting(encoded, setting, scopes[0], said, lambda literals: self.sat.solve([*rest, *literals]))
            return None if new is None or new == said else str(new).lower() if isinstance(new, bool) else str(new)
        if cause.kind == "version":
            found = [
                version for version, literal in self.space.encoded.release.get((0, cause.subject), {}).items()
                if version != cause.value and self.sat.solve([*rest, literal])
            ]
            return found[0] if len(found) == 1 else None
        return None

    def _said_setting(self, cause: Cause) -> str | int | bool:
        value: str | int | bool = cause.value
        if self.space.catalog.settings[cause.subject].type == "boolean":
            value = cause.value == "true"
        return value

    def _other_choice(self, cause: Cause, scopes: list[int], rest: list[int]) -> str | None:
        decision = self.space.catalog.decisions[cause.subject]
        if decision.many == "several":
            return None
        target = self.target
        if isinstance(target, Option) and target.decision == cause.subject and self.space.scope(target.kind) in scopes:
            return target.component if len(scopes) == 1 or target.kind is None else None
        ids = [name for name in self.space.catalog.options[cause.subject] if name != cause.value]
        literals = [[self.space.encoded.choice[scope, cause.subject, name] for scope in scopes] for name in ids]
        return self._only(ids, literals, rest)

    def _only(
        self, names: Sequence[str], literals: Sequence[list[int]], rest: list[int], nearest: bool = False
    ) -> str | None:
        """The one that is possible; None where there are more, unless they come nearest first."""
        found = None
        for name, wanted in zip(names, literals, strict=True):
            if self.sat.solve([*rest, *wanted]):
                if nearest:
                    return name
                if found is not None:
                    return None
                found = name
        return found
