"""Availability arithmetic: published service levels along the path of a request, multiplied.

Managed parts count with what their provider publishes, or with a planning figure where the catalog has none; parts of
one's own with what is assumed of one copy, raised by the redundancy that the availability target asks for. Every
assumption is said as such. An upper bound for planning: faults that share a cause (a bad release, a wrong setting) are
not in it, and neither are the workloads themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from catalog.components import Component
from catalog.design import Design, Kind

ONE_COPY = Decimal("99.5")
"""Assumed of one copy of a part of one's own: restarts, node repairs and upgrades take about three and a half hours a
month. A planning figure, not a measurement."""

MANAGED = Decimal("99.99")
"""Assumed of a managed part whose service level the catalog does not hold. A planning figure: the contract decides."""

_COPIES = (("99.95", 3), ("99.5", 2), ("0", 1))
"""Availability target (at least) to copies, as the manifests place them."""

_STEERING = frozenset({"dns-failover", "dns-steering"})
"""Capabilities that lead users to a place that answers."""

Way = Literal["swap", "around", "second", "place"]
"""swap: another option in one decision. around: a way past an optional part, taken when it fails. second: another
provider beside the one there is. place: the clusters once more, somewhere else, with users led to the one that
answers."""


@dataclass(frozen=True)
class PathLink:
    """One part on the path, or several of which any is enough."""

    component: str
    title: str
    percent: str
    scope: str
    sources: tuple[str, ...] = ()
    """Where the figures are published; empty where one of them is assumed."""
    decision: str = ""
    shared: bool = False
    """True for what stands in front of all clusters."""


@dataclass(frozen=True)
class Mend:
    """A change that brings a path to the target."""

    way: Way
    decision: str
    component: str
    """The option to take instead, or the part to go around; empty for `second` and `place`."""
    percent: str
    """What the path gives then."""
    undo: str
    """How hard the part that has to go is to undo; empty where nothing goes."""


@dataclass(frozen=True)
class Path:
    """The path of a request in the clusters named; `percent` is the product of its links."""

    clusters: tuple[str, ...]
    links: tuple[PathLink, ...]
    percent: str
    places: tuple[str, ...] = ()
    """Clusters in different places between which users are led, when there are any."""
    together: str = ""
    """What those places give together; empty where there is one place."""

    @property
    def reached(self) -> str:
        """What users get, in percent."""
        return self.together or self.percent

    @property
    def weakest(self) -> PathLink:
        """The link that costs most: where places stand in for each other, of what they share."""
        links = [link for link in self.links if link.shared] if self.together else []
        return min(links or self.links, key=lambda link: Decimal(link.percent))


def paths_of(design: Design) -> tuple[Path, ...]:
    """The path of a request for each kind of production cluster (of every kind, where none is production); kinds with
    the same links share one."""
    found: dict[tuple[PathLink, ...], list[str]] = {}
    places: dict[tuple[str, str], tuple[str, tuple[PathLink, ...]]] = {}
    for kind in _held(design):
        links = tuple(_links(design, kind))
        if links:
            found.setdefault(links, []).extend(kind.clusters)
            for cluster in design.clusters:
                if cluster.name in kind.clusters:
                    places.setdefault((cluster.cloud or "", cluster.region or ""), (cluster.name, links))
    spread = len(places) > 1 and bool(_STEERING & design.capabilities())
    together = _together([links for _, links in places.values()]) if spread else ""
    names = tuple(name for name, _ in places.values()) if spread else ()
    return tuple(Path(tuple(clusters), links, _product(links), names, together) for links, clusters in found.items())


def mend(design: Design, path: Path, target: str) -> Mend | None:
    """The cheapest single change that brings a path to the target; None when no single one does.

    Another option costs least where the old one can be replaced in a running cluster, then by its own rating for cost;
    a way around an optional part and a second provider cost more, a second place most. Whether the rest of the design
    allows a swap was judged when the design was made: only options that were possible then are offered."""
    swaps = sorted(_swaps(design, path, target), key=lambda found: found[0])
    if swaps and swaps[0][0][0] == 0:
        return swaps[0][1]
    wanted = Decimal(target)
    for link in sorted(path.links, key=lambda link: Decimal(link.percent)):
        if link.shared and design.decision(link.decision).many == "optional":
            after = _shown(Decimal(path.reached) * 100 / Decimal(link.percent))
            if Decimal(after) >= wanted:
                return Mend("around", link.decision, link.component, after, "")
    for link in sorted(path.links, key=lambda link: Decimal(link.percent)):
        if link.shared and design.decision(link.decision).many == "several":
            two = replace(link, percent=_shown((1 - (1 - Decimal(link.percent) / 100) ** 2) * 100))
            after = _product([two if entry == link else entry for entry in path.links])
            if not path.together and Decimal(after) >= wanted:
                return Mend("second", link.decision, "", after, "")
    if not path.together:
        after = _together([path.links, path.links])
        if Decimal(after) >= wanted and not swaps:
            return Mend("place", "", "", after, "")
    return swaps[0][1] if swaps else None


def _swaps(design: Design, path: Path, target: str) -> Iterator[tuple[tuple[int, int, int], Mend]]:
    kind = design.kind_of(path.clusters[0])
    for link in path.links:
        if path.together or link.component not in design.catalog.components:
            continue
        entry = design.resolved(link.decision, kind.name if design.decision(link.decision).scope == "cluster" else None)
        now = design.catalog.components[link.component]
        for at, option in enumerate(entry.options):
            other = design.catalog.components.get(option.component)
            if other is None or option.state != "available" or option.component in entry.chosen:
                continue
            better = _link(design, other, link.decision, link.shared)
            # What is assumed of one part is no reason to leave another: only published figures are.
            if not better.sources or Decimal(better.percent) <= Decimal(link.percent):
                continue
            after = _product([better if each == link else each for each in path.links])
            if Decimal(after) >= Decimal(target):
                hard = ("reversible", "rebuild", "never").index(now.undo.how)
                yield (hard, -other.ratings["cost"].score, at), Mend(
                    "swap", link.decision, other.id, after, now.undo.how)


def _held(design: Design) -> list[Kind]:
    """The kinds that are held to the target."""
    held = [kind for kind in design.kinds
            if "environment" not in kind.context or kind.context["environment"].value == "prod"]
    return held or list(design.kinds)


def _links(design: Design, kind: Kind) -> Iterator[PathLink]:
    """What a request passes, by hop, and the platform below it; each part once."""
    passed: list[tuple[int, str, list[Component]]] = []
    for entry, component in design.roles(kind.name):
        decision = design.decision(entry.decision)
        if decision.hop is not None and component.draw.where != "none":
            same = next((found for _, name, found in passed if name == entry.decision), None)
            # Several providers for the whole design stand beside each other; within a cluster each serves its own.
            if same is not None and decision.scope == "design" and decision.many == "several":
                same.append(component)
            else:
                passed.append((decision.hop, entry.decision, [component]))
        elif component.service_level is not None and "kubernetes" in component.roles:
            passed.append((1000, entry.decision, [component]))
    seen = {name for _, _, components in passed for component in components if component.service_level
            for name in component.service_level.includes}
    counted = {decision_id for _, decision_id, _ in passed}
    for _, decision_id, components in sorted(passed, key=lambda item: item[0]):
        new = [component for component in components if component.id not in seen and component.configures not in counted]
        seen |= {component.id for component in new}
        links = [_link(design, component, decision_id, design.decision(decision_id).scope == "design")
                 for component in new]
        if links:
            yield _beside(links)


def _beside(links: Sequence[PathLink]) -> PathLink:
    """One link of several parts, any of which is enough."""
    if len(links) == 1:
        return links[0]
    down = Decimal(1)
    for link in links:
        down *= 1 - Decimal(link.percent) / 100
    names = " and ".join(link.title for link in links)
    figures = " and ".join(f"{link.percent} %" for link in links)
    sources = tuple(entry for link in links for entry in link.sources) if all(link.sources for link in links) else ()
    return PathLink(" ".join(link.component for link in links), names, _shown((1 - down) * 100),
                    f"either is enough, {figures} each by itself, faults taken as independent", sources,
                    links[0].decision, links[0].shared)


def _link(design: Design, component: Component, decision: str, shared: bool) -> PathLink:
    level = component.service_level
    if level is not None:
        return PathLink(component.id, component.title, level.percent, level.scope, (level.source,), decision, shared)
    if _managed(component):
        return PathLink(component.id, component.title, str(MANAGED),
                        "a managed service whose service level the catalog does not hold; see your contract", (),
                        decision, shared)
    copies = copies_for(str(design.context["availability"].value)) if "availability" in design.context else 1
    down = (1 - ONE_COPY / 100) ** copies
    what = "one copy" if copies == 1 else f"{copies} copies that fail apart from each other, any of which is enough"
    return PathLink(component.id, component.title, _shown((1 - down) * 100), f"{what}, {ONE_COPY} % each", (),
                    decision, shared)


def _managed(component: Component) -> bool:
    where = component.draw.where
    return where == "provider" or (where == "edge" and component.licence.spdx == "proprietary")


def copies_for(target: str) -> int:
    """Copies of a stateless part for an availability target in percent."""
    return next(copies for least, copies in _COPIES if Decimal(target) >= Decimal(least))


def _together(places: Sequence[Sequence[PathLink]]) -> str:
    """What places give together of which any is enough, behind what they share."""
    down, shared = Decimal(1), Decimal(1)
    for links in places:
        own = Decimal(1)
        for link in links:
            if not link.shared:
                own *= Decimal(link.percent) / 100
        down *= 1 - own
    for link in dict.fromkeys(link for links in places for link in links if link.shared):
        shared *= Decimal(link.percent) / 100
    return _shown(shared * (1 - down) * 100)


def _product(links: Sequence[PathLink]) -> str:
    total = Decimal(1)
    for link in links:
        total *= Decimal(link.percent) / 100
    return _shown(total * 100)


def _shown(percent: Decimal) -> str:
    """Rounded down to four places: never better than it is."""
    text = format(percent.quantize(Decimal("0.0001"), ROUND_DOWN), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
