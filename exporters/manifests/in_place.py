"""What a cluster does not change in place: objects whose fields an API server keeps as they were made.

A change of answers that moves such a field is refused when it is applied, so it is told before. Jobs are called after
their templates and never meet this. The fields are those of the server's own validation, by the reference of each kind:
https://kubernetes.io/docs/reference/kubernetes-api/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from catalog.design import Design
from catalog.settings import magnitude
from exporters.manifests.plan import objects_by_cluster

Body = Mapping[str, Any]

_MOVABLE = frozenset({
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
})
"""All that may change of a StatefulSet
(https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#statefulset-considerations)."""


class Kept(NamedTuple):
    """An object that has to be made anew, and the fields that cannot move."""

    cluster: str
    kind: str
    namespace: str
    name: str
    fields: tuple[str, ...]
    then: tuple[str, ...] = ()
    """Commands that bring along what the new object alone does not change: claims of volumes that became larger."""
    note: str = ""
    """What of the old one no command carries over."""

    @property
    def command(self) -> str:
        """What takes it away, so that the next application makes it anew. Pods of a StatefulSet and volumes stay."""
        space = f" --namespace {self.namespace}" if self.namespace else ""
        orphan = " --cascade=orphan" if self.kind in ("StatefulSet", "Deployment", "DaemonSet") else ""
        return f"kubectl --context {self.cluster}{space} delete {self.kind.lower()} {self.name}{orphan}"


def kept(before: Design, after: Design) -> list[Kept]:
    """What of the objects that both designs have cannot become what it is in the second, by cluster and name."""
    found = []
    new = objects_by_cluster(after)
    for cluster, objects in objects_by_cluster(before).items():
        there = {_key(body): body for body in new.get(cluster, ())}
        for body in objects:
            other = there.get(_key(body))
            if other is not None and (moved := tuple(fields(body, other))):
                metadata = body["metadata"]
                entry = Kept(cluster, body["kind"], metadata.get("namespace", ""), metadata["name"], moved)
                found.append(entry._replace(then=tuple(_grown(entry, body, other)), note=_note(body, other)))
    return sorted(found)


def _grown(entry: Kept, one: Body, other: Body) -> Iterator[str]:
    """What makes the claims that a StatefulSet has as large as its new templates say: only new ones follow these."""
    for claim, size, bigger in _claims(one, other):
        if size is not None and bigger is not None and magnitude(size, "quantity") < magnitude(bigger, "quantity"):
            ask = f"kubectl --context {entry.cluster} --namespace {entry.namespace}"
            patch = f'{{"spec":{{"resources":{{"requests":{{"storage":"{bigger}"}}}}}}}}'
            yield (
                f"{ask} get pvc -o name | grep -E '/{claim}-{entry.name}-[0-9]+$' "
                f"| xargs -r -I NAME {ask} patch NAME --type merge --patch '{patch}'"
            )


def _claims(one: Body, other: Body) -> Iterator[tuple[str, str | None, str | None]]:
    """Templates of claims that both have in one class, with their sizes."""
    if one["kind"] != "StatefulSet":
        return
    now = {claim["metadata"]["name"]: claim["spec"] for claim in other["spec"].get("volumeClaimTemplates", ())}
    for claim in one["spec"].get("volumeClaimTemplates", ()):
        name, spec = claim["metadata"]["name"], claim["spec"]
        if name in now and now[name].get("storageClassName") == spec.get("storageClassName"):
            yield name, *(each.get("resources", {}).get("requests", {}).get("storage") for each in (spec, now[name]))


def _note(one: Body, other: Body) -> str:
    if one["kind"] == "PersistentVolumeClaim":
        return "what it stores goes with it, unless its class retains volumes: take a backup first"
    kept = {name for name, *_ in _claims(one, other)}
    if one["kind"] == "StatefulSet" and any(
        claim["metadata"]["name"] not in kept for claim in one["spec"].get("volumeClaimTemplates", ())
    ):
        return "its volumes stay in the class that they have; to move, save what they store, delete them and restore"
    shrunk = [name for name, size, smaller in _claims(one, other)
              if size and smaller and magnitude(size, "quantity") > magnitude(smaller, "quantity")]
    return "no volume becomes smaller: those that are there stay as large as they are" if shrunk else ""


def _key(body: Body) -> tuple[str, str, str, str]:
    metadata = body["metadata"]
    return body["apiVersion"].rpartition("/")[0], body["kind"], metadata.get("namespace", ""), metadata["name"]


def fields(one: Body, other: Body) -> Iterator[str]:
    """Fields that differ and that the API server keeps."""
    rule = _RULES.get((one["apiVersion"].rpartition("/")[0], one["kind"]))
    if rule is not None:
        yield from rule(one, other)


def _top(*names: str) -> Callable[[Body, Body], Iterator[str]]:
    return lambda one, other: (name for name in names if one.get(name) != other.get(name))


def _spec(*names: str) -> Callable[[Body, Body], Iterator[str]]:
    return lambda one, other: (f"spec.{name}" for name in names if one["spec"].get(name) != other["spec"].get(name))


def _stateful(one: Body, other: Body) -> Iterator[str]:
    for name in sorted((one["spec"].keys() | other["spec"].keys()) - _MOVABLE):
        if one["spec"].get(name) != other["spec"].get(name):
            yield f"spec.{name}"


def _claim(one: Body, other: Body) -> Iterator[str]:
    for name in sorted((one["spec"].keys() | other["spec"].keys()) - {"resources", "volumeAttributesClassName"}):
        if one["spec"].get(name) != other["spec"].get(name):
            yield f"spec.{name}"


def _service(one: Body, other: Body) -> Iterator[str]:
    if one["spec"].get("clusterIP") != "None" and other["spec"].get("clusterIP") == "None":
        yield "spec.clusterIP"


_RULES: Mapping[tuple[str, str], Callable[[Body, Body], Iterator[str]]] = {
    ("storage.k8s.io", "StorageClass"): _top("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    ("scheduling.k8s.io", "PriorityClass"): _top("value", "preemptionPolicy"),
    ("rbac.authorization.k8s.io", "RoleBinding"): _top("roleRef"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _top("roleRef"),
    ("apps", "StatefulSet"): _stateful,
    ("apps", "Deployment"): _spec("selector"),
    ("apps", "DaemonSet"): _spec("selector"),
    ("batch", "Job"): _spec("selector", "template", "completionMode"),
    ("networking.k8s.io", "IngressClass"): _spec("controller"),
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Service"): _service,
}
