"""One answer changes, and nothing moves that has nothing to do with it. `make test-changes` tries many more."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from itertools import islice

import pytest

from catalog.catalog import Catalog
from samples import rebuild
from tests.exporters.manifests.changed import changes
from tests.exporters.manifests.contents import contents, planted
from tests.exporters.manifests.delta import delta
from tests.exporters.manifests.explained import leaks, unexplained
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
    "another image": ("spec", "template", "spec", "image"),
    "another resource": ("values", "resources", "requests"),
    "a rule": ("spec", "ingress"),
}

ABOUT = {
    "a number of copies": {"traffic", "availability", "object-storage"},
    "a rule": {"mesh", "cni", "network-policy", "ingress", "gateway-api-crds"},
    "another image": {"registry"},
}
"""What moves such a field anywhere: a fault of that kind cannot be told where one of these changed."""


@pytest.mark.slow
@pytest.mark.parametrize("name", rebuild.names())
def test_a_fault_planted_in_what_has_nothing_to_do_with_a_change_is_seen(name: str, catalog: Catalog, engine: Engine) -> None:
    """Of the objects that a change leaves as they were nearly all show a fault; those of what changed may not."""
    answers = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name)
    design = resolve(answers, catalog, engine, reasons=False)
    objects = contents(design)
    hidden, tried, missed = [], 0, 0
    for changed in islice(changes(answers, design, catalog, engine, SEED), 1 + MANY // 2):
        change = delta(design, changed.design)
        after = contents(changed.design)
        still = [key for key, body in objects.items() if after.get(key) == body]
        for what, path in PLANTED.items():
            if ABOUT.get(what, set()) & (change.context | change.capabilities | change.decisions):
                continue
            passed = [key for key in still if not unexplained(change, objects[key], planted(objects[key], path, "planted"))]
            tried += len(still)
            missed += len(passed)
            if len(passed) > len(still) / 4:
                hidden.append(f"{changed.what}: {what} in {len(passed)} of {len(still)}")
        # An object that is gone, though nothing of it changed.
        passed = [key for key in still if not unexplained(change, objects[key], None)]
        if len(passed) > len(still) / 4:
            hidden.append(f"{changed.what}: without {len(passed)} of {len(still)}")
    assert hidden == []
    assert tried > 1000
    assert missed < tried / 10


@pytest.mark.slow
@pytest.mark.parametrize("name", rebuild.names())
def test_a_flow_that_nothing_opens_is_seen(name: str, catalog: Catalog, engine: Engine) -> None:
    """A policy that lets one more peer in, or a port less through, is a leak whatever else changed in its namespace."""
    answers = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name)
    design = resolve(answers, catalog, engine, reasons=False)
    policies = {key: body for key, body in contents(design).items() if body.get("kind") == "NetworkPolicy"}
    peer = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "planted"}}}
    hidden = []
    for changed in islice(changes(answers, design, catalog, engine, SEED), 1 + MANY // 2):
        change = delta(design, changed.design)
        if change.decisions & {"cni", "network-policy", "mesh"}:
            continue
        for key, body in policies.items():
            more = {**body, "spec": {**body["spec"], "ingress": [*body["spec"].get("ingress", []), {"from": [peer]}]}}
            fewer = {**body, "spec": {name: value for name, value in body["spec"].items() if name not in ("ingress", "egress")}}
            belongs = any(f'"{word}"' in json.dumps(body) for word in change.workloads | change.components)
            for what, other in (("one more", more), ("none", fewer)):
                if other != body and not belongs and not unexplained(change, body, other):
                    hidden.append(f"{changed.what}: {what} in {' '.join(key)}")
    assert hidden == []
