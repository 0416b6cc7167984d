"""What a change of answers would have an API server refuse is told before: fields that it keeps as they were made."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from catalog.catalog import Catalog
from exporters.manifests import in_place
from samples import rebuild
from wizard import answers_file
from wizard.answers import Answers, Said
from wizard.complete import resolve
from wizard.solver import Engine

CLAIM = {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}
OBJECTS: list[dict[str, Any]] = [
    {"kind": "StorageClass", "apiVersion": "storage.k8s.io/v1", "provisioner": "one", "parameters": {"type": "ssd"},
     "reclaimPolicy": "Retain", "volumeBindingMode": "Immediate", "allowVolumeExpansion": False},
    {"kind": "PriorityClass", "apiVersion": "scheduling.k8s.io/v1", "value": 5, "description": "one"},
    {"kind": "RoleBinding", "apiVersion": "rbac.authorization.k8s.io/v1", "roleRef": {"name": "one"}, "subjects": []},
    {"kind": "StatefulSet", "apiVersion": "apps/v1",
     "spec": {"serviceName": "one", "replicas": 1, "template": {}, "volumeClaimTemplates": [CLAIM]}},
    {"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"selector": {"matchLabels": {"a": "b"}}, "replicas": 1}},
    {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "spec": {"storageClassName": "one", "resources": {"requests": {}}}},
    {"kind": "Service", "apiVersion": "v1", "spec": {"clusterIP": "", "ports": []}},
    {"kind": "ConfigMap", "apiVersion": "v1", "data": {"a": "b"}},
]
# A server of Kubernetes 1.36 was asked: it refused the first table and took the second.
REFUSED = [
    ("StorageClass", "provisioner", "two"), ("StorageClass", "parameters", {"type": "hdd"}),
    ("StorageClass", "reclaimPolicy", "Delete"), ("StorageClass", "volumeBindingMode", "WaitForFirstConsumer"),
    ("PriorityClass", "value", 6), ("RoleBinding", "roleRef", {"name": "two"}), ("StatefulSet", "spec.serviceName", "two"),
    ("StatefulSet", "spec.volumeClaimTemplates", []), ("StatefulSet", "spec.podManagementPolicy", "Parallel"),
    ("Deployment", "spec.selector", {"matchLabels": {"a": "c"}}), ("PersistentVolumeClaim", "spec.storageClassName", "two"),
    ("Service", "spec.clusterIP", "None"),
]
TAKEN = [
    ("StorageClass", "allowVolumeExpansion", True), ("PriorityClass", "description", "two"), ("RoleBinding", "subjects", [{}]),
    ("StatefulSet", "spec.replicas", 3), ("StatefulSet", "spec.template", {"spec": {}}), ("Deployment", "spec.replicas", 3),
    ("PersistentVolumeClaim", "spec.resources", {"requests": {"storage": "2Gi"}}), ("Service", "spec.ports", [{"port": 1}]),
    ("ConfigMap", "data", {"a": "c"}),
]


def changed(kind: str, path: str, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    one = next(body for body in OBJECTS if body["kind"] == kind)
    other = copy.deepcopy(one)
    *way, last = path.split(".")
    inner = other
    for step in way:
        inner = inner[step]
    inner[last] = value
    return one, other


@pytest.mark.parametrize(("kind", "path", "value"), REFUSED)
def test_a_field_that_the_server_keeps_is_told(kind: str, path: str, value: Any) -> None:
    assert list(in_place.fields(*changed(kind, path, value))) == [path]


@pytest.mark.parametrize(("kind", "path", "value"), TAKEN)
def test_a_field_that_may_move_is_not_told(kind: str, path: str, value: Any) -> None:
    assert list(in_place.fields(*changed(kind, path, value))) == []


@pytest.fixture(scope="module")
def answers(catalog: Catalog) -> Answers:
    return answers_file.load(rebuild.HERE / "small-team" / "answers.yaml", catalog, "small-team")


def test_a_larger_volume_of_a_stateful_workload_is_told_and_a_new_image_is_not(
    answers: Answers, catalog: Catalog, engine: Engine
) -> None:
    design = resolve(answers, catalog, engine, reasons=False)
    at, stateful = next((at, said.value) for at, said in enumerate(answers.workloads) if said.value.volumes)

    def after(**change: Any) -> list[in_place.Kept]:
        workloads = list(answers.workloads)
        workloads[at] = Said(stateful.model_copy(update=change))
        return in_place.kept(design, resolve(replace(answers, workloads=tuple(workloads)), catalog, engine, reasons=False))

    assert after(image=f"{stateful.image.rpartition(':')[0]}:9.9.9") == []
    volume = stateful.volumes[0].model_copy(update={"size": "77Gi"})
    (told,) = after(volumes=(volume, *stateful.volumes[1:]))
    assert (told.kind, told.name, told.fields) == ("StatefulSet", stateful.name, ("spec.volumeClaimTemplates",))
    assert told.command.endswith(f"delete statefulset {stateful.name} --cascade=orphan")
