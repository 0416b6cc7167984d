"""What many tests need: the real catalog, an engine, and where the shared references are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.loader import load
from wizard.solver import Engine

SHARED = Path(__file__).parents[2] / "shared"
"""Lifecycle facts, charts and schemas beside a developer's checkout; a user's clone has none."""


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["K8S_WIZARD_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["K8S_WIZARD_STATE"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The built-in catalog."""
    return load(cached=False)


@pytest.fixture(scope="session")
def engine(catalog: Catalog) -> Engine:
    """One engine over the built-in catalog."""
    return Engine(catalog)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared references; skips, saying so, where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout: charts, schemas and lifecycle facts cannot be compared")
    return SHARED
