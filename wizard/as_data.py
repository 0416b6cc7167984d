"""Designs as plain data for `--json`; reasons and conflicts have their form in `catalog/words_json.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.availability import paths_of
from catalog.bill import one_way_doors
from catalog.design import Design
from catalog.words import Words
from catalog.words_path import target_of, verdict


def design_data(design: Design, words: Words) -> dict[str, Any]:
    """A design: everything resolved, without the catalog it was resolved from."""
    return {
        "name": design.name,
        "catalog": design.catalog.revision,
        "priorities": list(design.priorities),
        "context": {name: {"value": value.value, "origin": value.origin} for name, value in design.context.items()},
        "clusters": [
            {"name": kind.name, "clusters": list(kind.clusters),
             "context": {name: {"value": value.value, "origin": value.origin} for name, value in kind.context.items()},
             "settings": {name: {"value": value.value, "origin": value.origin} for name, value in kind.settings.items()}}
            for kind in design.kinds
        ],
        "decisions": [
            {"decision": entry.decision, "cluster": entry.kind, "chosen": list(entry.chosen), "origin": entry.origin,
             "why": [words.margin(entry.decision, name, margin) for name, margin in entry.margins]
             or ([words.line(entry.reason)] if entry.reason is not None else [])}
            for entry in design.decisions if entry.asked
        ],
        "settings": {name: {"value": value.value, "origin": value.origin} for name, value in design.settings.items()},
        "releases": dict(design.releases),
        "availability": list(_availability(design, words)),
        "one-way": [{"decision": door.decision, "component": door.component, "how": door.how, "because": door.because,
                     "clusters": list(door.kinds)} for door in one_way_doors(design)],
        "warnings": [words.warning(warning) for warning in design.warnings],
        "placeholders": list(design.placeholders),
    }


def _availability(design: Design, words: Words) -> Iterator[dict[str, Any]]:
    target = target_of(design)
    for path in paths_of(design):
        found = verdict(design, words, path, target) if target else None
        yield {
            "clusters": list(path.clusters), "percent": path.percent, "places": list(path.places),
            "together": path.together or None, "target": target or None, "met": found.met if found else None,
            "breaks": (found.breaks or None) if found else None, "mends": (found.mends or None) if found else None,
            "links": [{"component": link.component, "title": link.title, "percent": link.percent, "scope": link.scope,
                       "sources": list(link.sources)} for link in path.links],
        }
