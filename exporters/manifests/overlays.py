"""What is the same everywhere stands once, what differs stands in the overlay of the cluster that differs.

An object that every cluster has stands in the base as the first cluster sees it; the others get JSON patches
(RFC 6902), which mean the same for every kind. An object that only some clusters have stands in their overlays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exporters.manifests.references import Obj

Key = tuple[str, str, str, str]
"""apiVersion, kind, namespace, name."""


def key(obj: Mapping[str, Any]) -> Key:
    """What makes an object one and the same."""
    metadata = obj.get("metadata", {})
    return (obj.get("apiVersion", ""), obj.get("kind", ""), metadata.get("namespace", ""), metadata.get("name", ""))


@dataclass(frozen=True)
class Difference:
    """The overlay of one cluster over one folder."""

    patches: Mapping[Key, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    own: Mapping[str, tuple[Obj, ...]] = field(default_factory=dict)
    """File name to objects that not every cluster has."""

    def __bool__(self) -> bool:
        return bool(self.patches or self.own)


def divide(
    clusters: Sequence[Mapping[str, Sequence[Obj]]],
) -> tuple[dict[str, tuple[Obj, ...]], tuple[Difference, ...]]:
    """(file name to objects of the base, what each cluster differs by) from each cluster's files of one folder."""
    indexed = [{key(obj): obj for objects in files.values() for obj in objects} for files in clusters]
    common = set(indexed[0]).intersection(*indexed[1:]) if indexed else set()
    base = {
        name: kept
        for name, objects in (clusters[0].items() if clusters else ())
        if (kept := tuple(obj for obj in objects if key(obj) in common))
    }
    differences = []
    for files, objects_here in zip(clusters, indexed, strict=True):
        patches = {
            entry: operations
            for entry, obj in objects_here.items()
            # Most objects are the same everywhere, which one comparison tells.
            if entry in common and obj != indexed[0][entry] and (operations := tuple(patch(indexed[0][entry], obj)))
        }
        own = {name: kept for name, objects in files.items() if (kept := tuple(obj for obj in objects if key(obj) not in common))}
        differences.append(Difference(patches, own))
    return base, tuple(differences)


def patch(before: Any, after: Any, path: str = "") -> list[dict[str, Any]]:
    """The RFC 6902 operations that turn one value into the other; lists of another length are replaced whole."""
    if before is after or (type(before) is type(after) and not isinstance(before, Mapping | list) and before == after):
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found: list[dict[str, Any]] = []
        for name in before:
            if name not in after:
                found.append({"op": "remove", "path": f"{path}/{_escaped(name)}"})
        for name, value in after.items():
            where = f"{path}/{_escaped(name)}"
            if name not in before:
                found.append({"op": "add", "path": where, "value": value})
            else:
                found.extend(patch(before[name], value, where))
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            entry
            for at, (one, other) in enumerate(zip(before, after, strict=True))
            for entry in patch(one, other, f"{path}/{at}")
        ]
    return [{"op": "replace", "path": path, "value": after}]


def apply(obj: Any, operations: Sequence[Mapping[str, Any]]) -> Any:
    """The object with operations made by `patch` applied (what kustomize will do); the original is left alone."""
    import copy

    result = copy.deepcopy(obj)
    for operation in operations:
        parts = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        if not parts:
            result = copy.deepcopy(operation["value"])
            continue
        parent = result
        for part in parts[:-1]:
            parent = parent[int(part)] if isinstance(parent, list) else parent[part]
        last: Any = int(parts[-1]) if isinstance(parent, list) else parts[-1]
        if operation["op"] == "remove":
            del parent[last]
        else:
            parent[last] = copy.deepcopy(operation["value"])
    return result


def kustomization(resources: Sequence[str], patches: Mapping[Key, Sequence[Mapping[str, Any]]] | None = None) -> Obj:
    """A kustomization; patches as YAML lists are spelt as kustomize wants them (text)."""
    found: Obj = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(resources),
    }
    if patches:
        found["patches"] = [
            {"target": target(entry), "patch": operations_text(operations)} for entry, operations in patches.items()
        ]
    return found


def target(entry: Key) -> dict[str, str]:
    """A kustomize patch target that matches exactly this object."""
    api, kind, namespace, name = entry
    group, _, version = api.rpartition("/")
    found = {"group": group, "version": version, "kind": kind, "name": _anchored(name)}
    if not group:
        del found["group"]
    if namespace:
        found["namespace"] = _anchored(namespace)
    return found


def operations_text(operations: Sequence[Mapping[str, Any]]) -> str:
    """Operations as JSON in YAML flow, one a line: `- {"op": "replace", "path": "/spec/replicas", "value": 1}`."""
    import json

    return "".join(f"- {json.dumps(dict(entry), ensure_ascii=False)}\n" for entry in operations)


def _anchored(name: str) -> str:
    return name.replace(".", r"\.")


def _escaped(name: str) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
