"""Fluent Bit: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/format-schema"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase


def read(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Kind of a section to the plugin that it names to its properties, in lower case."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for kind, properties in _parts(text):
        found.setdefault(kind, {}).setdefault(properties.get("name", "?"), {}).update(properties)
    return found


def _parts(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    kind, *rest = re.split(r"(?m)^\[(\w+)\]\s*$", text)
    if kind.strip():
        raise ValueError(f"{kind.strip().splitlines()[0]} stands before any section")
    for kind, body in zip(rest[::2], rest[1::2], strict=True):
        pairs = [line.strip().partition(" ") for line in body.splitlines() if line.strip() and not line.strip().startswith("#")]
        properties = {key.lower(): value.strip() for key, _, value in pairs}
        for key, value in properties.items():
            if not value:
                raise ValueError(f"{key} of [{kind}] has no value")
        yield kind, properties


def leads(texts: Sequence[str], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Filters and outputs that meet no tag of an input. A tag with a star is filled in by the input's own names."""
    parts = [part for text in texts for part in _parts(text)]
    tags = [plugin.get("tag", "").replace("*", "x") for kind, plugin in parts if kind == "INPUT"]
    for kind, plugin in parts:
        match = plugin.get("match")
        if kind in ("FILTER", "OUTPUT") and match and tags and not any(fnmatchcase(tag, match) for tag in tags):
            yield f"[{kind}] {plugin.get('name')} matches {match}, and no input has such a tag"
