"""`catalog list`: components by layer, capability, status, licence, cloud or depth of support."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from typing import Any, get_args

from catalog.catalog import Catalog
from catalog.components import Component, Support
from catalog.errors import UsageError
from catalog.faults import did_you_mean
from catalog.lifecycle import Status
from wizard.commands.common import catalog_of, print_json, takes_catalog, takes_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the filters; several narrow each other down."""
    parser.add_argument("--layer", help="answers a decision of this layer")
    parser.add_argument("--capability", help="provides this, in some role at least")
    parser.add_argument("--status", choices=get_args(Status), help="its lifecycle status on the catalog's day")
    parser.add_argument("--licence", metavar="SPDX", help="is under this licence, or will be")
    parser.add_argument("--cloud", help="can run or be bought there")
    parser.add_argument("--support", choices=get_args(Support), help="how much of it this product takes care of")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what passes every filter."""
    catalog = catalog_of(arguments)
    clouds = [value.id for value in catalog.questions["cloud"].values] if "cloud" in catalog.questions else []
    licences = {name for component in catalog.components.values() for name in _licences(component)}
    for word, given, known in (("layer", arguments.layer, catalog.layers), ("cloud", arguments.cloud, clouds),
                               ("capability", arguments.capability, catalog.capabilities),
                               ("licence", arguments.licence, licences)):
        _known(word, given, known)
    found = [component for component in catalog.components.values() if _passes(catalog, component, arguments)]
    if arguments.json:
        print_json([_data(catalog, component) for component in found])
        return 0
    width = max((len(component.id) for component in found), default=0)
    for component in found:
        status = component.status(catalog.as_of)
        marks = [component.support, *([status] if status != "active" else [])]
        print(f"{component.id:<{width}}  {component.title} ({', '.join(marks)})")
    return 0


def _known(word: str, given: str | None, known: Iterable[str]) -> None:
    names = list(known)
    if given is not None and given not in names:
        raise UsageError(f"unknown {word} {given!r}{did_you_mean(given, names)}; one of {', '.join(sorted(names))}")


def _licences(component: Component) -> tuple[str, ...]:
    return (component.licence.spdx, *(change.to for change in component.licence.changes))


def _layers(catalog: Catalog, component: Component) -> list[str]:
    return list(dict.fromkeys(catalog.layer_of[role] for role in component.roles))


def _provides(component: Component) -> set[str]:
    return {*component.provides, *(name for role in component.roles.values() for name in role.provides)}


def _passes(catalog: Catalog, component: Component, wanted: argparse.Namespace) -> bool:
    return all((
        wanted.layer is None or wanted.layer in _layers(catalog, component),
        wanted.capability is None or wanted.capability in _provides(component),
        wanted.status is None or component.status(catalog.as_of) == wanted.status,
        wanted.licence is None or wanted.licence in _licences(component),
        wanted.cloud is None or not component.clouds or wanted.cloud in component.clouds,
        wanted.support is None or component.support == wanted.support,
    ))


def _data(catalog: Catalog, component: Component) -> dict[str, Any]:
    day: date = catalog.as_of
    return {
        "id": component.id, "title": component.title, "aliases": list(component.aliases),
        "summary": component.summary, "layers": _layers(catalog, component), "decisions": list(component.roles),
        "support": component.support, "status": component.status(day), "licence": component.licence.spdx,
        "clouds": list(component.clouds), "provides": sorted(_provides(component)),
        "successor": component.lifecycle.successor,
    }
