"""What becomes of components by a day: out of support, archived, relicensed, and what succeeds them.

Dates are judged on a day that the caller names; no clock is read. A release is supported through its last day, an
event holds from its first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from catalog.phrases import plain, sentence

if TYPE_CHECKING:
    from catalog.components import Component
    from catalog.lifecycle import Release

Age = Literal["ended", "retired", "ends", "retires", "relicensed"]
"""ended: its version is out of support. retired: its status is not active. ends/retires: will be, later.
relicensed: new versions come under another licence."""


@dataclass(frozen=True)
class Ageing:
    """Something that is past, or will be, on a day."""

    component: str
    on: date
    what: Age
    text: str
    source: str
    successor: str | None = None
    move: str | None = None
    """What a move to the successor takes."""
    next: tuple[str, ...] = ()
    """For a release: those of the same component that are supported on the day asked about and longer than it, each
    with its last day."""


def ages(
    parts: Iterable[tuple[Component, Release | None]], on: date, known: Mapping[str, Component] | None = None,
) -> tuple[Ageing, ...]:
    """What is past or to come for components and the releases chosen of them; by date. `known` are the components that
    others follow: without them a release that names no last day has none."""
    found = [entry for component, release in parts for entry in _ages(component, release, on, known or {})]
    return tuple(sorted(found, key=lambda entry: (entry.on, entry.component, entry.what)))


SOON = timedelta(days=180)
"""Half a year: time enough to plan a move, and no more than that."""


def lasting(
    component: Component, version: str | None = None, known: Mapping[str, Component] | None = None,
) -> Release | None:
    """The release of that version, or where none is named the one that is supported longest."""
    releases = [entry for entry in component.releases if version is None or entry.version == version]
    return max(releases, key=lambda entry: last_day(component, entry, known or {}) or date.max, default=None)


def soon(
    component: Component, release: Release | None, on: date, known: Mapping[str, Component] | None = None,
) -> tuple[Ageing, ...]:
    """What of a component and a release of it is past on a day, or will be within half a year; by date."""
    return tuple(entry for entry in ages([(component, release)], on, known)
                 if entry.what != "relicensed" and entry.on <= on + SOON)


def followed(component: Component, release: Release, known: Mapping[str, Component]) -> tuple[Component, Release] | None:
    """What a release that names no last day of its own packages: the release of the same Kubernetes minors."""
    host = known.get(component.lifecycle.follows or "")
    if host is None or release.end_of_support is not None:
        return None
    return next(((host, entry) for entry in host.releases if entry.kubernetes == release.kubernetes), None)


def last_day(component: Component, release: Release, known: Mapping[str, Component]) -> date | None:
    """The last day on which a release gets fixes: its own, else that of what it packages; None where neither names one."""
    beneath = followed(component, release, known)
    return beneath[1].end_of_support if beneath is not None else release.end_of_support


def _longer(component: Component, end: date, on: date, known: Mapping[str, Component]) -> Iterator[str]:
    for other in component.releases:
        day = last_day(component, other, known)
        if day is None:
            yield f"{plain(other.version)} (no last day named)"
        elif day >= on and day > end:
            yield f"{plain(other.version)} (until {day.isoformat()})"


def _ages(component: Component, release: Release | None, on: date, known: Mapping[str, Component]) -> Iterator[Ageing]:
    life = component.lifecycle
    end = last_day(component, release, known) if release is not None else None
    if release is not None and end is not None:
        verb = "was supported until" if end < on else "is supported until"
        text, source = f"{component.title} {plain(release.version)} {verb} {end.isoformat()}.", release.source
        if beneath := followed(component, release, known):
            minors, source = ", ".join(release.kubernetes), beneath[1].source
            text = (f"{component.title} {plain(release.version)} names no last day of its own; Kubernetes {minors}, which "
                    f"it packages, {verb} {end.isoformat()}.")
        yield Ageing(component.id, end, "ended" if end < on else "ends", text, source,
                     next=tuple(_longer(component, end, on, known)))
    for event in life.events:
        if event.becomes != "active":
            past = event.on <= on
            text = f"{component.title}, {event.on.isoformat()}: {sentence(event.note)}"
            yield Ageing(component.id, event.on, "retired" if past else "retires", text, event.source,
                         life.successor, life.move)
    for change in component.licence.changes:
        text = f"{component.title} is under {change.to} since {change.on.isoformat()}: {sentence(change.note)}"
        if change.on > on:
            text = f"{component.title} comes under {change.to} on {change.on.isoformat()}: {sentence(change.note)}"
        yield Ageing(component.id, change.on, "relicensed", text, change.source)
