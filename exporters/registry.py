"""The exporters there are, in the order in which they are shown. A new exporter is one module and one line here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from catalog.errors import UsageError
from catalog.faults import did_you_mean
from exporters.base import Exporter

_MODULES: dict[str, str] = {
    "diagrams": "exporters.pictures.exporter",
    "manifests": "exporters.manifests",
    "nodes": "exporters.nodes",
    "delivery": "exporters.delivery.exporter",
    "records": "exporters.records.exporter",
    "overview": "exporters.records.overview",
    "runbooks": "exporters.records.runbooks",
}


def names() -> tuple[str, ...]:
    """What `--only` takes."""
    return tuple(_MODULES)


PAGE = "html"
"""A format of the whole export, not of a picture: one page."""


def formats(wanted: Sequence[str]) -> tuple[str, ...]:
    """The formats of pictures among those asked for, without the page. Raises UsageError for an unknown name."""
    from exporters.pictures.formats import FORMATS

    for name in wanted:
        if name not in (PAGE, *FORMATS):
            known = (PAGE, *FORMATS)
            raise UsageError(f"unknown format {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}")
    return tuple(name for name in dict.fromkeys(wanted) if name != PAGE)


def exporters(only: Sequence[str] = (), further: Sequence[str] = ()) -> tuple[Exporter, ...]:
    """The exporters named, or all of them, pictures also in further formats. Raises UsageError for an unknown name."""
    for name in only:
        if name not in _MODULES:
            raise UsageError(f"unknown exporter {name!r}{did_you_mean(name, _MODULES)}; known: {', '.join(_MODULES)}")
    found = {name: import_module(module).EXPORTER for name, module in _MODULES.items() if not only or name in only}
    if further and "diagrams" in found:
        found["diagrams"] = replace(found["diagrams"], further=tuple(further))
    return tuple(found.values())
