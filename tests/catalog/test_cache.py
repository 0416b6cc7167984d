"""The cache is a faster way to the same catalog, and never trusted further than that."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from catalog import cache
from catalog.errors import CatalogError
from catalog.loader import BUILT_IN, load


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with the built-in catalog in it."""
    place = tmp_path / "cache"
    monkeypatch.setenv("K8S_WIZARD_CACHE", str(place))
    load()
    file, = place.glob("catalog-*.json")
    return file


def test_the_cache_gives_back_the_same_catalog(kept: Path) -> None:
    recalled, fresh = cache.recall([BUILT_IN]), load(cached=False)
    assert recalled is not None
    assert (recalled.as_of, recalled.refreshed, recalled.revision) == (fresh.as_of, fresh.refreshed, fresh.revision)
    assert list(recalled.components.values()) == list(fresh.components.values())
    assert list(recalled.layers.values()) == list(fresh.layers.values())
    assert dict(recalled.origins) == dict(fresh.origins)


@pytest.mark.parametrize("damage", [
    lambda data: b"", lambda data: data[: len(data) // 2], lambda data: data.replace(b"graduated", b"archived!", 1),
    lambda data: b"\x00" * 100, lambda data: b"{}\n" * 6, lambda data: data.split(b"\n", 2)[0] + b"\n\n\n\n\n",
], ids=["empty", "cut off", "changed", "binary", "something else", "a key without a body"])
def test_a_damaged_cache_is_rebuilt(kept: Path, damage: object) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))  # type: ignore[operator]
    assert cache.recall([BUILT_IN]) is None
    assert len(load().components) == len(load(cached=False).components)
    assert kept.read_bytes() == whole


def test_a_cache_of_another_catalog_is_not_taken(kept: Path, tmp_path: Path) -> None:
    copy = tmp_path / "catalog"
    shutil.copytree(BUILT_IN, copy, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    theirs = kept.read_bytes()
    (kept.parent / f"catalog-{cache.key([copy])[:24]}.json").write_bytes(theirs)
    assert cache.recall([copy]) is None


def test_a_changed_file_makes_the_cache_old(kept: Path, tmp_path: Path) -> None:
    copy = tmp_path / "catalog"
    shutil.copytree(BUILT_IN, copy, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    first = load(built_in=copy)
    path = copy / "components/registry/harbor.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Harbor", "title: Harbour", 1), "utf-8")
    assert first.components["harbor"].title == "Harbor"
    assert load(built_in=copy).components["harbor"].title == "Harbour"


def test_an_empty_name_switches_the_cache_off(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8S_WIZARD_CACHE", "")
    assert cache.folder() is None
    assert cache.recall([BUILT_IN]) is None


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("K8S_WIZARD_CACHE", str(tmp_path / "file"))
    assert load().components


def test_a_folder_without_a_catalog_is_refused_though_the_rest_is_cached(kept: Path, tmp_path: Path) -> None:
    load()
    (tmp_path / "nothing").mkdir()
    with pytest.raises(CatalogError, match="nothing: holds no catalog"):
        load([tmp_path / "nothing"])


def test_a_file_of_the_same_size_and_date_is_another_file(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "ours/components/registry/harbor.yaml"
    path.parent.mkdir(parents=True)
    for word in ("First", "Other"):
        path.write_text(f"summary: {word} words about it.\n", "utf-8")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert load([tmp_path / "ours"]).components["harbor"].summary.startswith(word)
