"""Reasons as values: the fewest answers that lead to an end, the fewest rules by which they do, the chain between.

Fewest answers first. Of several sets of as few answers the one that needs the fewest rules is the reason, so that what
is closest to the end is named ("You chose GKE Autopilot", rather than something that is only to be had with it); of
those again the first in catalog order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from catalog.reasons import Cause, Option, Reason, State
from wizard.solver.assumptions import Group
from wizard.solver.causes import Reasons, Softs, fewest
from wizard.solver.known import assume, members

if TYPE_CHECKING:
    from wizard.solver.space import Space

_COMPARED = 6
"""Sets of answers whose rules are compared: the first so many in catalog order."""

_CLOSE = 4
"""Variables in which a model may differ from the answers to tell something: far ones only tell what needs no telling."""


class Explaining:
    """Reasons out of `groups` why literals (`end`) cannot hold under a space's rules."""

    def __init__(
        self, space: Space, option: Option | None, state: State, end: Sequence[int], groups: Sequence[Group]
    ) -> None:
        self.space = space
        self.option = option
        self.state = state
        self.end = tuple(end)
        self.groups = groups
        self._answers: Reasons | None = None

    def first(self) -> tuple[Reason, ...]:
        """The smallest reason; () when there is none."""
        sets = self._sets(_COMPARED)
        best = fewest(self._by_rules(causes) for causes in sets)
        return () if best is None else (self._reason(sets[best[0]], best[1]),)

    def causes(self) -> tuple[Cause, ...]:
        """The answers of the smallest reason. Which rules there are to it need not be known where no other has as few."""
        sets = self._sets(_COMPARED)
        best = fewest(self._by_rules(causes) for causes in sets) if len(sets) > 1 else (0, ()) if sets else None
        return () if best is None else tuple(self.groups[cause].cause for cause in sets[best[0]])

    def every(self, limit: int) -> Iterator[Reason]:
        """Up to `limit` reasons of as few answers, each with as few rules as it has, in catalog order."""
        left = limit
        for causes in self._sets(limit):
            for used in self._by_rules(causes).smallest(left):
                yield self._reason(causes, used)
                left -= 1
            if left <= 0:
                return

    def _sets(self, limit: int) -> list[tuple[int, ...]]:
        if self._answers is None:
            sat, base = self.space.binding
            softs = Softs([group.literals for group in self.groups])
            self._answers = Reasons(sat, [*base, *self.end], softs, self._corrections(softs))
        return self._answers.smallest(limit)

    def _corrections(self, softs: Softs) -> Iterator[frozenset[int]]:
        """What models that are known already give up to reach the end."""
        known = self.space.machine.known(self.space.waived)
        for broken in known.broken(assume(softs.all), assume(self.end), _CLOSE):
            yield softs.broken(members(broken))

    def _said(self, causes: Sequence[int]) -> list[int]:
        return list(chain.from_iterable(self.groups[cause].literals for cause in causes))

    def _by_rules(self, causes: Sequence[int]) -> Reasons:
        return self.space.machine.by_rules(self.space.waived, (*self._said(causes), *self.end))

    def _reason(self, causes: tuple[int, ...], used: Sequence[int]) -> Reason:
        space = self.space
        rules = space.machine.rules(space.waived)
        indexes = [rules[number] for number in used]
        end = -self.end[0] if len(self.end) == 1 else None
        return Reason(
            self.option, self.state, tuple(self.groups[cause].cause for cause in causes),
            tuple(space.encoded.ref(rule, space.kind_names) for rule in indexes),
            space.machine.chains.links(self._said(causes), indexes, end, space.kind_names),
        )
