"""Company restrictions: what an overlay's `overlay.yaml` forbids becomes rules like any other, with its own reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog.catalog import Catalog
from catalog.components import Component, Rule
from catalog.conditions import Condition
from catalog.faults import Fault, did_you_mean
from catalog.overlay import OverlayFile
from catalog.reading import Document, Where

FORBIDDEN = "forbidden."
"""How the ids of the rules begin that an overlay's `overlay.yaml` makes."""


def restrict(
    catalog: Catalog, files: Sequence[tuple[OverlayFile, Document]], faults: list[Fault]
) -> Catalog:
    """The catalog with a refusing rule added to each forbidden component; unknown names are added to `faults`."""
    components = dict(catalog.components)
    for file, document in files:
        named: list[tuple[Where, str]] = [
            (("forbid", at, "component"), ban.component) for at, ban in enumerate(file.forbid) if ban.component]
        named += [(("allow-only", at), id_) for at, id_ in enumerate(file.allow_only)]
        faults += [document.fault(where, f"unknown component {id_!r}{did_you_mean(id_, components)}")
                   for where, id_ in named if id_ not in components]
        for ban in file.forbid:
            for component in list(components.values()):
                if component.id == ban.component or (ban.licence and component.licence.spdx == ban.licence):
                    components[component.id] = _forbid(component, ban.because, ban.source, catalog)
        if file.allow_only:
            answered = {role for id_ in file.allow_only if id_ in components for role in components[id_].roles}
            for component in list(components.values()):
                if component.id not in file.allow_only and answered & set(component.roles):
                    components[component.id] = _forbid(
                        component, f"{file.title} allows only components on its list.", component.homepage, catalog)
    return replace(catalog, components=components)


def _forbid(component: Component, because: str, source: str, catalog: Catalog) -> Component:
    rule = Rule(
        id=f"{FORBIDDEN}{component.id}", excludes=(Condition(component=component.id),), because=because,
        source=source, checked=catalog.as_of,
    )
    if any(existing.id == rule.id for existing in component.rules):
        return component
    return component.model_copy(update={"rules": (*component.rules, rule)})
