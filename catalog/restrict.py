"""Company restrictions: what an overlay's `overlay.yaml` forbids becomes rules like any other, with its own reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.conditions import Condition
from catalog.faults import Fault, did_you_mean
from catalog.overlay import OverlayFile
from catalog.reading import Document, Where
from catalog.rules import Rule

FORBIDDEN = "forbidden."
"""How the ids of the rules begin that an overlay's `overlay.yaml` makes."""


def restrict(
    catalog: Catalog, files: Sequence[tuple[OverlayFile, Document]], faults: list[Fault]
) -> Catalog:
    """The catalog with a refusing rule added to each forbidden component; unknown names are added to `faults`."""
    components, origins = dict(catalog.components), dict(catalog.origins)
    for file, document in files:
        named: list[tuple[Where, str]] = [
            (("forbid", at, "component"), ban.component) for at, ban in enumerate(file.forbid) if ban.component]
        named += [(("allow-only", at), id_) for at, id_ in enumerate(file.allow_only)]
        faults += [document.fault(where, f"unknown component {id_!r}{did_you_mean(id_, components)}")
                   for where, id_ in named if id_ not in components]
        faults += [document.fault(("forbid", at, "component"), f"{ban.component!r} is on the list of 'allow-only' as well")
                   for at, ban in enumerate(file.forbid) if ban.component in file.allow_only]
        bans: list[tuple[Component, str, str, Where]] = [
            (component, ban.because, ban.source, ("forbid", at)) for at, ban in enumerate(file.forbid)
            for component in components.values()
            if component.id == ban.component or (ban.licence and component.licence.spdx == ban.licence)]
        answered = {role for id_ in file.allow_only if id_ in components for role in components[id_].roles}
        bans += [(component, f"{file.title} allows only components on its list.", file.source or "", ("allow-only",))
                 for component in components.values()
                 if answered & set(component.roles) and component.id not in file.allow_only]
        for component, because, source, where in bans:
            rule_id = f"{FORBIDDEN}{component.id}"
            if f"rule:{rule_id}" not in origins:
                origins[f"rule:{rule_id}"] = f"{document.file}:{document.line(where)}"
                components[component.id] = _forbid(components[component.id], rule_id, because, source, catalog)
    return replace(catalog, components=components, origins=origins)


def _forbid(component: Component, rule_id: str, because: str, source: str, catalog: Catalog) -> Component:
    rule = Rule(
        id=rule_id, excludes=(Condition(component=component.id),), because=because, source=source, checked=catalog.as_of,
    )
    return component.model_copy(update={"rules": (*component.rules, rule)})
