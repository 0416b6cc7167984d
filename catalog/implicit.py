"""Rules that nobody writes because they follow from other data: where a component can run, and its lifecycle.

Worded as rule-like data here; whether they apply is encoded by the solver. Ids are `clouds:<component>`,
`status:<component>`, `releases:<component>` (Kubernetes minors that its releases work with) and
`supports:<component>:<other>` (releases of another component), which no written rule can have (a slug has no colon).
`ended:<component>:<version>` never binds: it warns of a release that is out of support and had to be taken all the same.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from catalog.catalog import Catalog
from catalog.settings import KUBERNETES

if TYPE_CHECKING:
    from catalog.components import Component
    from catalog.lifecycle import Status

CLOUDS = "clouds:"
STATUS = "status:"
RELEASES = "releases:"
SUPPORTS = "supports:"
ENDED = "ended:"

CLOUD = "cloud"
"""The context question that `clouds` of a component is about."""

BECOMES: dict[Status, str] = {
    "active": "has been kept up", "deprecated": "has been deprecated", "unsupported": "has had no fixes",
    "archived": "has been archived", "unobtainable": "has not been available",
}


class ImplicitRule(NamedTuple):
    """What a written rule would say."""

    id: str
    because: str
    source: str
    checked: date
    waivable: bool
    unverified: str = ""
    """Why nobody could confirm it at its source."""


def rule(catalog: Catalog, id_: str) -> ImplicitRule | None:
    """The implicit rule with that id; None when there is none."""
    prefix, _, name = id_.partition(":")
    name, _, other = name.partition(":")
    component = catalog.components.get(name)
    if component is None:
        return None
    if component.releases and f"{prefix}:" in (RELEASES, SUPPORTS):
        return _of_releases(catalog, id_, component, other)
    if f"{prefix}:" == ENDED:
        return _ended(catalog, id_, component, other)
    if f"{prefix}:" == CLOUDS and component.clouds and component.clouds_because:
        if component.clouds_source is not None and component.clouds_checked is not None:
            return ImplicitRule(id_, component.clouds_because, component.clouds_source, component.clouds_checked, False)
        return ImplicitRule(id_, component.clouds_because, component.read_at, component.checked, False,
                            component.unverified or "")
    if f"{prefix}:" == STATUS:
        past = [event for event in sorted(component.lifecycle.events, key=lambda event: event.on)
                if event.on <= catalog.as_of]
        if past:
            event = past[-1]
            because = f"{component.title} {BECOMES[event.becomes]} since {event.on.isoformat()}: {event.note}"
            waivable = event.becomes in ("unsupported", "archived")
            return ImplicitRule(id_, because, event.source, event.checked, waivable, event.unverified or "")
    return None


def minor(version: str) -> str:
    """The Kubernetes minor that a version of it belongs to: `1.35` of `1.35.2`."""
    return ".".join(version.removeprefix("v").split(".")[:2])


def provides_kubernetes(component: Component) -> bool:
    """Whether a release of the component is a Kubernetes minor."""
    return KUBERNETES in component.provides or any(KUBERNETES in role.provides for role in component.roles.values())


def _ended(catalog: Catalog, id_: str, component: Component, version: str) -> ImplicitRule | None:
    release = next((entry for entry in component.releases if entry.version == version), None)
    if release is None or release.end_of_support is None or release.supported(catalog.as_of):
        return None
    why = "the catalog knows none that is still supported"
    if any(entry.supported(catalog.as_of) for entry in component.releases):
        why = "none that is still supported fits the rest of the design"
    because = f"Version {version} was supported until {release.end_of_support.isoformat()}, and {why}."
    return ImplicitRule(id_, because, release.source, release.checked, False, release.unverified or "")


def _of_releases(catalog: Catalog, id_: str, component: Component, other: str) -> ImplicitRule | None:
    said = component.releases[0]
    if not other:
        if provides_kubernetes(component):
            minors = ", ".join(dict.fromkeys(minor(release.version) for release in component.releases))
            because = f"{component.title} offers the Kubernetes minors {minors}."
        else:
            lines = [f"{release.version} with {', '.join(release.kubernetes)}"
                     for release in component.releases if release.kubernetes]
            if not lines:
                return None
            because = f"{component.title} works with these Kubernetes minors: {'; '.join(lines)}."
    else:
        if other not in catalog.components:
            return None
        lines = [f"{release.version} with {', '.join(release.supports[other])}"
                 for release in component.releases if other in release.supports]
        if not lines:
            return None
        because = f"{component.title} works with these releases of {catalog.components[other].title}: {'; '.join(lines)}."
    return ImplicitRule(id_, because, said.source, said.checked, False, said.unverified or "")
