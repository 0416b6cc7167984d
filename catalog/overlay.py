"""Overlays: a folder of the catalog's shape laid over another.

A component or layer file of the same name replaces whole top-level fields; its `rules` are added (or replace the rule
of the same id) and `remove-rules` takes rules away. `overlay.yaml` allows or forbids components by id or licence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from catalog.errors import FaultsError
from catalog.faults import Fault, did_you_mean
from catalog.folders import files_of
from catalog.model import Model, Sentence, Url
from catalog.reading import Document, Where, content, parse


class Ban(Model):
    """Components that this company does not use: by id, or by SPDX licence."""

    component: str | None = None
    licence: str | None = None
    because: Sentence
    source: Url

    @model_validator(mode="after")
    def one_of_them(self) -> Ban:
        if (self.component is None) == (self.licence is None):
            raise ValueError("exactly one of component, licence is forbidden by an entry")
        return self


class OverlayFile(Model):
    """`overlay.yaml`: the company's own word about the catalog."""

    title: str
    forbid: tuple[Ban, ...] = ()
    allow_only: tuple[str, ...] = Field(default=())
    """When given, components that are not named are forbidden wherever one of the named answers the decision."""
    source: Url | None = None
    """Where the list of `allow-only` is kept."""

    @model_validator(mode="after")
    def list_with_a_source(self) -> OverlayFile:
        if self.allow_only and self.source is None:
            raise ValueError("'allow-only' needs 'source': where that list is kept")
        return self


@dataclass
class RawEntry:
    """One component or layer before validation: merged fields, and for each top-level field the document behind it."""

    id: str
    folder: str
    fields: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    rules: list[tuple[dict[str, Any], Document, Where]] = field(default_factory=list)
    first: Document | None = None

    def place(self, where: Where) -> tuple[Document, Where]:
        """The document and the way in it, for a way in the merged entry."""
        if where and where[0] == "rules" and len(where) > 1 and isinstance(where[1], int) and where[1] < len(self.rules):
            _, document, base = self.rules[where[1]]
            return document, (*base, *where[2:])
        assert self.first is not None
        return (self.documents.get(str(where[0]), self.first) if where else self.first), where


@dataclass
class RawCatalog:
    """Everything read and merged, in order of folders; nothing validated yet."""

    layers: dict[str, RawEntry] = field(default_factory=dict)
    components: dict[str, RawEntry] = field(default_factory=dict)
    capabilities: list[tuple[str, Any, Document, Where]] = field(default_factory=list)
    overlays: list[Document] = field(default_factory=list)
    as_of: tuple[Any, Document] | None = None
    refreshed: tuple[Any, Document] | None = None
    faults: list[Fault] = field(default_factory=list)
    revision: str = ""
    """Digest of every file, by its path in its folder."""


def gather(folders: Iterable[Path]) -> RawCatalog:
    """Read and merge folders, the built-in one first."""
    raw, digest = RawCatalog(), hashlib.sha256()
    for at, folder in enumerate(folders):
        label = "" if at == 0 else f"{folder.name}/"
        paths = files_of(folder)
        if not paths:
            raw.faults.append(Fault(str(folder.name), 0, "holds no catalog: expected layers/, components/ or overlay.yaml"))
        seen: dict[str, str] = {}
        for path in paths:
            own = path.relative_to(folder).as_posix()
            shown = label + own
            try:
                data = content(path, shown)
                digest.update(own.encode() + b"\0" + data + b"\0")
                document = parse(data, shown)
            except FaultsError as error:
                raw.faults.extend(error.faults)
                continue
            _place(raw, document, path, shown, seen)
    raw.revision = digest.hexdigest()[:16]
    return raw


def _place(raw: RawCatalog, document: Document, path: Path, shown: str, seen: dict[str, str]) -> None:
    if not isinstance(document.value, dict):
        raw.faults.append(Fault(shown, 1, "must be a mapping of keys to values"))
    elif path.name == "capabilities.yaml" and path.parent.name != "layers":
        raw.capabilities.extend((key, value, document, (key,)) for key, value in document.value.items())
    elif path.name == "catalog.yaml" and path.parent.name != "layers":
        _days(raw, document)
    elif path.name == "overlay.yaml" and path.parent.name != "layers":
        raw.overlays.append(document)
    elif path.parent.name == "layers":
        _merge(raw.layers, path.stem, "layers", document, raw.faults)
    else:
        if path.stem in seen:
            raw.faults.append(Fault(shown, 1, f"component {path.stem!r} is already described in {seen[path.stem]}"))
            return
        seen[path.stem] = shown
        _merge(raw.components, path.stem, path.parent.name, document, raw.faults)


def _days(raw: RawCatalog, document: Document) -> None:
    """An overlay's `catalog.yaml` may name days of its own; a day that it does not name stays."""
    for key in document.value:
        if key not in ("as-of", "refreshed"):
            raw.faults.append(document.fault((key,), f"unknown key {key!r}{did_you_mean(key, ('as-of', 'refreshed'))}"))
    if "as-of" in document.value:
        raw.as_of = (document.value["as-of"], document)
    if "refreshed" in document.value:
        raw.refreshed = (document.value["refreshed"], document)


def _merge(
    entries: dict[str, RawEntry], id_: str, folder: str, document: Document, faults: list[Fault]
) -> None:
    entry = entries.setdefault(id_, RawEntry(id_, folder))
    if entry.first is None:
        entry.first = document
    fields = dict(document.value)
    removed = fields.pop("remove-rules", [])
    if not isinstance(removed, list):
        faults.append(document.fault(("remove-rules",), "'remove-rules' must be a list of ids"))
        removed = []
    for at, rule_id in enumerate(removed):
        kept = [item for item in entry.rules if item[0].get("id") != rule_id]
        if len(kept) == len(entry.rules):
            guess = did_you_mean(str(rule_id), [str(item[0].get("id")) for item in entry.rules])
            faults.append(document.fault(("remove-rules", at), f"there is no rule {rule_id!r} to remove{guess}"))
        entry.rules = kept
    rules = fields.pop("rules", [])
    if not isinstance(rules, list):
        faults.append(document.fault(("rules",), "'rules' must be a list"))
        rules = []
    for at, rule in enumerate(rules):
        where: Where = ("rules", at)
        if not isinstance(rule, dict):
            faults.append(document.fault(where, "a rule is a mapping of keys to values"))
            continue
        same = [n for n, item in enumerate(entry.rules) if item[0].get("id") == rule.get("id") and item[1] is not document]
        if same:
            entry.rules[same[0]] = (rule, document, where)
        else:
            entry.rules.append((rule, document, where))
    entry.fields.update(fields)
    entry.documents.update(dict.fromkeys(fields, document))
