"""Kinds of clusters: clusters with the same facts and overrides share one copy of every cluster-scoped variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.facts import FactValue, Surroundings, evaluate
from catalog.workloads import Cluster
from wizard.answers import Answers, ClusterAnswers, Said

IMPLICIT = "main"
"""Name of the cluster that a design has when none was named."""


@dataclass(frozen=True)
class KindAnswers:
    """One kind: its clusters and everything that was said about them (design-wide choices included)."""

    name: str
    clusters: tuple[str, ...]
    context: Mapping[str, Said[tuple[str, ...]]]
    facts: Mapping[str, FactValue]
    """Named cluster facts; None where the answers do not say."""
    choices: Mapping[str, Said[tuple[str, ...]]]
    rejects: Mapping[str, Said[tuple[str, ...]]]
    settings: Mapping[str, Said[Scalar]]


def kinds(answers: Answers, catalog: Catalog) -> tuple[KindAnswers, ...]:
    """Group the clusters; a kind is named after its first cluster, and kinds stand in the order of those. A cluster that is
    looked at alone has nobody beside it."""
    entries = answers.clusters or (ClusterAnswers(Cluster(name=IMPLICIT)),)
    surroundings = Surroundings(
        clusters=tuple(entry.cluster for entry in entries),
        workloads=tuple(said.value for said in answers.workloads),
        externals=tuple(said.value for said in answers.externals),
    )
    groups: dict[object, list[ClusterAnswers]] = {}
    built: dict[object, KindAnswers] = {}
    scoped = {decision.id for decision in catalog.decisions.values() if decision.scope == "cluster"}
    for entry in entries:
        context = _context(entry, catalog)
        facts = evaluate(surroundings, entry.cluster)
        choices = {key: said for key, said in answers.choices.items() if key in scoped} | dict(entry.choices)
        rejects = {key: said for key, said in answers.rejects.items() if key in scoped} | dict(entry.rejects)
        settings = {
            key: said for key, said in answers.settings.items() if catalog.setting_decision.get(key) in scoped
        } | dict(entry.settings)
        key = (
            _values(context), tuple(sorted(facts.items(), key=lambda item: item[0])),
            _values(choices), _values(rejects), _values(settings), entry.cluster.name == answers.apart,
        )
        groups.setdefault(key, []).append(entry)
        built.setdefault(
            key, KindAnswers(entry.cluster.name, (), context, facts, choices, rejects, settings)
        )
    return tuple(
        KindAnswers(kind.name, tuple(entry.cluster.name for entry in groups[key]), kind.context, kind.facts,
                    kind.choices, kind.rejects, kind.settings)
        for key, kind in built.items()
    )


def _values(said: Mapping[str, Said[tuple[str, ...]]] | Mapping[str, Said[Scalar]]) -> tuple[tuple[str, object], ...]:
    return tuple((key, said[key].value) for key in sorted(said))


def _context(entry: ClusterAnswers, catalog: Catalog) -> dict[str, Said[tuple[str, ...]]]:
    """Facts of a cluster that answer cluster-scoped questions; a field named like the question."""
    found: dict[str, Said[tuple[str, ...]]] = {}
    stated = entry.cluster.model_fields_set
    for question in catalog.questions.values():
        if question.scope != "cluster" or question.id not in stated:
            continue
        raw = getattr(entry.cluster, question.id)
        if raw is not None:
            value = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw)
            found[question.id] = Said((value,), entry.origin)
    return found
