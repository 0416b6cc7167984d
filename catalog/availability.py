"""Availability arithmetic: published service levels along the path of a request, multiplied.

Managed parts count with what their provider publishes; parts of one's own with what is assumed of one copy, raised by
the redundancy that the availability target asks for. Every assumption is said as such. An upper bound for planning:
faults that share a cause (a bad release, a lost region) are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from catalog.components import Component
from catalog.design import Design, Kind

ONE_COPY = Decimal("99.5")
"""Assumed of one copy of a part of one's own: restarts, node repairs and upgrades take about three and a half hours a
month. A planning figure, not a measurement."""

_COPIES = (("99.95", 3), ("99.5", 2), ("0", 1))
"""Availability target (at least) to copies, as the manifests place them."""


@dataclass(frozen=True)
class PathLink:
    """One part on the path. `source` is empty where the figure is assumed."""

    component: str
    title: str
    percent: str
    scope: str
    source: str = ""


@dataclass(frozen=True)
class Path:
    """The path of a request in the clusters named; `percent` is the product of its links."""

    clusters: tuple[str, ...]
    links: tuple[PathLink, ...]
    percent: str

    @property
    def weakest(self) -> PathLink:
        """The link that costs most."""
        return min(self.links, key=lambda link: Decimal(link.percent))


def paths_of(design: Design) -> tuple[Path, ...]:
    """The path of a request for each kind of cluster; kinds with the same links share one."""
    found: dict[tuple[PathLink, ...], list[str]] = {}
    for kind in design.kinds:
        links = tuple(_link(design, kind, component) for component in _on_path(design, kind))
        if links:
            found.setdefault(links, []).extend(kind.clusters)
    return tuple(Path(tuple(clusters), links, _product(links)) for links, clusters in found.items())


def _on_path(design: Design, kind: Kind) -> list[Component]:
    """What a request passes, by hop, and the platform below it; each part once."""
    passed: list[tuple[int, Component]] = []
    for entry, component in design.roles(kind.name):
        hop = design.decision(entry.decision).hop
        if hop is not None and component.draw.where != "none":
            passed.append((hop, component))
        elif component.service_level is not None and "kubernetes" in component.roles:
            passed.append((1000, component))
    ordered = sorted(passed, key=lambda item: item[0])
    return list({component.id: component for _, component in ordered}.values())


def _link(design: Design, kind: Kind, component: Component) -> PathLink:
    level = component.service_level
    if level is not None:
        return PathLink(component.id, component.title, level.percent, level.scope, level.source)
    copies = copies_for(str(design.context["availability"].value)) if "availability" in design.context else 1
    down = Decimal(1)
    for _ in range(copies):
        down *= 1 - ONE_COPY / 100
    percent = _shown((1 - down) * 100)
    what = "one copy" if copies == 1 else f"{copies} copies that fail apart from each other, any of which is enough"
    return PathLink(component.id, component.title, percent, f"{what}, {ONE_COPY} % each")


def copies_for(target: str) -> int:
    """Copies of a stateless part for an availability target in percent."""
    return next(copies for least, copies in _COPIES if Decimal(target) >= Decimal(least))


def _product(links: tuple[PathLink, ...]) -> str:
    total = Decimal(1)
    for link in links:
        total *= Decimal(link.percent) / 100
    return _shown(total * 100)


def _shown(percent: Decimal) -> str:
    """Rounded down to four places: never better than it is."""
    text = format(percent.quantize(Decimal("0.0001"), ROUND_DOWN), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
