"""A formula that was kept is the formula that would be encoded, and never trusted further than that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from catalog.catalog import Catalog
from catalog.loader import load
from wizard.solver import Engine
from wizard.solver.encode import Encoded, encode
from wizard.solver.thresholds import thresholds


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Catalog]:
    """A cache folder, and the catalog that was put there."""
    monkeypatch.setenv("K8S_WIZARD_CACHE", str(tmp_path))
    load()
    return tmp_path, load()


def content(encoded: Encoded) -> dict[str, Any]:
    """What a formula holds, without what it looked up in the catalog meanwhile."""
    names = set(vars(Encoded.__new__(Encoded))) | {
        "kinds", "meanings", "structure", "rules", "clauses", "waivable", "observed", "thresholds", "cuts", "context",
        "facts", "lines", "texts", "choice", "release", "asked", "_rising", "_said", "_gates", "_rule_index",
    }
    return {name: vars(encoded)[name] for name in names}


@pytest.mark.parametrize(("kinds", "extra"), [
    (1, frozenset()), (2, frozenset()), (1, frozenset({("backup.interval", Fraction(5400))})),
])
def test_a_kept_formula_is_the_one_that_is_encoded(kept: tuple[Path, Catalog], kinds: int, extra: Any) -> None:
    folder, catalog = kept
    Engine(catalog).machine(kinds, extra)
    before = sorted(path.name for path in folder.iterdir())
    again = Engine(catalog).machine(kinds, extra).encoded
    assert sorted(path.name for path in folder.iterdir()) == before
    fresh = encode(catalog, kinds, thresholds(catalog), extra)
    assert content(again) == content(fresh)
    assert list(again.choice) == list(fresh.choice)


def test_a_damaged_formula_is_encoded_anew(kept: tuple[Path, Catalog]) -> None:
    folder, catalog = kept
    Engine(catalog).machine(1)
    file, = folder.glob("formula-*.json")
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole.replace(b"[2,", b"[3,", 1), whole.split(b"\n")[0] + b"\n\n{}"):
        file.write_bytes(damaged)
        encoded = Engine(catalog).machine(1).encoded
        assert content(encoded) == content(encode(catalog, 1))
        assert file.read_bytes() == whole


def test_a_catalog_made_from_another_takes_nothing_that_was_kept_for_it(kept: tuple[Path, Catalog]) -> None:
    _, catalog = kept
    assert catalog.key
    # Without their rules, which may name components that are not kept.
    fewer = replace(catalog, components={
        name: catalog.components[name].model_copy(update={"rules": ()}) for name in list(catalog.components)[:50]})
    assert not fewer.key
    assert len(Engine(fewer).machine(1).encoded.choice) < len(Engine(catalog).machine(1).encoded.choice)
