"""How files for nodes are written: block YAML, keys in the order given, and a comment that says where a file belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exporters.delivery.text import document


def placed(place: str, data: Mapping[str, Any], *more: str) -> str:
    """A file with its place on the node."""
    return document(dict(data), (place, *more))


def documents(place: str, data: Sequence[Mapping[str, Any]], *more: str) -> str:
    """Several documents in one file with its place."""
    return "".join(f"# {line}\n" for line in (place, *more)) + "---\n".join(document(dict(entry)) for entry in data)
