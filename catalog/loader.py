"""Loading: the Catalog of some folders, from the cache or by assembling it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from catalog.cache import recall, remember
from catalog.catalog import Catalog

BUILT_IN = Path(__file__).parent


def load(overlays: Sequence[Path] = (), *, cached: bool = True, built_in: Path = BUILT_IN) -> Catalog:
    """The built-in catalog with overlays laid over it, in the order given.

    Raises CatalogError with every fault of every file."""
    folders = [built_in, *overlays]
    with _nothing_to_collect():
        found = recall(folders) if cached else None
        catalog = found or _assembled(folders)
        if cached and found is None:
            remember(folders, catalog)
        # A catalog stays for as long as the program does: no later collection has to look through it.
        gc.freeze()
        return catalog


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """No garbage collection meanwhile: all that is made here is kept, and scanning it again and again takes half of
    the time of a large catalog."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _assembled(folders: Sequence[Path]) -> Catalog:
    # Reading and checking every file takes a machinery that a cached catalog never needs.
    from catalog.assembling import assemble

    return assemble(folders)
