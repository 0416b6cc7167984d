"""A component with faults, made whole enough to look further: so that a typo does not hide what else is wrong.

What a model complained of is replaced by something that says nothing, at the same place, so that the lines of all the
rest stay right. The result is cross-checked and thrown away; a catalog with faults is never handed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from catalog.components import Component
from catalog.rules import PRIORITIES

_SAYING = {"source": "https://example.com/", "checked": "2000-01-01"}
_NOTHING: Mapping[str, Any] = {
    "title": "nothing", "summary": "nothing", "homepage": "https://example.com/",
    "documentation": "https://example.com/", "checked": "2000-01-01", "support": "known", "roles": {},
    "clouds-because": "nothing", "licence": {"spdx": "NONE", **_SAYING},
    "maturity": {"governed-by": "nobody", **_SAYING}, "lifecycle": _SAYING, "good-at": ["nothing"],
    "bad-at": ["nothing"], "undo": {"how": "reversible", "because": "nothing"},
}
"""What stands in for a field that cannot be read and cannot be left out."""

_TRIES = 4


def salvage(fields: Mapping[str, Any], error: ValidationError) -> Component | None:
    """The component without what `error` complains of; None when too little is left of it."""
    left = {"clouds-because": "nothing", **fields}
    for _ in range(_TRIES):
        for complaint in error.errors(include_url=False, include_input=False, include_context=False):
            _drop(left, complaint["loc"])
        try:
            return Component.model_validate(left)
        except ValidationError as more:
            error = more
    return None


def _drop(left: dict[str, Any], where: Sequence[str | int]) -> None:
    if not where:
        # A promise of the whole file that is not kept: ratings, steps or an installation are missing.
        left["support"] = "known"
        return
    top, *rest = where
    value = left.get(str(top))
    if top == "rules" and rest and isinstance(value, list) and isinstance(rest[0], int):
        at = rest[0]
        left["rules"] = [{"id": f"rule-{at}", "warns": [], "because": "nothing", **_SAYING} if n == at else rule
                         for n, rule in enumerate(value)]
    elif top in ("roles", "ratings") and rest and isinstance(value, dict) and (top != "ratings" or rest[0] not in PRIORITIES):
        left[str(top)] = {key: entry for key, entry in value.items() if key != rest[0]}
    elif top in _NOTHING:
        left[str(top)] = _NOTHING[str(top)]
    else:
        left.pop(str(top), None)
