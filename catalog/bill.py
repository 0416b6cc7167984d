"""The bill of materials of a design, what ages in it, and which of its choices are hard to undo.

Computed from the Design alone. Dates are judged on a day that the caller names; no clock is read.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from functools import partial

from catalog.ageing import Ageing, ages
from catalog.components import ChartInstall, Component, Footprint, Undo
from catalog.design import Design
from catalog.lifecycle import Status


@dataclass(frozen=True)
class Line:
    """One component of the bill."""

    component: str
    title: str
    roles: tuple[str, ...]
    """Decisions that it answers, in catalog order."""
    version: str
    """Empty for what has no version (managed services, patterns)."""
    charts: tuple[tuple[str, str], ...]
    """Chart name and version, as installed."""
    licence: str
    support_until: date | None
    status: Status
    footprint: Footprint | None
    clusters: tuple[str, ...]
    """Where it runs; empty for what stands outside of clusters."""
    support: str


@dataclass(frozen=True)
class Door:
    """A choice that cannot be undone in a running cluster."""

    decision: str
    component: str
    how: Undo
    because: str
    kinds: tuple[str, ...]


def charts(design: Design, component: Component) -> tuple[tuple[str, str], ...]:
    """Charts of a component with the versions that install its chosen release, for the roles it plays."""
    if component.install is None:
        return ()
    release = design.release(component.id)
    roles = set(design.selected_roles(component.id))
    found = {}
    for chart in component.install.charts:
        if comes(design, chart, roles):
            found[chart.chart] = (release.charts.get(chart.chart) if release else None) or chart.version
    return tuple(found.items())


def comes(design: Design, chart: ChartInstall, roles: Set[str]) -> bool:
    """Whether a chart of a component in these roles is installed in any cluster of the design."""
    return any(
        chart.comes(roles, design.capabilities(), partial(design.setting, kind=kind.name)) for kind in design.kinds
    )


def clusters_of(design: Design, component: Component) -> tuple[str, ...]:
    """Clusters that a component runs in: those of the kinds that chose it, where it stands inside of clusters."""
    if component.install is None and component.draw.where not in ("cluster", "node"):
        return ()
    kinds = {entry.kind for entry, chosen in design.roles() if chosen.id == component.id}
    return tuple(
        cluster for kind in design.kinds if None in kinds or kind.name in kinds for cluster in kind.clusters
    )


def bill(design: Design, on: date | None = None) -> tuple[Line, ...]:
    """Every selected component once, in catalog order. `on` is the day of the status; the catalog's when not named."""
    day = on or design.catalog.as_of
    lines = []
    for component in design.selected():
        release = design.release(component.id)
        lines.append(Line(
            component.id, component.title, design.selected_roles(component.id),
            release.version if release else "", charts(design, component), component.licence.spdx,
            release.end_of_support if release else None, component.status(day), component.footprint,
            clusters_of(design, component), component.support,
        ))
    return tuple(lines)


def ageing(design: Design, on: date) -> tuple[Ageing, ...]:
    """What is out of support, retired or relicensed by a day, and what will be after it; by date."""
    return ages(((component, design.release(component.id)) for component in design.selected()), on,
                design.catalog.components)


def one_way_doors(design: Design) -> tuple[Door, ...]:
    """Choices that mean rebuilding a cluster, or can never be undone; the hardest first, then catalog order."""
    found: dict[tuple[str, str], Door] = {}
    for entry, component in design.roles():
        if component.undo.how == "reversible":
            continue
        key = (entry.decision, component.id)
        kinds = (*(found[key].kinds if key in found else ()), *((entry.kind,) if entry.kind else ()))
        found[key] = Door(entry.decision, component.id, component.undo.how, component.undo.because, kinds)
    return tuple(sorted(found.values(), key=lambda door: door.how != "never"))
