"""What differs between two designs: decisions, components, versions, settings, and what was told of clusters,
workloads, externals and accepted risks. Used by `diff` and before a change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.design import Design, Value
from catalog.workloads import Cluster, External, Workload


@dataclass(frozen=True)
class Changed:
    """Something that is not the same: before and after, empty where it was not there."""

    what: str
    kind: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two designs, in catalog order."""

    decisions: tuple[Changed, ...]
    settings: tuple[Changed, ...]
    context: tuple[Changed, ...]
    versions: tuple[Changed, ...]
    added: tuple[str, ...]
    """Components in the second design only."""
    removed: tuple[str, ...]
    told: Mapping[str, tuple[Changed, ...]]
    """Clusters, workloads, externals and waivers: each field that differs, as `web image`; the name alone for one that came
    or went."""

    @property
    def empty(self) -> bool:
        """True when the designs are the same."""
        return not (self.decisions or self.settings or self.context or self.versions or self.added or self.removed
                    or any(self.told.values()))


def compare(before: Design, after: Design) -> Comparison:
    """Compare two designs over the same or different catalogs."""
    first = {component.id for component in before.selected()}
    second = {component.id for component in after.selected()}
    return Comparison(
        decisions=_changed(_decisions(before), _decisions(after)),
        settings=_changed(_settings(before), _settings(after)),
        context=_changed(_values(before.context), _values(after.context)),
        versions=_changed({(name, None): (version,) for name, version in before.releases.items() if name in second},
                          {(name, None): (version,) for name, version in after.releases.items() if name in first}),
        added=tuple(component.id for component in after.selected() if component.id not in first),
        removed=tuple(component.id for component in before.selected() if component.id not in second),
        told={name: _changed(_told(one, other), _told(other, one)) for name, one, other in (
            ("clusters", before.clusters, after.clusters), ("workloads", before.by_name().workloads, after.by_name().workloads),
            ("externals", before.externals, after.externals))}
        | {"waivers": _changed(_waivers(before), _waivers(after))},
    )


_Said = dict[tuple[str, str | None], tuple[str, ...]]


def _changed(before: _Said, after: _Said) -> tuple[Changed, ...]:
    keys = dict.fromkeys([*after, *before])
    return tuple(Changed(name, kind, before.get((name, kind), ()), after.get((name, kind), ()))
                 for name, kind in keys if before.get((name, kind), ()) != after.get((name, kind), ()))


def _told(entries: Iterable[Cluster | Workload | External], others: Iterable[Cluster | Workload | External]) -> _Said:
    """Field by field where the other design has an entry of that name too, else the entry by its name alone."""
    known = {other.name for other in others}
    found: _Said = {}
    for entry in entries:
        if entry.name not in known:
            found[entry.name, None] = (entry.name,)
            continue
        for name, value in entry.model_dump(mode="json", by_alias=True).items():
            if value not in (None, [], {}):
                found[f"{entry.name} {name}", None] = (value if isinstance(value, str) else json.dumps(value),)
    return found


def _waivers(design: Design) -> _Said:
    return {(entry.rule, None): (f"{entry.reason}; {entry.owner}; {entry.until.isoformat()}",) for entry in design.waivers}


def _decisions(design: Design) -> _Said:
    return {(entry.decision, entry.kind): entry.chosen for entry in design.decisions}


def _values(values: Mapping[str, Value], kind: str | None = None) -> _Said:
    return {(name, kind): value.value if isinstance(value.value, tuple) else (str(value.value),)
            for name, value in values.items()}


def _settings(design: Design) -> _Said:
    found = _values(design.settings)
    for kind in design.kinds:
        found |= _values(kind.settings, kind.name)
    return found
