"""Install order: units (charts and objects that belong together) into folders, from what the rules say comes first.

A unit waits softly for what has to work before it (another folder, or earlier in the same one) and hard for what
installs the kinds of its objects (an earlier folder, because an API server refuses kinds it does not know). A layer
gets one
folder where that can be; where its configuration needs a later layer, it gets a second one. Removal is the reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.components import ChartInstall
from exporters.manifests.references import Obj


@dataclass(frozen=True)
class Release:
    """A Helm chart to be installed in one cluster, with its final values."""

    chart: ChartInstall
    namespace: str
    values: Mapping[str, Any]
    component: str
    decision: str
    vendored: str | None = None
    """Folder of the repository that the chart is carried in, where clusters are cut off from chart repositories."""


@dataclass(frozen=True)
class Unit:
    """What is installed together: the charts of a component, or objects of one concern."""

    id: str
    layer: str
    decision: str
    title: str
    objects: tuple[Obj, ...] = ()
    releases: tuple[Release, ...] = ()
    after: frozenset[str] = frozenset()
    """Units that must work first."""
    kinds_from: frozenset[str] = frozenset()
    """Units that install the kinds of these objects."""
    last: bool = False
    """True for what comes after everything else."""


@dataclass(frozen=True)
class Folder:
    """One exported folder: its install rank, its layer and the units in it, in order."""

    rank: int
    layer: str
    units: tuple[str, ...]
    waves: Mapping[str, int] = field(default_factory=dict, compare=False)
    """Unit to its step within the folder, from 0."""
    turn: int = 1
    """Which of the folders of its layer this is."""

    @property
    def name(self) -> str:
        return f"{self.rank:02d}-{self.layer}"

    @property
    def stage(self) -> str:
        """What the delivery tool calls it in the cluster. It says no rank: where a new part moves the folders after it,
        they keep their names there, and nothing is removed to be made again."""
        return f"layer-{self.layer}" if self.turn == 1 else f"layer-{self.layer}-{self.turn}"


@dataclass
class _Needs:
    """What a unit still waits for, over all clusters."""

    layer: str
    after: set[str]
    kinds: set[str]
    last: bool
    charts: bool


def merged(clusters: Iterable[Sequence[Unit]]) -> dict[str, _Needs]:
    """Units by id over all clusters; a wait for a unit that exists nowhere is dropped."""
    found: dict[str, _Needs] = {}
    for units in clusters:
        for unit in units:
            entry = found.setdefault(unit.id, _Needs(unit.layer, set(), set(), unit.last, False))
            entry.after |= unit.after
            entry.kinds |= unit.kinds_from
            entry.charts = entry.charts or bool(unit.releases)
    for name, entry in found.items():
        entry.kinds = {other for other in entry.kinds if other in found and other != name}
    for name, entry in found.items():
        # What needs our kinds cannot work before us: an operator of storage never waits for the volumes it makes.
        entry.after = {other for other in entry.after if other in found and other != name and name not in found[other].kinds}
    for entry in found.values():
        if not entry.charts:
            # Plain objects are applied before the charts of their folder; what follows a chart is in a later one.
            entry.kinds |= {other for other in entry.after if found[other].charts}
    return found


def folders(clusters: Iterable[Sequence[Unit]], layers: Sequence[str]) -> tuple[Folder, ...]:
    """All units of all clusters in folders, ranks from 1. `layers` is the order that decides where rules do not."""
    needs = merged(clusters)
    result: list[Folder] = []
    placed: set[str] = set()
    waiting = {name: entry for name, entry in needs.items() if not entry.last}
    for pending in (waiting, {name: entry for name, entry in needs.items() if entry.last}):
        pending = dict(pending)
        while pending:
            layer, ready = _next(pending, placed, layers)
            waves = _waves({name: needs[name] for name in ready}, placed)
            names = tuple(sorted(ready, key=lambda name: (waves[name], list(needs).index(name))))
            turn = 1 + sum(folder.layer == layer for folder in result)
            result.append(Folder(len(result) + 1, layer, names, waves, turn))
            placed |= set(names)
            for name in names:
                del pending[name]
    return tuple(result)


def _next(pending: Mapping[str, _Needs], placed: set[str], layers: Sequence[str]) -> tuple[str, set[str]]:
    """The layer to place now and those of its units that can be: a whole layer if any can, else the largest part."""
    rank = {layer: at for at, layer in enumerate(layers)}
    options: list[tuple[bool, int, int, str, set[str]]] = []
    for layer in {entry.layer for entry in pending.values()}:
        own = {name for name, entry in pending.items() if entry.layer == layer}
        ready = _placeable(own, pending, placed)
        if ready:
            options.append((ready != own, -len(ready) if ready != own else 0, rank.get(layer, len(rank)), layer, ready))
    if options:
        _, _, _, layer, ready = min(options, key=lambda option: option[:4])
        return layer, ready
    # Rules that wait for each other in a circle: kinds still come first, the soft waits of one unit are dropped.
    name = min(_circling(pending), key=lambda name: (len(pending[name].kinds - placed), rank.get(pending[name].layer, 99), name))
    return pending[name].layer, {name}


def _circling(pending: Mapping[str, _Needs]) -> set[str]:
    """Units of circles that wait for nothing outside of their circle: what merely comes after one keeps its waits."""

    def awaited(name: str) -> set[str]:
        found: set[str] = set()
        more = {name}
        while more:
            entry = pending[more.pop()]
            more |= ((entry.after | entry.kinds) & set(pending)) - found
            found |= more
        return found

    waits = {name: awaited(name) for name in pending}
    return {name for name, others in waits.items() if all(name in waits[other] for other in others)}


def _placeable(own: set[str], pending: Mapping[str, _Needs], placed: set[str]) -> set[str]:
    ready = set(own)
    while True:
        late = {name for name in ready if not pending[name].kinds <= placed or not pending[name].after <= placed | ready}
        if not late:
            return ready
        ready -= late


def _waves(units: Mapping[str, _Needs], placed: set[str]) -> dict[str, int]:
    """The step of each unit within its folder: plain objects at 0, charts after them and after what they wait for."""
    waves = {name: 1 if entry.charts else 0 for name, entry in units.items()}
    for _ in units:
        for name, entry in units.items():
            for other in entry.after & set(units):
                if other != name and entry.charts:
                    waves[name] = min(max(waves[name], waves[other] + 1), len(units))
    return waves
