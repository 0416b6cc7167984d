"""Builds what kustomize would build from our own kustomizations, so that checks see what a cluster will see.

Knows resources, JSON patches with an exact target, name prefixes, and components of images: what the exporter writes, and
no more. Anything else in a kustomization is a finding, not a guess.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

import yaml

from exporters.manifests import images, overlays
from exporters.manifests.check import Finding, Placed, Tree, is_object

_KNOWN = {"apiVersion", "kind", "resources", "patches", "namePrefix", "components"}
_OF_COMPONENT = {"apiVersion", "kind", "images"}
FILE = "kustomization.yaml"


def check(tree: Tree) -> list[Finding]:
    """Every kustomization builds."""
    found: list[Finding] = []
    for path in tree.files:
        if path.endswith(f"/{FILE}") and images.place(path) is None:
            found.extend(build(tree, path.removesuffix(f"/{FILE}"))[1])
    return found


def build(tree: Tree, folder: str) -> tuple[list[Placed], list[Finding]]:
    """The objects of a kustomization with its patches applied, and what is wrong with it."""
    path = f"{folder}/{FILE}"
    bodies = tree.files.get(path)
    if not bodies or not isinstance(bodies[0], Mapping):
        return [], [Finding(path, "kustomize", "", "there is no kustomization")]
    body = bodies[0]
    problems = [Finding(path, "kustomize", "", f"unknown field {name!r}") for name in body if name not in _KNOWN]
    objects: list[Placed] = []
    for resource in body.get("resources") or ():
        where = posixpath.normpath(posixpath.join(folder, str(resource)))
        if where in tree.files:
            objects.extend(Placed(where, entry) for entry in tree.files[where] if is_object(entry))
        elif f"{where}/{FILE}" in tree.files:
            below, faults = build(tree, where)
            objects.extend(below)
            problems.extend(faults)
        else:
            problems.append(Finding(path, "kustomize", "", f"resource {resource!r} does not exist"))
    for patch in body.get("patches") or ():
        objects, faults = _patched(path, objects, patch)
        problems.extend(faults)
    for component in body.get("components") or ():
        where = posixpath.normpath(posixpath.join(folder, str(component)))
        entries, faults = _images(tree, path, where)
        problems.extend(faults)
        objects = [Placed(entry.path, images.applied(entry.body, entries)) for entry in objects]
    prefix = body.get("namePrefix")
    if prefix:
        objects = [
            Placed(
                entry.path,
                {
                    **entry.body,
                    "metadata": {**entry.body["metadata"], "name": f"{prefix}{entry.body['metadata']['name']}"},
                },
            )
            for entry in objects
        ]
    seen: set[overlays.Key] = set()
    for entry in objects:
        if overlays.key(entry.body) in seen:
            problems.append(Finding(path, "kustomize", entry.name, "stands here twice"))
        seen.add(overlays.key(entry.body))
    return objects, problems


def _images(tree: Tree, path: str, folder: str) -> tuple[list[Mapping[str, Any]], list[Finding]]:
    """What a component says of images."""
    bodies = tree.files.get(f"{folder}/{FILE}")
    if not bodies or not isinstance(bodies[0], Mapping):
        return [], [Finding(path, "kustomize", "", f"component {folder!r} does not exist")]
    body = bodies[0]
    problems = [Finding(f"{folder}/{FILE}", "kustomize", "", f"unknown field {name!r}") for name in body
                if name not in _OF_COMPONENT]
    entries = [entry for entry in body.get("images") or () if isinstance(entry, Mapping)]
    return entries, problems


def _patched(path: str, objects: list[Placed], patch: Any) -> tuple[list[Placed], list[Finding]]:
    try:
        operations = yaml.load(patch["patch"], yaml.CSafeLoader)
        target = patch["target"]
    except (KeyError, TypeError, yaml.YAMLError):
        return objects, [Finding(path, "kustomize", "", "a patch needs a target and a list of operations")]
    result, hits = [], 0
    for entry in objects:
        if not _meant(entry.body, target):
            result.append(entry)
            continue
        hits += 1
        try:
            result.append(Placed(entry.path, overlays.apply(entry.body, operations)))
        except (KeyError, IndexError, ValueError, TypeError):
            return objects, [Finding(path, "kustomize", entry.name, "a patch does not fit it")]
    if not hits:
        return objects, [Finding(path, "kustomize", "", f"a patch meets nothing: {dict(target)}")]
    return result, []


def _meant(body: Mapping[str, Any], target: Mapping[str, str]) -> bool:
    api, kind, namespace, name = overlays.key(body)
    group, _, version = api.rpartition("/")
    wanted = ((target.get("group"), group), (target.get("version"), version), (target.get("kind"), kind))
    if any(said is not None and said != is_ for said, is_ in wanted):
        return False
    return all(
        said is None or re.fullmatch(said, is_)
        for said, is_ in ((target.get("name"), name), (target.get("namespace"), namespace))
    )
