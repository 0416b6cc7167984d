"""Small changes to answers: choose an option, take a choice back. Frozen answers in, new answers out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from catalog.catalog import Catalog
from catalog.reasons import Option
from wizard.answers import Answers, Said


def choose(
    answers: Answers, catalog: Catalog, option: Option, kinds: Mapping[str, tuple[str, ...]], origin: str
) -> Answers:
    """The answers with an option chosen: added for a `several` decision, instead of what was there otherwise.

    A choice for one kind of cluster goes to its clusters when there are several kinds."""
    several = catalog.decisions[option.decision].many == "several"

    def said(before: Said[tuple[str, ...]] | None) -> Said[tuple[str, ...]]:
        old = before.value if several and before is not None else ()
        return Said(tuple(dict.fromkeys((*old, option.component))), origin)

    if option.kind is None or len(kinds) <= 1:
        return replace(answers, choices={**answers.choices, option.decision: said(answers.choices.get(option.decision))})
    clusters = tuple(
        replace(entry, choices={**entry.choices, option.decision: said(
            entry.choices.get(option.decision) or answers.choices.get(option.decision))})
        if entry.cluster.name in kinds[option.kind] else entry
        for entry in answers.clusters
    )
    return replace(answers, clusters=clusters)
