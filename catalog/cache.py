"""The catalog's cache: validated models as JSON, kept in the user's cache folder.

A cache is only a faster way to the same Catalog: it is used when its key (every file's path, size and time, and the
code that reads them) and its digest fit, and rebuilt otherwise. It is data, never pickled code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from catalog.catalog import Catalog
from catalog.kept import entry, folder, keep, key
from catalog.layers import Capability, Layer

if TYPE_CHECKING:
    from catalog.components import Component

_OPTIONS: dict[str, Any] = {"by_alias": True, "exclude_defaults": True}


class _Kinds(dict[type, bool]):
    """Whether a type is one of our models, asked once of each: pydantic takes its time to tell."""

    def __missing__(self, kind: type) -> bool:
        return self.setdefault(kind, issubclass(kind, BaseModel))


_IS_MODEL = _Kinds()
_SAID: dict[frozenset[str], set[str]] = {}


def _share_keys(model: BaseModel) -> None:
    """Each model keeps a set of the keys that were said of it, and those sets are two fifths of what a catalog takes:
    models of which the same keys were said share one. They are frozen, so that no set ever changes."""
    said = model.__pydantic_fields_set__
    object.__setattr__(model, "__pydantic_fields_set__", _SAID.setdefault(frozenset(said), said))
    fields = vars(model)
    for name in said:
        inner = fields[name]
        kind = type(inner)
        if kind is str:
            continue
        if kind is tuple or kind is dict:
            for each in inner.values() if kind is dict else inner:
                if not _IS_MODEL[type(each)]:
                    break
                _share_keys(each)
        elif _IS_MODEL[kind]:
            _share_keys(inner)


class _Components(Mapping[str, "Component"]):
    """Components as they lie in the cache: each becomes a model when it is first looked at, because most questions are
    about few of them."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        self._found: dict[str, Component | bytes] = {**texts}

    def __getitem__(self, name: str) -> Component:
        found = self._found[name]
        if isinstance(found, bytes):
            from catalog.components import Component

            # The model takes the place of its text: nobody needs both.
            found = self._found[name] = Component.model_validate_json(found)
            _share_keys(found)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def recall(folders: Sequence[Path]) -> Catalog | None:
    """The cached catalog of these folders, or None when there is none that can be trusted."""
    try:
        wanted = key(folders)
        text = entry(f"catalog-{wanted[:24]}", wanted)
        if text is None:
            return None
        head, layers, capabilities, *components = text.split(b"\n")
        rest = json.loads(head)
        texts = dict(zip(rest["undo"], components, strict=True))
        every = TypeAdapter(list[Layer]).validate_json(layers)
        for layer in every:
            _share_keys(layer)
        catalog = Catalog(
            layers={layer.id: layer for layer in every},
            components=_Components(texts),
            capabilities={name: Capability.model_construct(id=name, means=means)
                          for name, means in json.loads(capabilities).items()},
            as_of=date.fromisoformat(rest["as-of"]),
            refreshed=date.fromisoformat(rest["refreshed"]) if rest["refreshed"] else None,
            revision=rest["revision"], origins=rest["origins"],
        )
        # What is asked of all components at every start is kept beside them.
        vars(catalog).update(
            key=wanted, options={name: tuple(ids) for name, ids in rest["options"].items()},
            undo=rest["undo"], titles=rest["titles"], namespaces=rest["namespaces"],
            ageing=rest["ageing"],
        )
        return catalog
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ValidationError):
        return None


def remember(folders: Sequence[Path], catalog: Catalog) -> None:
    """Keep a catalog for the next start, and tell it the key under which it is kept."""
    if folder() is None:
        return
    rest = {
        "as-of": catalog.as_of.isoformat(), "revision": catalog.revision, "origins": dict(catalog.origins),
        "refreshed": catalog.refreshed.isoformat() if catalog.refreshed else None,
        "options": dict(catalog.options), "undo": dict(catalog.undo), "titles": dict(catalog.titles),
        "namespaces": dict(catalog.namespaces), "ageing": dict(catalog.ageing),
    }
    parts = b"\n".join([
        json.dumps(rest).encode(),
        TypeAdapter(list[Layer]).dump_json(list(catalog.layers.values()), **_OPTIONS),
        json.dumps({name: entry.means for name, entry in catalog.capabilities.items()}).encode(),
        *(component.model_dump_json(**_OPTIONS).encode() for component in catalog.components.values()),
    ])
    try:
        wanted = key(folders)
    except OSError:
        return
    keep(f"catalog-{wanted[:24]}", wanted, parts, most=8)
    vars(catalog)["key"] = wanted
