"""How far everything that is offered can go under what was said: what holds, and what fails, in some design.

All open places are judged together; each answered one by itself, without its own answer. What models of earlier
questions show comes first, then what models close to them show, and the solver is asked for the rest: it is exact
whichever way something is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from wizard.solver.assumptions import Place
from wizard.solver.engine import Machine
from wizard.solver.known import Assumed, Reach, members
from wizard.solver.states import reachable
from wizard.solver.told import Told

_CLOSE = 2
"""Answers that a model of an earlier question may miss to be turned into one of the present answers."""

_TRIES = 3
"""Models that could not be turned after which others are not tried: what was said last asks for more than that."""

_MISSES = 2
"""Options of one place that may be looked for in vain beside a model, before the solver is asked for the rest."""


class Judging:
    """See the module; everything is found once and kept."""

    def __init__(self, machine: Machine, waived: frozenset[str], told: Told) -> None:
        self.machine = machine
        self.waived = waived
        self.told = told
        self._known = machine.known(waived)
        self._reached: dict[Place, tuple[bytes, bytes]] = {}

    def reached(self, places: Sequence[Place]) -> Mapping[Place, tuple[bytes, bytes]]:
        """By place: for each variable whether it holds, and whether it fails, in some model that fits the place."""
        missing = [place for place in places if place not in self._reached]
        if missing:
            self._judge(missing)
        return self._reached

    @cached_property
    def values(self) -> bytes:
        """Some model of the answers by literal; empty where there is none. Only what holds for every model may be
        concluded from it."""
        model = self._known.one(self.told.assumed())
        if model is None:
            sat, base = self.machine.binding(self.waived)
            if not sat.solve([*base, *self.told.literals()]):
                return b""
            model = self._known.keep(sat.model()).holds
        return self._known.values(model)

    def _judge(self, places: Sequence[Place]) -> None:
        known, told = self._known, self.told
        answers = told.assumed()
        without = {place: told.assumed(place) for place in places if place in told.places}
        shown = known.shown(answers, {
            place: answers.held & ~rest.held | answers.failed & ~rest.failed for place, rest in without.items()
        }, _CLOSE)
        everywhere = shown.everywhere
        holds = fails = 0
        opened = [place for place in places if place not in without]
        if opened:
            wanted = self.machine.wanted(opened)
            closed = known.closed((None,), answers)
            if wanted & ~(everywhere.holds | closed.holds) or wanted & ~(everywhere.fails | closed.fails):
                everywhere = self._turned(wanted, answers, everywhere, closed, shown.close)
                everywhere = self._solved(None, wanted, answers, everywhere, closed)
            holds, fails = everywhere.holds & wanted, everywhere.fails & wanted
        for place, rest in without.items():
            wanted = self.machine.wanted([place])
            closed = known.closed((place, None), rest)
            here = everywhere | shown.beside[place]
            if here.holds and wanted & ~(here.holds | closed.holds):
                here = self._beside(place, wanted & ~closed.holds, rest, here)
            if not here.holds or wanted & ~(here.holds | closed.holds) or wanted & ~(here.fails | closed.fails):
                here = self._solved(place, wanted, rest, here, closed)
            holds, fails = holds | here.holds & wanted, fails | here.fails & wanted
        # Each variable is offered in one place only.
        self._reached.update(dict.fromkeys(places, (known.flags(holds), known.flags(fails))))

    def _solved(self, place: Place | None, wanted: int, answers: Assumed, shown: Reach, closed: Reach) -> Reach:
        """What the solver finds out beside `shown`."""
        sat, base = self.machine.binding(self.waived)
        # Who asks only once is not made to pay for what pays off from the second question on.
        neighbours = self.machine.neighbours if shown.holds else None
        found = reachable(sat, [*base, *self.told.literals(place)], wanted, self._known, shown, closed, neighbours)
        self._known.close(place, answers, wanted, found)
        return found

    def _turned(
        self, wanted: int, answers: Assumed, shown: Reach, closed: Reach, close: Sequence[tuple[int, int]]
    ) -> Reach:
        """What models that miss an answer or two show with those turned to what was said."""
        if not close:
            return shown
        known, neighbours = self._known, self.machine.neighbours
        barred = neighbours.barred(self.told.literals())
        unseen, unfailed = wanted & ~(shown.holds | closed.holds), wanted & ~(shown.fails | closed.fails)

        def order(entry: tuple[int, int]) -> tuple[int, int]:
            model, missed = entry
            return missed.bit_count(), -(model & unseen | unfailed & ~model).bit_count()

        failures = 0
        for model, missed in sorted(close, key=order):
            if not (model & unseen | unfailed & ~model):
                continue
            turned = neighbours.turned(known.values(model), _said(missed, answers), barred)
            if turned is not None:
                here = known.found(turned)
                shown |= here
                unseen, unfailed = unseen & ~here.holds, unfailed & ~here.fails
            else:
                failures += 1
                if failures == _TRIES:
                    break
        return shown

    def _beside(self, place: Place, wanted: int, answers: Assumed, shown: Reach) -> Reach:
        """What models next to one of all answers show beside `shown` of an answered question or decision."""
        if not self.values:
            return shown
        neighbours = self.machine.neighbours
        barred = neighbours.barred(self.told.literals(place))
        failures = 0
        for option in members(wanted & ~shown.holds & ~answers.failed):
            turned = neighbours.turned(self.values, (option,), barred)
            if turned is not None:
                shown |= self._known.found(turned)
            else:
                failures += 1
                if failures == _MISSES:
                    break
        return shown


def _said(variables: int, answers: Assumed) -> Iterator[int]:
    """What was said of variables, as literals."""
    return (at if answers.held >> at & 1 else -at for at in members(variables))
