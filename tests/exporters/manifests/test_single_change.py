"""One answer changes, and nothing moves that has nothing to do with it. `make test-changes` tries many more."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from catalog.catalog import Catalog
from samples import rebuild
from tests.exporters.manifests.changed import changes
from tests.exporters.manifests.explained import contents, delta, leaks, unexplained
from wizard import answers_file
from wizard.answers import Said
from wizard.complete import resolve
from wizard.solver import Engine

MANY = int(os.environ.get("CHANGES", "8"))
SEED = int(os.environ.get("SEED", "11"))


@pytest.mark.slow
@pytest.mark.parametrize("name", rebuild.names())
def test_every_object_that_differs_is_explained_by_the_answer_that_changed(name: str, catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name)
    design = resolve(answers, catalog, engine, reasons=False)
    wrong = []
    for changed in islice(changes(answers, design, catalog, engine, SEED), MANY):
        found = leaks(design, changed.design)
        wrong += [f"{changed.what}: {' '.join(key)}: {field}" for key, fields in found.items() for field in fields]
    assert wrong == []


def test_what_the_changed_answer_does_not_explain_is_seen(catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(rebuild.HERE / "start-up" / "answers.yaml", catalog, "start-up")
    design = resolve(answers, catalog, engine, reasons=False)
    web = answers.workloads[0].value
    assert web.name == "web"
    image = web.model_copy(update={"image": f"{web.image.rpartition(':')[0]}:9.9.9"})
    after = resolve(replace(answers, workloads=(Said(image), *answers.workloads[1:])), catalog, engine, reasons=False)
    assert leaks(design, after) == {}
    change = delta(design, after)
    objects = contents(design)
    leaked = 0
    for key, body in objects.items():
        moved = copy.deepcopy(dict(body))
        moved.setdefault("metadata", {}).setdefault("annotations", {})["moved"] = "yes"
        if not unexplained(change, body, moved):
            assert key[3] == "web" or key[3].startswith("web-"), key
        else:
            leaked += 1
    assert leaked > 50
    other = next(body for key, body in objects.items() if key[1].startswith("Deployment") and key[3] == "api")
    assert unexplained(change, other, None) == ["the whole object"]


PLANTED = {
    "a label": ("metadata", "labels", "planted"),
    "an annotation": ("metadata", "annotations", "planted"),
    "a number of copies": ("spec", "replicas"),
    "a class of priority": ("spec", "template", "spec", "priorityClassName"),
    "a port": ("spec", "template", "spec", "hostPort"),
    "a value of a chart": ("values", "planted", "enabled"),
}

ABOUT = {
    "a number of copies": {"traffic", "availability", "object-storage"},
    "a label": {"mesh", "workload-identity"},
    "an annotation": {"mesh", "workload-identity"},
}
"""What moves such a field anywhere: a fault of that kind cannot be told where one of these changed."""


@pytest.mark.slow
def test_a_fault_planted_in_what_has_nothing_to_do_with_a_change_is_seen(catalog: Catalog, engine: Engine) -> None:
    """Of the objects that a change leaves as they were nearly all show a fault; those of what changed may not."""
    answers = answers_file.load(rebuild.HERE / "start-up" / "answers.yaml", catalog, "start-up")
    design = resolve(answers, catalog, engine, reasons=False)
    objects = contents(design)
    hidden, tried = [], 0
    for changed in islice(changes(answers, design, catalog, engine, SEED), MANY):
        change = delta(design, changed.design)
        after = contents(changed.design)
        still = [key for key, body in objects.items() if after.get(key) == body]
        for what, path in PLANTED.items():
            if ABOUT.get(what, set()) & (change.context | change.capabilities):
                continue
            missed = [key for key in still if not unexplained(change, objects[key], planted(objects[key], path))]
            tried += len(still)
            if len(missed) > len(still) / 4:
                hidden.append(f"{changed.what}: {what} in {len(missed)} of {len(still)}")
    assert hidden == []
    assert tried > 1000


def planted(body: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The object with a fault at a path."""
    moved = copy.deepcopy(dict(body))
    at = moved
    for name in path[:-1]:
        inner = at.get(name)
        at[name] = dict(inner) if isinstance(inner, Mapping) else {}
        at = at[name]
    at[path[-1]] = "planted"
    return moved
