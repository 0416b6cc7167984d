"""Designs as plain data for `--json`; reasons and conflicts have their form in `catalog/words_json.py`."""

from __future__ import annotations

from typing import Any

from catalog.design import Design
from catalog.words import Words


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
        "warnings": [words.warning(warning) for warning in design.warnings],
        "placeholders": list(design.placeholders),
    }
