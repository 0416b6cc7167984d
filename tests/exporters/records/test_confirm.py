"""Each record's confirmation catches a change of the manifests that it is about, and names the record."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from catalog.design import Design
from exporters.base import Artifact, Earlier, Stamp
from exporters.lock import lock
from exporters.manifests import Manifests
from exporters.manifests.check import Tree, is_object, named
from exporters.manifests.labels import RECORD
from exporters.manifests.rejected import foreign
from exporters.records.confirm import failures
from tests.exporters.manifests.standins import stand_in

HOW = ("stand-argo", "stand-flux", "stand-push")


@pytest.fixture(scope="module", params=HOW)
def export(request: pytest.FixtureRequest) -> tuple[Tree, dict[str, Any]]:
    design = stand_in({"deployment": (request.param,)})
    made = [entry for entry in Manifests().export(design, Earlier(), Stamp()) if isinstance(entry, Artifact)]
    tree = Tree.of({entry.path: entry.data.decode() for entry in made})
    return tree, json.loads(lock(design, made, Earlier()).data)


def test_what_was_exported_is_confirmed(export: tuple[Tree, dict[str, Any]]) -> None:
    assert failures(*export) == []


def test_every_record_with_manifests_catches_each_object_changed_or_removed(
    export: tuple[Tree, dict[str, Any]]
) -> None:
    tree, locked = export
    tried = set()
    for path, bodies in tree.files.items():
        for at, body in enumerate(bodies):
            slug = body["metadata"].get("annotations", {}).get(RECORD) if is_object(body) else None
            if slug not in locked["records"]:
                continue
            for change in ("removed", "changed"):
                mutated = copy.deepcopy(bodies)
                if change == "removed":
                    del mutated[at]
                else:
                    mutated[at].setdefault("spec", {})
                    mutated[at]["spec"] = {"replaced": True}
                found = failures(Tree({**tree.files, path: mutated}), locked)
                number = locked["records"][slug]["number"]
                assert any(entry.record == f"docs/decisions/{number:04d}-{slug}.md" for entry in found), (path, slug)
            tried.add(slug)
    assert len(tried) > 3


def test_a_chart_at_another_version_is_caught(export: tuple[Tree, dict[str, Any]]) -> None:
    tree, locked = export
    places = [place for wanted in locked["confirmations"].values() for place in wanted.get("charts", {})]
    assert places
    for place in places:
        path, _, chart = place.partition("#")
        mutated = json.loads(json.dumps(tree.files[path], default=str))
        _bump(mutated, chart)
        said = [str(entry) for entry in failures(Tree({**tree.files, path: mutated}), locked)]
        assert any(f"the chart {chart} has to be at" in line for line in said)


def test_an_object_added_by_hand_under_a_record_is_named(export: tuple[Tree, dict[str, Any]]) -> None:
    tree, locked = export
    slug = next(slug for slug, wanted in locked["confirmations"].items() if wanted.get("objects"))
    extra = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "extra", "annotations": {RECORD: slug}}}
    found = failures(Tree({**tree.files, "manifests/extra.yaml": [extra]}), locked)
    assert len(found) == 1 and "added by hand" in found[0].message


def _bump(node: Any, chart: str) -> None:
    if isinstance(node, dict):
        if str(node.get("chart", "")).rsplit("/", 1)[-1] == chart:
            for key in ("version", "targetRevision"):
                if key in node:
                    node[key] = "0.0.1"
        for key in ("chart", "path"):
            if f"charts/{chart}-" in str(node.get(key)):
                node[key] = f"charts/{chart}-0.0.1"
        for value in node.values():
            _bump(value, chart)
    elif isinstance(node, list):
        for value in node:
            _bump(value, chart)


def test_a_chart_in_another_namespace_is_caught(export: tuple[Tree, dict[str, Any]]) -> None:
    tree, locked = export
    places = {place: slug for slug, wanted in locked["confirmations"].items() for place in wanted.get("namespaces", {})}
    assert places
    for place in places:
        path, _, chart = place.partition("#")
        mutated = json.loads(json.dumps(tree.files[path], default=str))
        _move(mutated)
        said = [entry for entry in failures(Tree({**tree.files, path: mutated}), locked)
                if f"the chart {chart} has to be in the namespace" in entry.message]
        assert said and said[0].record.endswith(f"-{places[place]}.md")


def test_an_object_of_what_was_not_chosen_is_named_with_the_record_that_rejected_it() -> None:
    made = _sample("small-team")
    locked = json.loads(lock(made, (), Earlier()).data)
    slug, absent = next((slug, wanted["absent"]) for slug, wanted in locked["confirmations"].items() if "absent" in wanted)
    group, title = next(iter(absent.items()))
    extra = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": {"name": "extra"}}
    assert failures(Tree({}), locked) == []
    found = [entry for entry in failures(Tree({"manifests/extra.yaml": [extra]}), locked) if f"-{slug}.md" in entry.record]
    assert [f"belongs to {title}, which was not chosen" in entry.message for entry in found] == [True]


def test_no_api_group_of_something_chosen_is_ever_forbidden() -> None:
    made = _sample("media-house")
    ours = {group for part in made.selected() if part.install for group in part.install.crds}
    refused = {group for groups in foreign(made).values() for group in groups}
    assert ours and refused and not ours & refused


def _sample(name: str) -> Design:
    from tests.benchmarks.pictures import sample

    return sample(name)


def _move(node: Any) -> None:
    if isinstance(node, dict):
        for key in ("namespace", "targetNamespace"):
            if isinstance(node.get(key), str):
                node[key] = "elsewhere"
        for value in node.values():
            _move(value)
    elif isinstance(node, list):
        for value in node:
            _move(value)


@pytest.mark.parametrize("sample", ["start-up", "small-team", "bank", "media-house"])
def test_each_kind_of_change_to_what_a_choice_brought_is_missed_by_the_record_of_that_choice(sample: str) -> None:
    """One object changed or removed, a chart at another version or in another namespace, values changed or removed, an
    object of what was not chosen: one at a time, for every choice of a real design."""
    made = _sample(sample)
    artifacts = [entry for entry in Manifests().export(made, Earlier(), Stamp()) if isinstance(entry, Artifact)]
    tree = Tree.of({entry.path: entry.data.decode() for entry in artifacts})
    locked = json.loads(lock(made, artifacts, Earlier()).data)
    tried: set[str] = set()
    for slug, wanted in locked["confirmations"].items():
        record = f"docs/decisions/{locked['records'][slug]['number']:04d}-{slug}.md"
        for change, files in _changes(tree.files, wanted):
            found = failures(Tree({**tree.files, **files}), locked)
            assert record in {entry.record for entry in found}, (slug, change)
            tried.add(change.split(" ")[0])
    assert tried == {"changed", "removed", "version", "namespace", "values", "absent"}


def _changes(files: Mapping[str, list[Any]], wanted: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """What somebody could do by hand to the first thing of each kind that a record says."""
    for place in list(wanted.get("objects", {}))[:1]:
        path, _, name = place.partition("#")
        (at,) = [at for at, body in enumerate(files[path]) if is_object(body) and f"{body['apiVersion']} {named(body)}" == name]
        yield f"removed {name}", {path: files[path][:at] + files[path][at + 1:]}
        changed = {**files[path][at], "data": {"by": "hand"}}
        yield f"changed {name}", {path: [*files[path][:at], changed, *files[path][at + 1:]]}
    for place in list(wanted.get("charts", {}))[:1]:
        path, _, chart = place.partition("#")
        mutated = json.loads(json.dumps(files[path], default=str))
        _bump(mutated, chart)
        assert mutated != files[path]
        yield f"version of {chart}", {path: mutated}
    for place in list(wanted.get("namespaces", {}))[:1]:
        path, _, chart = place.partition("#")
        mutated = json.loads(json.dumps(files[path], default=str))
        _move(mutated)
        yield f"namespace of {chart}", {path: mutated}
    for path in list(wanted.get("files", {}))[:1]:
        yield f"values of {path}", {path: [{**files[path][0], "byHand": True}, *files[path][1:]]}
    for group in list(wanted.get("absent", {}))[:1]:
        extra = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": {"name": "extra"}}
        yield f"absent {group}", {"manifests/by-hand.yaml": [extra]}


@pytest.mark.parametrize("sample", ["start-up", "small-team"])
def test_in_a_real_design_each_choice_that_is_carried_out_by_manifests_is_missed_by_its_own_record(sample: str) -> None:
    """Everything that one choice brought is taken out by hand: its record notices, and no other choice's does."""
    made = _sample(sample)
    artifacts = [entry for entry in Manifests().export(made, Earlier(), Stamp()) if isinstance(entry, Artifact)]
    tree = Tree.of({entry.path: entry.data.decode() for entry in artifacts})
    locked = json.loads(lock(made, artifacts, Earlier()).data)
    assert failures(tree, locked) == []
    carried = {slug: wanted for slug, wanted in locked["confirmations"].items() if set(wanted) - {"absent"}}
    assert len(carried) > 10
    for slug, wanted in carried.items():
        gone = {tuple(place.split("#")) for place in wanted.get("objects", {})}
        charts = {tuple(place.split("#")) for place in wanted.get("charts", {})}
        left = {}
        for path, bodies in tree.files.items():
            kept = [body for body in bodies
                    if not (is_object(body) and (path, f"{body['apiVersion']} {named(body)}") in gone)]
            left[path] = [_without(body, {chart for where, chart in charts if where == path}) for body in kept]
        for path in wanted.get("files", {}):
            left.pop(path, None)
        found = failures(Tree(left), locked)
        number = locked["records"][slug]["number"]
        assert f"docs/decisions/{number:04d}-{slug}.md" in {entry.record for entry in found}, slug


def _without(node: Any, charts: set[str]) -> Any:
    """A document without what installs these charts."""
    if isinstance(node, dict):
        return {key: _without(value, charts) for key, value in node.items()
                if not (key == "chart" and isinstance(value, str) and value.rsplit("/", 1)[-1] in charts)}
    return [_without(value, charts) for value in node] if isinstance(node, list) else node
