"""Each record's confirmation catches a change of the manifests that it is about, and names the record."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from exporters.base import Artifact, Earlier, Stamp
from exporters.lock import lock
from exporters.manifests import Manifests
from exporters.manifests.check import Tree, is_object
from exporters.manifests.labels import RECORD
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
        for value in node.values():
            _bump(value, chart)
    elif isinstance(node, list):
        for value in node:
            _bump(value, chart)
