"""Errands: what a window asks for and no key may wait for. Run where the thinking is done, with the engine that is there.

An errand is a value that says what to find out about the answers of now. What it finds is told as soon as it is found, the
most important first, each time with all that was told before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from catalog.reasons import Margin, Option, Reason, Repair
from catalog.words import Words
from wizard import changes
from wizard.answers import Answers
from wizard.solver import Resolution, Space, Target
from wizard.solver.alternatives import Alternative


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
        return tuple(effects(space, changes.mend(words, repair, space, wanted).make(space.answers), words, most))
    except Unchangeable:
        return ("by hand: Enter goes to the clusters and workloads",)
    except Infeasible as error:
        return (str(error),)


@dataclass(frozen=True)
class Whys:
    """Why things stand as they do, and what choosing them would change."""

    reasons: Mapping[Target, tuple[Reason, ...]] = field(default_factory=dict)
    """Only of what is ruled out or follows."""
    repairs: tuple[Repair, ...] = ()
    effects: Mapping[Option, tuple[str, ...]] = field(default_factory=dict)
    """What else would change, in lines."""
    advantages: Mapping[Target, Margin] = field(default_factory=dict)
    """Why what was chosen would win beside the other answers, too."""
    done: bool = False


@dataclass(frozen=True)
class FindWhys:
    """The reasons of some targets, the ways out for one of them, and what else would change with the answers after
    choosing some."""

    targets: tuple[Target, ...]
    way: Target | None = None
    chosen: tuple[tuple[Option, Answers], ...] = ()

    def run(self, space: Space) -> Iterator[Whys]:
        """Reasons first."""
        from wizard.effects import effects

        found = Whys({target: reasons for target in self.targets if (reasons := space.why(target))})
        yield found
        words = _words(space)
        yield replace(
            found, done=True, repairs=space.repairs(self.way) if self.way is not None else (),
            advantages=dict(_advantages(space, self.targets)),
            effects={option: tuple(effects(space, after, words)) for option, after in self.chosen})


def _advantages(space: Space, targets: tuple[Target, ...]) -> Iterator[tuple[Target, Margin]]:
    if not space.stands:
        return
    made = space.complete()
    for target in targets:
        if isinstance(target, Option) and target.component in made.chosen(target.decision, target.kind) and any(
                choice.origin == "answered" for choice in made.choices
                if (choice.decision, choice.kind) == (target.decision, target.kind)):
            margin = space.advantage(target)
            if margin is not None:
                yield target, margin


@dataclass(frozen=True)
class Differs:
    """How two completed designs differ, in lines."""

    lines: tuple[str, ...] = ()
    stand: bool = True
    """Whether there are two designs to compare: neither answers are in conflict."""
    done: bool = True


@dataclass(frozen=True)
class FindDifferences:
    """How the completed design would differ under other answers; `before`: from that of others than those of now."""

    after: Answers
    before: Answers | None = None

    def run(self, space: Space) -> Iterator[Differs]:
        """All at once."""
        from wizard.effects import differences

        before = space if self.before is None else space.engine.space(self.before)
        after = space.engine.space(self.after)
        if before.stands and after.stands:
            yield Differs(tuple(differences(before.complete(), after.complete(), _words(after))))
        else:
            yield Differs(stand=False)


@dataclass(frozen=True)
class FindEffects:
    """What would change under other answers, in lines, at most so many."""

    after: Answers
    most: int

    def run(self, space: Space) -> Iterator[Differs]:
        """All at once."""
        from wizard.effects import effects

        yield Differs(tuple(effects(space, self.after, _words(space), self.most)))


@dataclass(frozen=True)
class Completed:
    """The completed design."""

    made: Resolution
    done: bool = True


@dataclass(frozen=True)
class FindCompletion:
    """What would be chosen for all that is open."""

    def run(self, space: Space) -> Iterator[Completed]:
        """All at once."""
        yield Completed(space.complete())


@dataclass(frozen=True)
class Others:
    """Designs beside the recommended one, and how each differs from it, in lines."""

    own: Resolution
    others: tuple[Alternative, ...]
    lines: tuple[tuple[str, ...], ...]
    done: bool = True


@dataclass(frozen=True)
class FindOthers:
    """Designs that are each the best for one priority, as many as that."""

    count: int

    def run(self, space: Space) -> Iterator[Others]:
        """All at once."""
        from wizard.effects import differences

        own, *others = space.alternatives(self.count)
        yield Others(own.resolution, tuple(others), tuple(
            tuple(differences(own.resolution, other.resolution, _words(space))) for other in others))


def _words(space: Space) -> Words:
    return Words(space.catalog, {kind.name: kind.clusters for kind in space.kinds})
