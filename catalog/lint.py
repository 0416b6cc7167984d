"""What has to be mended in a catalog that loads: facts that are too old, or read on days that are not yet.

A fact without a source or a day does not load at all. What can never be chosen and rules that never fire are found by
the engine (`wizard/solver/examine.py`); the verb puts both together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from catalog.catalog import Catalog
from catalog.dated import DatedFact, facts_of
from catalog.faults import Fault
from catalog.overlay import RawCatalog, RawEntry, gather
from catalog.phrases import listed
from catalog.reading import Where

_CAPITALS = re.compile(r"(?:WHAT|WHY|WHO|ONE PLAIN|IT IS)\b[A-Z ,]*\.?")
"""How the words begin that `catalog new` leaves to be replaced."""


class Places:
    """Where each fact of a catalog stands: file and line. Reads the files again, which is why it is made when asked."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.raw: RawCatalog = gather(folders)

    def place(self, subject: str, where: Where) -> tuple[str, int]:
        """File and line of a part of `component:<id>` or `layer:<id>`."""
        kind, _, id_ = subject.partition(":")
        entries: dict[str, RawEntry] = self.raw.components if kind == "component" else self.raw.layers
        entry = entries.get(id_)
        if entry is None:
            return subject, 0
        document, way = entry.place(where)
        return document.file, document.line(way)

    def of(self, fact: DatedFact) -> tuple[str, int]:
        """File and line of a fact."""
        return self.place(fact.subject, fact.where)


def overdue(catalog: Catalog, on: date) -> Iterator[DatedFact]:
    """Facts past their expiry on a day, in catalog order."""
    return (fact for fact in facts_of(catalog) if fact.expired(on))


def unverified(catalog: Catalog, places: Places) -> Iterator[Fault]:
    """Facts that nobody could confirm: one note a subject, with why where a single fact is meant."""
    alike: dict[str, list[DatedFact]] = {}
    for fact in facts_of(catalog):
        if fact.unverified:
            alike.setdefault(fact.subject, []).append(fact)
    for facts in alike.values():
        why = f": {facts[0].unverified}" if len(facts) == 1 else ""
        yield Fault(*places.of(facts[0]), f"unverified: {listed([fact.what for fact in facts])}{why}")


def unfilled(catalog: Catalog, places: Places) -> Iterator[Fault]:
    """What `catalog new` wrote in capitals, to be replaced, and nobody did."""
    for component in catalog.components.values():
        for where, text in _texts(component.model_dump(by_alias=True, exclude_defaults=True), ()):
            if where[-1:] != ("title",) and _CAPITALS.fullmatch(text):
                yield Fault(*places.place(f"component:{component.id}", where), f"{text!r} is still to be filled in")


def _texts(value: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _texts(entry, (*where, key))
    elif isinstance(value, list | tuple):
        for at, entry in enumerate(value):
            yield from _texts(entry, (*where, at))


def unbrought(catalog: Catalog, places: Places) -> Iterator[Fault]:
    """Releases that no chart version named for them installs, where other releases of the component name one."""
    for component in catalog.components.values():
        for chart in component.install.charts if component.install is not None else ():
            said = any(source.startswith("version:") for source in chart.values_from.values())
            if said or not any(chart.chart in release.charts for release in component.releases):
                continue
            for at, release in enumerate(component.releases):
                if chart.chart not in release.charts:
                    place = places.place(f"component:{component.id}", ("releases", at))
                    yield Fault(*place, f"release {release.version} names no version of the chart {chart.chart}; "
                                f"{chart.version} would be installed, which brings another release")


def lint(catalog: Catalog, places: Places, on: date) -> list[Fault]:
    """Every fact that is past its expiry on `on`, or dated after both `on` and the catalog's own day."""
    found = [
        Fault(*places.of(fact), f"{fact.what}: read on {fact.checked.isoformat()}, {fact.age(on)} days before "
              f"{on.isoformat()}; after {fact.lasts} days it has to be read again at {fact.source}")
        for fact in overdue(catalog, on)
    ]
    latest = max(on, catalog.as_of)
    found += [
        Fault(*places.of(fact), f"{fact.what}: read on {fact.checked.isoformat()}, a day that is not yet on {latest.isoformat()}")
        for fact in facts_of(catalog) if fact.checked > latest
    ]
    return sorted(found)
