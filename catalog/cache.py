"""The catalog's cache: validated models as JSON, kept in the user's cache folder.

A cache is only a faster way to the same Catalog: it is used when its key (every file's path, size and time, and the
code that reads them) and its digest fit, and rebuilt otherwise. It is data, never pickled code.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.layers import Capability, Layer
from catalog.overlay import entries_of

FORMAT = 1


@cache
def _adapters() -> tuple[TypeAdapter[list[Layer]], TypeAdapter[list[Component]], TypeAdapter[list[Capability]]]:
    return TypeAdapter(list[Layer]), TypeAdapter(list[Component]), TypeAdapter(list[Capability])


def folder() -> Path | None:
    """Where caches lie; None when K8S_WIZARD_CACHE is set to nothing."""
    stated = os.environ.get("K8S_WIZARD_CACHE")
    if stated is not None:
        return Path(stated) if stated else None
    from platformdirs import user_cache_path

    return user_cache_path("k8s-wizard")


def key(folders: Sequence[Path]) -> str:
    """Changes whenever a file of the catalog or the code that reads it changes, and with the folders themselves."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for folder in folders:
        digest.update(f"{os.path.abspath(folder)}\n".encode())  # noqa: PTH100  (without a look at the disk)
    with os.scandir(Path(__file__).parent) as entries:
        code = sorted((entry for entry in entries if entry.name.endswith(".py")), key=lambda entry: entry.name)
    for entry in [*code, *(entry for folder in folders for entry in entries_of(folder))]:
        status = entry.stat()
        # The time of the last change of the entry cannot be set: a file of the same size that was unpacked with the same
        # date is another file all the same.
        times = f"{status.st_mtime_ns}\0{status.st_ctime_ns}"
        digest.update(f"{entry.path}\0{status.st_size}\0{times}\n".encode())
    return digest.hexdigest()


def recall(folders: Sequence[Path]) -> Catalog | None:
    """The cached catalog of these folders, or None when there is none that can be trusted."""
    place = folder()
    if place is None:
        return None
    try:
        wanted = key(folders)
        head, digest, *parts = (place / f"catalog-{wanted[:24]}.json").read_bytes().split(b"\n", 5)
        if head.decode() != wanted or hashlib.sha256(b"\n".join(parts)).hexdigest() != digest.decode():
            return None
        layers, components, capabilities = _adapters()
        rest = json.loads(parts[0])
        return Catalog(
            layers={layer.id: layer for layer in layers.validate_json(parts[1])},
            components={component.id: component for component in components.validate_json(parts[2])},
            capabilities={capability.id: capability for capability in capabilities.validate_json(parts[3])},
            as_of=date.fromisoformat(rest["as-of"]),
            refreshed=date.fromisoformat(rest["refreshed"]) if rest["refreshed"] else None,
            revision=rest["revision"], origins=rest["origins"],
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, ValidationError):
        return None


def remember(folders: Sequence[Path], catalog: Catalog) -> None:
    """Keep a catalog for the next start; a cache that cannot be written is no failure."""
    place = folder()
    if place is None:
        return
    layers, components, capabilities = _adapters()
    rest = {"as-of": catalog.as_of.isoformat(), "revision": catalog.revision, "origins": dict(catalog.origins),
            "refreshed": catalog.refreshed.isoformat() if catalog.refreshed else None}
    options = {"by_alias": True, "exclude_defaults": True}
    parts = b"\n".join([
        json.dumps(rest, sort_keys=True).encode(),
        layers.dump_json(list(catalog.layers.values()), **options),  # type: ignore[arg-type]
        components.dump_json(list(catalog.components.values()), **options),  # type: ignore[arg-type]
        capabilities.dump_json(list(catalog.capabilities.values()), **options),  # type: ignore[arg-type]
    ])
    try:
        wanted = key(folders)
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
            file.write(wanted.encode() + b"\n" + hashlib.sha256(parts).hexdigest().encode() + b"\n" + parts)
        Path(file.name).replace(place / f"catalog-{wanted[:24]}.json")
        for stale in sorted(place.glob("catalog-*.json"), key=lambda path: path.stat().st_mtime)[:-8]:
            stale.unlink(missing_ok=True)
    except OSError:
        return
