"""Answers after a repair: each change put where its cause was said. Frozen answers in, new answers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.reasons import Change, Repair
from catalog.settings import NUMERIC
from catalog.workloads import Cluster
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.kinds import IMPLICIT

T = TypeVar("T")
S = TypeVar("S", Answers, ClusterAnswers)

_FIELDS = {"choice": "choices", "reject": "rejects", "setting": "settings"}
"""Kind of cause to where it is said, in the answers and in those of a cluster."""

Clusters = Mapping[str, tuple[str, ...]]
"""Kind of cluster to its clusters."""


class Unchangeable(Exception):
    """A change that only a person can make: facts that follow from clusters and workloads."""

    def __init__(self, change: Change) -> None:
        self.change = change
        super().__init__(f"{change.cause.subject} follows from the clusters and workloads; change those by hand")


def applied(answers: Answers, catalog: Catalog, repair: Repair, kinds: Clusters, origin: str) -> Answers:
    """The answers with every change of a repair made; origin says who says so now.

    Raises Unchangeable for a change of a named fact, which is computed."""
    for change in repair.changes:
        answers = _Applying(answers, catalog, kinds, origin).change(change)
    return answers


class _Applying:
    def __init__(self, answers: Answers, catalog: Catalog, kinds: Clusters, origin: str) -> None:
        self.answers = answers
        self.catalog = catalog
        self.kinds = kinds
        self.origin = origin

    def change(self, change: Change) -> Answers:
        cause, to, answers = change.cause, change.to, self.answers
        if cause.kind == "context":
            return replace(answers, context=_set(answers.context, cause.subject, self._said((to,) if to else None)))
        if cause.kind == "version":
            return replace(answers, versions=_set(answers.versions, cause.subject, self._said(to)))
        if cause.kind == "cluster":
            after = self._in_clusters(answers, cause.kind_of_cluster, lambda entry: _fact(entry, cause.subject, to))
            return after if to is not None else self._context_apart(after, change)
        if cause.kind in ("choice", "reject", "setting"):
            if cause.kind_of_cluster is not None:
                after = self._in_clusters(answers, cause.kind_of_cluster, lambda entry: self._said_of(entry, change))
                return self._apart(after, change)
            return self._said_of(answers, change)
        raise Unchangeable(change)

    # Where a cluster says nothing of its own any more, what was said for all clusters would come back. It is said for
    # each of the others instead.

    def _apart(self, answers: Answers, change: Change) -> Answers:
        """Answers in which an override that is gone leaves the decision or setting open in its clusters."""
        about, subject = _FIELDS[change.cause.kind], change.cause.subject
        named = self.kinds.get(change.cause.kind_of_cluster or "", ())
        general = getattr(answers, about).get(subject)
        bare = [entry for entry in answers.clusters if subject not in getattr(entry, about)]
        if general is None or not any(entry.cluster.name in named for entry in bare):
            return answers
        changed: dict[str, Any] = {about: _set(getattr(answers, about), subject, None)}

        def told(entry: ClusterAnswers) -> ClusterAnswers:
            own: dict[str, Any] = {about: _set(getattr(entry, about), subject, general)}
            return replace(entry, **own) if entry in bare and entry.cluster.name not in named else entry

        return replace(answers, clusters=tuple(told(entry) for entry in answers.clusters), **changed)

    def _context_apart(self, answers: Answers, change: Change) -> Answers:
        subject = change.cause.subject
        general = answers.context.get(subject)
        if general is None:
            return answers
        named = self.kinds.get(change.cause.kind_of_cluster or "", ())
        clusters = tuple(
            entry if entry.cluster.name in named or subject in entry.cluster.model_fields_set
            else _fact(entry, subject, general.value[0]) for entry in answers.clusters
        )
        return replace(answers, clusters=clusters, context=_set(answers.context, subject, None))

    def _said(self, value: T | None) -> Said[T] | None:
        return None if value is None else Said(value, self.origin)

    def _in_clusters(
        self, answers: Answers, kind: str | None, made: Callable[[ClusterAnswers], ClusterAnswers]
    ) -> Answers:
        named = self.kinds.get(kind or "", ())
        entries = answers.clusters or (ClusterAnswers(Cluster(name=IMPLICIT)),)
        return replace(answers, clusters=tuple(
            made(entry) if entry.cluster.name in named else entry for entry in entries
        ))

    def _said_of(self, answers: S, change: Change) -> S:
        """A choice, rejection or setting, in the answers or in those of one cluster."""
        cause, to = change.cause, change.to
        if cause.kind == "setting":
            value = None if to is None else _scalar(to, self.catalog.settings[cause.subject].type)
            return replace(answers, settings=_set(answers.settings, cause.subject, self._said(value)))
        listed = cause.kind == "reject" or self.catalog.decisions[cause.subject].many == "several"
        if cause.kind == "choice":
            said = self._options(answers.choices.get(cause.subject), cause.value, to, listed)
            return replace(answers, choices=_set(answers.choices, cause.subject, said))
        said = self._options(answers.rejects.get(cause.subject), cause.value, to, listed)
        return replace(answers, rejects=_set(answers.rejects, cause.subject, said))

    def _options(
        self, before: Said[tuple[str, ...]] | None, old: str, new: str | None, listed: bool
    ) -> Said[tuple[str, ...]] | None:
        """A list without what was dropped and with what is new; one value where there can be only one."""
        kept = tuple(name for name in before.value if name != old) if before is not None and listed else ()
        if new is not None and new not in kept:
            kept = (*kept, new)
        return Said(kept, self.origin) if kept else None


def _set(values: Mapping[str, T], key: str, value: T | None) -> dict[str, T]:
    kept = {name: entry for name, entry in values.items() if name != key or value is not None}
    if value is not None:
        kept[key] = value
    return kept


def _fact(entry: ClusterAnswers, question: str, to: str | None) -> ClusterAnswers:
    """A cluster with one of its own facts (cloud, environment, private) changed or left open."""
    said = entry.cluster.model_dump(exclude_unset=True)
    said.pop(question, None)
    if to is not None:
        said[question] = to if to not in ("yes", "no") else to == "yes"
    return replace(entry, cluster=Cluster.model_validate(said))


def _scalar(text: str, type_: str) -> Scalar:
    if type_ == "boolean":
        return text == "true"
    return int(text) if type_ in NUMERIC and text.lstrip("-").isdigit() else text
