"""Fields of configurations that others have read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def fields(value: Any, name: str) -> Mapping[str, Any]:
    """The fields below one, empty where it has none."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}
