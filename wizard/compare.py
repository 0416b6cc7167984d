"""What differs between two designs: decisions, components, versions, settings. Used by `diff` and before a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.design import Design, Value


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

    @property
    def empty(self) -> bool:
        """True when the designs are the same."""
        return not (self.decisions or self.settings or self.context or self.versions or self.added or self.removed)


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
    )


_Said = dict[tuple[str, str | None], tuple[str, ...]]


def _changed(before: _Said, after: _Said) -> tuple[Changed, ...]:
    keys = dict.fromkeys([*after, *before])
    return tuple(Changed(name, kind, before.get((name, kind), ()), after.get((name, kind), ()))
                 for name, kind in keys if before.get((name, kind), ()) != after.get((name, kind), ()))


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
