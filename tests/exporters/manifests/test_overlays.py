"""Patches turn one object into the other, whatever they are."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exporters.manifests import overlays

# Names that meet, with the letters that paths of patches escape: drawn from a few, which is quick too.
names = st.sampled_from(["a", "b", "name", "a/b", "~", "~1", "", "é"])
leaves = st.none() | st.booleans() | st.integers() | names


def inside(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A list or a mapping of values."""
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)


values = leaves | inside(leaves | inside(leaves | inside(leaves)))


@given(values, values)
def test_a_patch_makes_the_one_the_other(before: Any, after: Any) -> None:
    patched = overlays.apply(before, overlays.patch(before, after))
    assert (patched == after and repr(patched) == repr(after)) or patched == after


@given(values)
def test_no_difference_is_no_patch(value: Any) -> None:
    assert overlays.patch(value, value) == []


def test_a_truth_value_is_not_a_number() -> None:
    assert overlays.patch({"a": True}, {"a": 1}) == [{"op": "replace", "path": "/a", "value": 1}]


def obj(name: str, replicas: int) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "x"},
        "spec": {"replicas": replicas},
    }


def test_what_is_everywhere_stands_in_the_base_and_what_is_not_in_its_overlay() -> None:
    base, (one, other) = overlays.divide(
        [{"a.yaml": [obj("a", 3), obj("b", 1)]}, {"a.yaml": [obj("a", 1)], "c.yaml": [obj("c", 1)]}]
    )
    assert base == {"a.yaml": (obj("a", 3),)}
    assert one.own == {"a.yaml": (obj("b", 1),)} and not one.patches
    assert other.own == {"c.yaml": (obj("c", 1),)}
    assert list(other.patches.values()) == [({"op": "replace", "path": "/spec/replicas", "value": 1},)]
