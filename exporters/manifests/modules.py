"""Finds the module of a component: `exporters/manifests/components/<id, hyphens as underscores>.py`, where one exists.

What such a module may define is in the docstring of `exporters.manifests.components`.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

PACKAGE = "exporters.manifests.components"


@cache
def module(component: str) -> ModuleType | None:
    """The component's module, or None when its installation needs no code."""
    name = f"{PACKAGE}.{component.replace('-', '_').replace('.', '_')}"
    if importlib.util.find_spec(name) is None:
        return None
    return importlib.import_module(name)


def hook(component: str, name: str) -> Callable[..., Any] | None:
    """A function of the component's module, or None."""
    found = module(component)
    value = getattr(found, name, None) if found is not None else None
    return value if callable(value) else None
