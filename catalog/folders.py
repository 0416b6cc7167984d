"""Which files of a folder are its catalog: layers, components, and the three files at the top."""

from __future__ import annotations

import os
from pathlib import Path


def files_of(folder: Path) -> list[Path]:
    """Every catalog file of a folder, in a stable order."""
    return [Path(entry.path) for entry in entries_of(folder)]


def entries_of(folder: Path) -> list[os.DirEntry[str]]:
    """The same as entries of the folders that hold them, which is enough to tell whether they changed."""
    top = _listed(folder)
    found = _yaml(top.get("layers"))
    components = top.get("components")
    for layer in _listed(components.path).values() if components is not None and components.is_dir() else ():
        found += _yaml(layer)
    found += [top[name] for name in ("capabilities.yaml", "catalog.yaml", "overlay.yaml")
              if name in top and top[name].is_file()]
    return found


def _listed(folder: Path | str) -> dict[str, os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry for entry in sorted(entries, key=lambda entry: entry.name)}
    except OSError:
        return {}


def _yaml(folder: os.DirEntry[str] | None) -> list[os.DirEntry[str]]:
    if folder is None or not folder.is_dir():
        return []
    return [entry for name, entry in _listed(folder.path).items() if name.endswith(".yaml")]
