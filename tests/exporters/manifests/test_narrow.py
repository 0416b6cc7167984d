"""What explains a change explains no more than that: for each kind of change a fault is planted in every layer, in objects that
the change leaves as they are, and is seen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest

from catalog.design import Design
from tests.exporters.manifests import generated
from tests.exporters.manifests.changed import another, pinned
from tests.exporters.manifests.contents import Key, Obj, contents, layer_of, planted
from tests.exporters.manifests.delta import Delta, delta
from tests.exporters.manifests.explained import belongs, leaks, unexplained
from wizard.complete import Refused, resolve

KINDS = (
    "cni", "network-policy", "mesh", "load-balancer", "ingress", "certificates", "secrets", "cluster-dns", "pod-autoscaling",
    "metrics", "log-store", "tracing", "dashboards", "backup", "block-storage", "registry", "deployment", "policy-engine",
)
"""Decisions that are chosen otherwise, those first that may move what is all over a cluster: they alone are tried but where many
changes are wanted."""
TRIED = KINDS if int(os.environ.get("CHANGES", "8")) > 9 else KINDS[:3]

POD: Mapping[str, tuple[str, Any]] = {
    "resources": ("resources", {"requests": {"cpu": "77m"}}),
    "an image": ("image", "planted.example.com/other:1.0.0"),
    "what a container may do": ("securityContext", {"privileged": True}),
    "a command": ("args", ["--planted"]),
    "a port": ("ports", [{"containerPort": 7777}]),
}
"""Fields of the first container."""

PLANTED: Mapping[str, tuple[tuple[str, ...], Any]] = {
    "a label": (("metadata", "labels", "planted"), "yes"),
    "an annotation": (("metadata", "annotations", "planted"), "yes"),
    "copies": (("spec", "replicas"), 77),
    "a class of priority": (("spec", "template", "spec", "priorityClassName"), "planted"),
    "a value of a chart": (("values", "planted", "enabled"), True),
    "copies of a chart": (("values", "replicaCount"), 77),
    "resources of a chart": (("values", "resources"), {"limits": {"memory": "7Gi"}}),
    "data": (("data", "planted"), "yes"),
}
PEER = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "planted"}}, "podSelector": {}}

HIDES = {
    *((decision, "nothing of it", "NetworkPolicy") for decision in ("network-policy", "cni")),
    *(("log-store", "nothing of it", kind) for kind in ("CiliumNetworkPolicy", "GlobalNetworkPolicy")),
    *((decision, "nothing of it", kind) for decision in ("certificates", "ingress") for kind in ("Certificate", "Issuer")),
    *(("registry", "an image", kind) for kind in ("Deployment", "StatefulSet", "Job")),
}
"""A change of a decision, and what it may do to any object of a kind, so that a fault of that sort is not seen: policies come
and go with what asks for them, those that name no pods in another kind, and an image may come from another registry."""


def faults(body: Obj) -> Iterator[tuple[str, Obj | None]]:
    """The object with each of the faults, and without itself."""
    workload = "replicas" in body.get("spec", {})
    for what, (path, value) in PLANTED.items():
        fits = {"values": "chart" in body, "data": "data" in body, "spec": workload}.get(path[0], "chart" not in body)
        if fits:
            yield what, planted(body, path, value)
    if body.get("kind") in ("Deployment", "StatefulSet", "Job"):
        first, *others = body["spec"]["template"]["spec"]["containers"]
        for what, (name, value) in POD.items():
            yield what, planted(body, ("spec", "template", "spec", "containers"), [{**first, name: value}, *others])
    if body.get("kind") == "NetworkPolicy":
        spec = body["spec"]
        yield "one more who may call", {**body, "spec": {**spec, "ingress": [*spec.get("ingress", ()), {"from": [PEER]}]}}
        yield "one more to be called", {**body, "spec": {**spec, "egress": [*spec.get("egress", ()), {"to": [PEER]}]}}
    yield "nothing of it", None


def seldom(keys: list[Key], objects: Mapping[Key, Obj], design: Design) -> Iterator[tuple[str, Key]]:
    """Of each layer and kind the first two objects, with the layer."""
    found: dict[tuple[str, str], int] = {}
    for key in sorted(keys):
        layer = layer_of(objects[key], design)
        found[layer, key[1]] = found.get((layer, key[1]), 0) + 1
        if found[layer, key[1]] <= 2:
            yield layer, key


def hidden(
    change: Delta, decision: str, design: Design, still: list[Key], objects: Mapping[Key, Obj]
) -> tuple[list[str], set[str]]:
    """Faults that the change explains, and the layers that were tried."""
    passed, layers = [], set()
    for layer, key in seldom(still, objects, design):
        if belongs(change, objects[key], whole=False):  # of what changed: anything of it may
            continue
        layers.add(layer)
        for what, moved in faults(objects[key]):
            if (decision, what, objects[key].get("kind")) not in HIDES and not unexplained(change, objects[key], moved):
                passed.append(f"{what} in {layer}: {' '.join(key)}")
    return passed, layers


@pytest.mark.parametrize("cloud", ["aws", "on-premises"])
def test_a_fault_in_any_layer_is_seen_whatever_was_chosen_otherwise(cloud: str) -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    said = generated.answers(cloud, 1, {"network-policy": ("default-deny",)})
    design = resolve(said, catalog, generated.engine(), reasons=False)
    objects = contents(design)
    held = pinned(said, design)
    wrong: list[str] = []
    tried = set()
    for decision in TRIED:
        for entry in (each for each in design.decisions if each.decision == decision and each.asked):
            for other in catalog.options[decision]:
                changed = None
                if (other,) != entry.chosen:
                    with suppress(Refused):
                        changed = resolve(another(held, design, entry, other), catalog, generated.engine(), reasons=False)
                if changed is None:
                    continue
                what = f"{decision}: {','.join(entry.chosen)} -> {other}"
                wrong += [f"{what}: {' '.join(key)}: {field}" for key, odd in leaks(design, changed).items() for field in odd]
                after = contents(changed)
                still = [key for key, body in objects.items() if after.get(key) == body]
                passed, layers = hidden(delta(design, changed), decision, design, still, objects)
                wrong += [f"{what}: hides {text}" for text in passed]
                assert len(layers) > 5, layers
                tried.add(decision)
                break
    assert wrong == []
    assert len(tried) > len(TRIED) / 2, tried
