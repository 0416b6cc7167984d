"""The exporters there are, in the order in which they are shown. A new exporter is one module and one line here."""

from __future__ import annotations

from collections.abc import Sequence
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


def exporters(only: Sequence[str] = ()) -> tuple[Exporter, ...]:
    """The exporters named, or all of them. Raises UsageError for an unknown name."""
    for name in only:
        if name not in _MODULES:
            raise UsageError(f"unknown exporter {name!r}{did_you_mean(name, _MODULES)}; known: {', '.join(_MODULES)}")
    return tuple(import_module(module).EXPORTER for name, module in _MODULES.items() if not only or name in only)
