"""Errands: what a window asks for and no key may wait for. Run where the thinking is done, with the engine that is there.

An errand is a value that says what to find out about the answers of now. What it finds is told as soon as it is found, the
most important first, each time with all that was told before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from catalog.reasons import Option, Reason, Repair
from catalog.words import Words
from wizard import changes
from wizard.answers import Answers
from wizard.solver import Space, Target


class Told(Protocol):
    """What was found out so far."""

    @property
    def done(self) -> bool:
        """Whether that is all."""


class Errand(Protocol):
    """See the module."""

    def run(self, space: Space) -> Iterator[Told]:
        """Find it out."""


class Sent(NamedTuple):
    """An errand on its way; the newest has the highest number."""

    number: int
    errand: Errand


@dataclass(frozen=True)
class WaysOut:
    """Why something is ruled out, and the changes that would let it stand."""

    reasons: tuple[Reason, ...]
    repairs: tuple[Repair, ...]
    effects: tuple[tuple[str, ...], ...] = ()
    """What else each of them would change, in lines."""
    waivable: tuple[str, ...] = ()
    """Rules whose risk could be accepted instead."""
    done: bool = False


@dataclass(frozen=True)
class FindWaysOut:
    """Ways out of what rules a target out; with `wanted`, what else each would change, and which risks would do."""

    target: Target
    wanted: Option | None = None

    def run(self, space: Space) -> Iterator[WaysOut]:
        """Reason and ways first, then what follows from them."""
        found = WaysOut(space.why(self.target), space.repairs(self.target), done=self.wanted is None)
        yield found
        if self.wanted is not None:
            from wizard.risks import waivable

            words = _words(space)
            yield replace(
                found, done=True, effects=tuple(_effects(space, repair, self.wanted, words) for repair in found.repairs),
                waivable=tuple(waivable(space.engine, space, words, found.reasons[0], self.wanted) if found.reasons else ()))


def _effects(space: Space, repair: Repair, wanted: Option, words: Words, most: int = 4) -> tuple[str, ...]:
    from wizard.effects import effects
    from wizard.solver import Infeasible
    from wizard.solver.changing import Unchangeable

    try:
        return tuple(effects(space.engine, space, changes.mend(words, repair, space, wanted), words, most))
    except Unchangeable:
        return ("by hand: Enter goes to the clusters and workloads",)
    except Infeasible as error:
        return (str(error),)


@dataclass(frozen=True)
class Differs:
    """How two completed designs differ, in lines."""

    lines: tuple[str, ...]
    done: bool = True


@dataclass(frozen=True)
class FindDifferences:
    """How the completed design would differ under other answers."""

    after: Answers

    def run(self, space: Space) -> Iterator[Differs]:
        """All at once."""
        from wizard.effects import differences

        after = space.engine.space(self.after)
        yield Differs(tuple(differences(space.complete(), after.complete(), _words(space))))


def _words(space: Space) -> Words:
    return Words(space.catalog, {kind.name: kind.clusters for kind in space.kinds})
