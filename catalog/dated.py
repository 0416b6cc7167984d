"""Every dated fact of a catalog, and when it expires. Owns the ages; what is wrong with them is said by `lint`.

A fact is anything that carries a source and a day. Versions and support dates go stale in a quarter, everything else
in a year. What had already happened when it was read is history, and history goes stale no faster than the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import BaseModel

from catalog.catalog import Catalog
from catalog.components import ChartInstall, Component
from catalog.layers import Layer
from catalog.lifecycle import Extra, Licence, LicenceChange, Lifecycle, LifecycleEvent, Maturity, Release, ServiceLevel
from catalog.model import Sourced, kebab
from catalog.reading import Where
from catalog.rules import Rule

FactKind = Literal["version", "support", "other"]
"""version: releases, charts and what comes along with them. support: lifecycles that are still open. other: everything else."""

EXPIRY: dict[FactKind, int] = {"version": 90, "support": 90, "other": 365}
"""Days after which a fact has to be read again."""
UNVERIFIED = 90
"""Days after which somebody has to look again for what nobody could confirm."""


@dataclass(frozen=True)
class DatedFact:
    """One fact: whose it is, where in the file it stands, what it says, where and when it was read."""

    subject: str
    """`component:<id>` or `layer:<id>`."""
    where: Where
    kind: FactKind
    what: str
    source: str
    checked: date
    unverified: str = ""
    """Why nobody could confirm it; empty for what was read."""

    def age(self, on: date) -> int:
        """Days since it was read; negative when it was read later."""
        return (on - self.checked).days

    @property
    def expires(self) -> date:
        """The last day on which it is still fresh."""
        return self.checked + timedelta(days=self.lasts)

    @property
    def lasts(self) -> int:
        """Days for which it is fresh."""
        return min(EXPIRY[self.kind], UNVERIFIED) if self.unverified else EXPIRY[self.kind]

    def expired(self, on: date) -> bool:
        """Whether it has to be read again."""
        return on > self.expires


def facts_of(catalog: Catalog) -> Iterator[DatedFact]:
    """Every dated fact, in catalog order."""
    for layer in catalog.layers.values():
        yield from facts_of_layer(layer)
    for component in catalog.components.values():
        yield from facts_of_component(component, catalog.as_of)


def facts_of_layer(layer: Layer) -> Iterator[DatedFact]:
    """The facts of one layer: its rules and those of its absences."""
    for where, entry in _sourced(layer, ()):
        yield DatedFact(f"layer:{layer.id}", where, "other", _what(where, entry), entry.source, entry.checked,
                        entry.unverified or "")


def facts_of_component(component: Component, as_of: date) -> Iterator[DatedFact]:
    """The facts of one component as it stands on `as_of`; what names no source of its own stands on the page it was read at."""
    subject = f"component:{component.id}"
    yield DatedFact(subject, ("checked",), "other", "description, ratings, flows", component.read_at, component.checked,
                    component.unverified or "")
    if component.clouds_source is not None and component.clouds_checked is not None:
        yield DatedFact(subject, ("clouds-source",), "other", "where it can be had", component.clouds_source,
                        component.clouds_checked)
    for where, entry in _sourced(component, ()):
        if isinstance(entry, Rule) and entry.id.startswith("forbidden."):
            continue  # a company's own word, not a fact about the world
        yield DatedFact(subject, where, _kind(component, entry, as_of), _what(where, entry), entry.source, entry.checked,
                        entry.unverified or "")
    for where, rating in _ratings(component):
        if rating.source is not None and rating.checked is not None:
            yield DatedFact(subject, where, "other", f"rating {where[-1]}", rating.source, rating.checked)


def _ratings(component: Component) -> Iterator[tuple[Where, Any]]:
    for priority, rating in component.ratings.items():
        yield ("ratings", priority), rating
    for role_id, role in component.roles.items():
        for priority, rating in role.ratings.items():
            yield ("roles", role_id, "ratings", priority), rating


def _sourced(value: Any, where: Where) -> Iterator[tuple[Where, Sourced]]:
    if isinstance(value, Sourced):
        yield where, value
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _sourced(getattr(value, name), (*where, info.alias or kebab(name)))
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from _sourced(item, (*where, at))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _sourced(item, (*where, key))


def _kind(component: Component, entry: Sourced, as_of: date) -> FactKind:
    if isinstance(entry, Release | ChartInstall | Extra):
        # Nothing new comes from what has ended: its last version is history.
        return "version" if component.status(as_of) == "active" else "other"
    if isinstance(entry, LifecycleEvent | LicenceChange):
        return "support" if entry.on > entry.checked else "other"
    if isinstance(entry, Lifecycle):
        # A pattern is nobody's product: there is no maker who could end it.
        return "support" if entry.status(as_of) == "active" and not component.pattern else "other"
    return "other"


def _what(where: Where, entry: Sourced) -> str:
    match entry:
        case Rule():
            return f"rule {entry.id}"
        case Release():
            return f"release {entry.version}"
        case ChartInstall():
            return f"chart {entry.chart} {entry.version}"
        case LifecycleEvent():
            return f"{entry.becomes} from {entry.on.isoformat()}"
        case LicenceChange():
            return f"licence {entry.to} from {entry.on.isoformat()}"
        case Extra():
            return f"{where[-1]} {entry.version}"
        case Licence():
            return f"licence {entry.spdx}"
        case Maturity():
            return f"maturity {entry.cncf or entry.governed_by}"
        case Lifecycle():
            return "lifecycle"
        case ServiceLevel():
            return f"service level {entry.percent}"
        case _:
            return ".".join(str(part) for part in where)
