"""The one YAML reader: what it takes, and how it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import FaultsError
from catalog.reading import MAX_BYTES, MAX_NODES, parse, read


def faults(data: bytes) -> str:
    with pytest.raises(FaultsError) as caught:
        parse(data, "x.yaml")
    return str(caught.value)


def test_no_on_and_yes_are_words() -> None:
    assert parse(b"a: no\nb: on\nc: yes\n", "x").value == {"a": "no", "b": "on", "c": "yes"}


def test_numbers_with_a_point_stay_as_written() -> None:
    assert parse(b"a: 99.90\nb: 1.10\n", "x").value == {"a": "99.90", "b": "1.10"}


def test_days_stay_text_until_a_model_asks() -> None:
    assert parse(b"a: 2026-11-23\n", "x").value == {"a": "2026-11-23"}


def test_each_part_remembers_its_line() -> None:
    document = parse(b"a: 1\nb:\n  - x\n  - y: 2\n", "x")
    assert document.line(("b", 1, "y")) == 4
    assert document.line(("b", 7)) == 2


def test_a_key_said_twice_is_refused_with_both_lines() -> None:
    assert faults(b"a: 1\nb: 2\na: 3\n") == "x.yaml:3: 'a' is said twice; first on line 1"


@pytest.mark.parametrize("data", [b"a: &x [1]\nb: [*x, *x]\n", b"a: &x 1\n"])
def test_anchors_and_aliases_are_refused(data: bytes) -> None:
    assert "anchors and aliases" in faults(data)


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 60))
    assert "anchors and aliases" in faults(bomb)


@pytest.mark.parametrize("data", [b"[" * 20000, b"a: " + b"{a: " * 5000, b"- " * 5000 + b"x"])
def test_deep_nesting_is_a_fault_and_no_crash(data: bytes) -> None:
    assert "x.yaml" in faults(data)


def test_other_text_than_utf8_is_named_at_its_line() -> None:
    assert faults(b"a: 1\nb: \xff\n") == "x.yaml:2: is not UTF-8 text; save it as UTF-8"


def test_tags_that_make_objects_are_refused() -> None:
    assert "tag" in faults(b"a: !!python/object/apply:os.system [x]\n")


@pytest.mark.parametrize("data", [b"- x\n" * (MAX_NODES + 1), b"- a:\n" * (MAX_NODES // 2 + 1)])
def test_a_file_of_too_many_parts_is_refused(data: bytes) -> None:
    assert "too large" in faults(data)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"x" * (5 * MAX_BYTES))
    with pytest.raises(FaultsError, match="at most 2,000,000 are read"):
        read(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=r"gone\.yaml: cannot be read: No such file"):
        read(tmp_path / "gone.yaml")
