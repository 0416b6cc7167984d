"""Assembling: folders of YAML become one validated, cross-checked Catalog, or all faults at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.crosscheck import crosscheck
from catalog.errors import CatalogError
from catalog.faults import Fault, did_you_mean
from catalog.layers import Capability, Layer
from catalog.overlay import OverlayFile, RawCatalog, RawEntry, gather
from catalog.reading import Document, faults_of, told
from catalog.restrict import restrict
from catalog.salvage import salvage

M = TypeVar("M", bound=BaseModel)


def assemble(folders: Sequence[Path]) -> Catalog:
    """Everything that the folders say, validated and cross-checked. Raises CatalogError with every fault."""
    raw = gather(folders)
    faults = raw.faults
    components, salvaged = _models(raw.components, Component, faults)
    layers, _ = _models(raw.layers, Layer, faults)
    capabilities: dict[str, Capability] = {}
    for key, means, document, where in raw.capabilities:
        capability = _model(Capability, {"id": key, "means": means}, document, where, faults)
        if capability is not None:
            capabilities[key] = capability
    as_of = _day("as-of", raw.as_of, faults)
    refreshed = _day("refreshed", raw.refreshed, faults) if raw.refreshed is not None else None
    ordered = _in_order(layers, raw, faults)
    bans = [(file, document) for document in raw.overlays
            if (file := _model(OverlayFile, document.value, document, (), faults)) is not None]
    catalog = Catalog(
        layers=ordered,
        components=_components_in_order(ordered, components),
        capabilities=capabilities,
        as_of=as_of,
        refreshed=refreshed,
        revision=raw.revision,
        origins=dict(_origins(raw)),
    )
    whole = len(components) == len(raw.components)
    # Everything leans on the decisions, questions and settings of layers: without one of them all its names would show
    # up as unknown.
    if len(layers) == len(raw.layers):
        faults.extend(crosscheck(catalog if whole else replace(catalog, components={**components, **salvaged}), raw))
    if whole:
        catalog = restrict(catalog, bans, faults)
    if faults:
        raise CatalogError(sorted(set(faults)))
    return catalog


def _model(model: type[M], value: Any, document: Document, where: tuple[str | int, ...], faults: list[Fault]) -> M | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults.extend(faults_of(error, document, where, model=model))
        return None


def _models(entries: dict[str, RawEntry], model: type[M], faults: list[Fault]) -> tuple[dict[str, M], dict[str, Component]]:
    """What is whole, and of components that are not what can be looked at further."""
    found: dict[str, M] = {}
    rest: dict[str, Component] = {}
    for entry in entries.values():
        fields = {**entry.fields, "id": entry.id}
        if entry.rules:
            fields["rules"] = [rule for rule, _, _ in entry.rules]
        try:
            found[entry.id] = model.model_validate(fields)
        except ValidationError as error:
            for complaint in told(error):
                path = tuple(part for part in complaint["loc"] if isinstance(part, str | int))
                document, where = entry.place(path)
                single = ValidationError.from_exception_data("", [_line_error(complaint)])
                base = where[: len(where) - len(path)] if len(where) > len(path) else ()
                faults.extend(_relocated(single, document, where, base, model))
            salvaged = salvage(fields, error) if model is Component else None
            if salvaged is not None:
                rest[entry.id] = salvaged
    return found, rest


def _line_error(complaint: Any) -> Any:
    kept = {"type": complaint["type"], "loc": complaint["loc"], "input": complaint.get("input")}
    if "ctx" in complaint:
        kept["ctx"] = complaint["ctx"]
    return kept


def _relocated(
    error: ValidationError, document: Document, where: tuple[str | int, ...], base: tuple[str | int, ...], model: type[BaseModel]
) -> Iterator[Fault]:
    for fault in faults_of(error, document, base, model=model):
        yield Fault(fault.file, document.line(_present(document, where)), fault.message)


def _present(document: Document, where: tuple[str | int, ...]) -> tuple[str | int, ...]:
    current: tuple[str | int, ...] = ()
    for part in where:
        if (*current, part) in document.lines:
            current = (*current, part)
    return current


def _day(key: str, said: tuple[Any, Document] | None, faults: list[Fault]) -> date:
    value, document = said if said is not None else (None, None)
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        place = document.fault((key,), "") if document else Fault("catalog.yaml", 1, "")
        faults.append(place._replace(message=f"{key!r} must be a day such as 2026-11-23"))
        return date(1970, 1, 1)


def _in_order(layers: dict[str, Layer], raw: RawCatalog, faults: list[Fault]) -> dict[str, Layer]:
    """Layers sorted by `after`; ties in order of their ids. A cycle or an unknown layer is a fault."""
    for layer in layers.values():
        if layer.after is not None and layer.after not in raw.layers:
            document, where = raw.layers[layer.id].place(("after",))
            faults.append(document.fault(where, f"unknown layer {layer.after!r}{did_you_mean(layer.after, raw.layers)}"))
    ordered: dict[str, Layer] = {}
    waiting = dict(sorted(layers.items()))
    while waiting:
        ready = [id_ for id_, layer in waiting.items()
                 if layer.after is None or layer.after in ordered or layer.after not in waiting]
        if not ready:
            for id_ in waiting:
                document, where = raw.layers[id_].place(("after",))
                faults.append(document.fault(where, f"'after' goes in a circle: {' -> '.join(_circle(id_, waiting))}"))
            return {**ordered, **waiting}
        ordered[ready[0]] = waiting.pop(ready[0])
    return ordered


def _circle(start: str, layers: dict[str, Layer]) -> list[str]:
    way = [start]
    while True:
        after = layers[way[-1]].after
        if after is None or after not in layers or after in way:
            return [*way, after] if after else way
        way.append(after)


def _components_in_order(layers: dict[str, Layer], components: dict[str, Component]) -> dict[str, Component]:
    """Components by the place of their first role in the catalog, then by id."""
    rank = {decision.id: at for at, decision in
            enumerate(decision for layer in layers.values() for decision in layer.decisions)}

    def place(component: Component) -> tuple[int, str]:
        return min((rank.get(role, len(rank)) for role in component.roles), default=len(rank)), component.id

    return {component.id: component for component in sorted(components.values(), key=place)}


def _origins(raw: RawCatalog) -> Iterator[tuple[str, str]]:
    for kind, entries in (("layer", raw.layers), ("component", raw.components)):
        for entry in entries.values():
            if entry.first is not None:
                yield f"{kind}:{entry.id}", entry.first.file
            for name, document in entry.documents.items():
                if document is not entry.first:
                    yield f"{kind}:{entry.id}:{name}", f"{document.file}:{document.line((name,))}"
            for rule, document, where in entry.rules:
                yield f"rule:{rule.get('id')}", f"{document.file}:{document.line(where)}"
