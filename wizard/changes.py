"""Every change that a session can make, each with the name that its history shows. Answers in, answers out.

Names nothing about screens, solves nothing. A change says `wizard` as the origin of what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.design import Waiver
from catalog.reasons import Option, Repair
from catalog.rules import Priority
from catalog.words import Words, listed
from catalog.workloads import Cluster
from wizard import answers_change
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.kinds import IMPLICIT
from wizard.solver import Resolution, Space
from wizard.solver.changing import Unchangeable

ORIGIN = "wizard"

T = TypeVar("T")


class SaidForAll(Unchangeable):
    """What one of several kinds of clusters cannot take back, as it was said for all of them."""

    def __init__(self, told: str) -> None:
        Exception.__init__(self, told)


class Change(NamedTuple):
    """What a person did, in words and as a function of the answers before."""

    name: str
    make: Callable[[Answers], Answers]


def clusters_of(space: Space) -> Mapping[str, tuple[str, ...]]:
    """Kind of cluster to its clusters."""
    return {kind.name: kind.clusters for kind in space.kinds}


def choose(words: Words, option: Option, space: Space) -> Change:
    """Choose an option; for a `several` decision beside what is chosen. A rejection of it is taken back."""
    catalog, kinds = space.catalog, clusters_of(space)

    def make(answers: Answers) -> Answers:
        freed = _rejected(answers, option, kinds, add=False)
        return answers_change.choose(freed, catalog, option, kinds, ORIGIN)

    return Change(f"Choose {words.option(option)}", make)


def drop(words: Words, option: Option, space: Space) -> Change:
    """Take a choice back, where it was said: in clusters of its own, else for all. `make` raises SaidForAll for one of
    several kinds of clusters where it was said for all."""
    kinds = clusters_of(space)

    def without(values: Mapping[str, Said[tuple[str, ...]]]) -> dict[str, Said[tuple[str, ...]]]:
        said = values.get(option.decision)
        kept = tuple(name for name in said.value if name != option.component) if said else ()
        return _set(values, option.decision, Said(kept, ORIGIN) if kept else None)

    def make(answers: Answers) -> Answers:
        named = kinds.get(option.kind or "", ())
        own = [entry for entry in answers.clusters if entry.cluster.name in named and option.decision in entry.choices]
        if option.kind is not None and own:
            return replace(answers, clusters=tuple(
                replace(entry, choices=without(entry.choices)) if entry in own else entry for entry in answers.clusters))
        if option.kind is not None and len(kinds) > 1:
            raise SaidForAll(f"{words.component(option.component, option.decision)} was chosen for all clusters: look at all "
                               f"of them to take it back, or choose something else for {listed(named)}")
        return replace(answers, choices=without(answers.choices))

    return Change(f"Take back {words.option(option)}", make)


def reject(words: Words, option: Option, space: Space, *, add: bool = True) -> Change:
    """Say no to an option, or allow it again."""
    kinds = clusters_of(space)
    verb = "Reject" if add else "Allow again"
    return Change(f"{verb} {words.option(option)}", lambda answers: _rejected(answers, option, kinds, add=add))


def _rejected(answers: Answers, option: Option, kinds: Mapping[str, tuple[str, ...]], *, add: bool) -> Answers:
    def changed(values: Mapping[str, Said[tuple[str, ...]]]) -> dict[str, Said[tuple[str, ...]]]:
        old = values[option.decision].value if option.decision in values else ()
        kept = tuple(name for name in old if name != option.component)
        if kept == old and not add:
            return dict(values)
        new = (*kept, option.component) if add else kept
        return _set(values, option.decision, Said(new, ORIGIN) if new else None)

    if option.kind is None or len(kinds) <= 1:
        return replace(answers, rejects=changed(answers.rejects))
    named = kinds[option.kind]
    return replace(answers, clusters=tuple(
        replace(entry, rejects=changed(entry.rejects)) if entry.cluster.name in named else entry
        for entry in answers.clusters))


def answer(words: Words, question: str, values: Sequence[str], kind: str | None, space: Space) -> Change:
    """Answer a context question (with nothing: leave it open); facts of clusters go to the clusters of the kind."""
    found = space.catalog.questions[question]
    told = ", ".join(words.value(question, value) for value in values)
    name = f"Answer “{told}” to “{found.title}”" if values else f"Leave “{found.title}” open"
    named = clusters_of(space).get(kind or "")

    def make(answers: Answers) -> Answers:
        if found.scope == "design":
            return replace(answers, context=_set(
                answers.context, question, Said(tuple(values), ORIGIN) if values else None))
        entries = answers.clusters or (ClusterAnswers(Cluster(name=IMPLICIT)),)
        return replace(answers, clusters=tuple(
            _fact(entry, question, values[0] if values else None)
            if named is None or entry.cluster.name in named else entry for entry in entries))

    return Change(name, make)


def _fact(entry: ClusterAnswers, question: str, value: str | None) -> ClusterAnswers:
    said = entry.cluster.model_dump(exclude_unset=True)
    said.pop(question, None)
    if value is not None:
        said[question] = value == "yes" if value in ("yes", "no") else value
    return replace(entry, cluster=Cluster.model_validate(said), origin=ORIGIN)


def put(catalog: Catalog, setting: str, value: Scalar | None, kind: str | None, space: Space) -> Change:
    """Set a setting, or leave it at its default (None). Raises ValueError for a value that it does not take."""
    found = catalog.settings[setting]
    if value is not None:
        found.check(value)
    name = f"Set {found.title} to {value}" if value is not None else f"Leave {found.title} at its default"
    kinds = clusters_of(space)
    said = Said(value, ORIGIN) if value is not None else None

    def make(answers: Answers) -> Answers:
        scoped = catalog.decisions[catalog.setting_decision[setting]].scope == "cluster"
        if kind is None or not scoped or len(kinds) <= 1:
            return replace(answers, settings=_set(answers.settings, setting, said))
        return replace(answers, clusters=tuple(
            replace(entry, settings=_set(entry.settings, setting, said)) if entry.cluster.name in kinds[kind] else entry
            for entry in answers.clusters))

    return Change(name, make)


def prioritise(order: Sequence[Priority]) -> Change:
    """Put the priorities into an order; the rest follow in the catalog's."""
    said: Said[tuple[Priority, ...]] = Said(tuple(order), ORIGIN if order else "")
    name = f"Prefer {', '.join(order)}" if order else "Have no priorities of your own"
    return Change(name, lambda answers: replace(answers, priorities=said))


def rename(name: str) -> Change:
    """Name the design."""
    return Change(f"Name the design {name}", lambda answers: replace(answers, name=name))


def pin(title: str, subject: str, *, on: bool) -> Change:
    """Let no way out touch an answer, or let them again."""
    return Change(f"{'Pin' if on else 'Unpin'} {title}", lambda answers: replace(
        answers, pinned=_set(answers.pinned, subject, Said(None, ORIGIN) if on else None)))


def mend(words: Words, repair: Repair, space: Space, wanted: Option | None = None) -> Change:
    """Apply a way out, and choose what was wanted. `make` raises Unchangeable where only a person can."""

    def make(answers: Answers) -> Answers:
        made = space.applied(repair, ORIGIN)
        if wanted is None:
            return made
        return answers_change.choose(
            _rejected(made, wanted, clusters_of(space), add=False), space.catalog, wanted, clusters_of(space), ORIGIN)

    return Change(words.repair(repair).rstrip("."), make)


def complete_rest(space: Space, made: Resolution) -> Change:
    """Choose what is recommended for every decision that is still open."""
    return _taken("Complete the rest as recommended", space, made)


def take(name: str, space: Space, own: Resolution, other: Resolution) -> Change:
    """Choose what another design has otherwise than our own."""
    return _taken(name, space, replace(other, choices=tuple(
        choice for choice in other.choices if choice.chosen != own.chosen(choice.decision, choice.kind))))


def _taken(name: str, space: Space, made: Resolution) -> Change:

    def make(answers: Answers) -> Answers:
        kinds = clusters_of(space)
        found: dict[str, list[tuple[str | None, tuple[str, ...]]]] = {}
        for choice in made.choices:
            if choice.origin == "recommended" and choice.asked:
                found.setdefault(choice.decision, []).append((choice.kind, choice.chosen))
        for decision, entries in found.items():
            alike = len({chosen for _, chosen in entries}) == 1 and entries[0][0] is not None
            whole = alike and len(entries) == len(kinds)
            for kind, chosen in entries[:1] if whole else entries:
                for component in chosen:
                    option = Option(decision, component, None if whole else kind)
                    answers = answers_change.choose(answers, space.catalog, option, kinds, ORIGIN)
        return answers

    return Change(name, make)


def fix_version(words: Words, component: str, version: str | None) -> Change:
    """Use one release of a component, or any again (None)."""
    name = f"Fix {words.component(component)} at {version}" if version else f"Let {words.component(component)} have any release"
    said = Said(version, ORIGIN) if version else None
    return Change(name, lambda answers: replace(answers, versions=_set(answers.versions, component, said)))


def waive(waiver: Waiver) -> Change:
    """Accept the risk of a rule."""
    return Change(f"Accept the risk of {waiver.rule}", lambda answers: replace(
        answers, waivers=(*answers.waivers, Said(waiver, ORIGIN))))


def replaced(name: str, answers: Answers) -> Change:
    """Answers edited as text, or taken from elsewhere."""
    return Change(name, lambda _: answers)


def _set(values: Mapping[str, T], key: str, value: T | None) -> dict[str, T]:
    kept = {name: entry for name, entry in values.items() if name != key or value is not None}
    if value is not None:
        kept[key] = value
    return kept
