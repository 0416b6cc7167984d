"""Rules that nobody writes because they follow from other data: where a component can run, and its lifecycle.

Worded as rule-like data here; whether they apply is encoded by the solver. Ids are `clouds:<component>` and
`status:<component>`, which no written rule can have (a slug has no colon).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from catalog.catalog import Catalog
from catalog.lifecycle import Status

CLOUDS = "clouds:"
STATUS = "status:"

BECOMES: dict[Status, str] = {
    "active": "is kept up", "deprecated": "is deprecated", "unsupported": "gets no fixes any more",
    "archived": "is archived", "unobtainable": "cannot be had any more",
}


class ImplicitRule(NamedTuple):
    """What a written rule would say."""

    id: str
    because: str
    source: str
    checked: date
    waivable: bool


def rule(catalog: Catalog, id_: str) -> ImplicitRule | None:
    """The implicit rule with that id; None when there is none."""
    prefix, _, name = id_.partition(":")
    component = catalog.components.get(name)
    if component is None:
        return None
    if f"{prefix}:" == CLOUDS and component.clouds and component.clouds_because:
        return ImplicitRule(id_, component.clouds_because, component.documentation, component.checked, False)
    if f"{prefix}:" == STATUS:
        past = [event for event in sorted(component.lifecycle.events, key=lambda event: event.on)
                if event.on <= catalog.as_of]
        if past:
            event = past[-1]
            because = f"{component.title} {BECOMES[event.becomes]} since {event.on.isoformat()}: {event.note}"
            waivable = event.becomes in ("unsupported", "archived")
            return ImplicitRule(id_, because, event.source, event.checked, waivable)
    return None
