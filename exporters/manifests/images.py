"""Which image runs in each cluster, where a pipeline says so in Git: one kustomize Component a cluster, all of its own.

The pipeline writes these files when it delivers to an environment, and an export leaves what it finds in them: the
answers say where an image begins, the Component where it is now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from catalog.design import Design
from exporters import paths
from exporters.manifests.references import Obj
from exporters.manifests.view import View

FOLDER = "images"
LAYER = "workloads"
_PLACE = re.compile(r"^manifests/clusters/([^/]+)/images/kustomization\.yaml$")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}")


def path(cluster: str) -> str:
    """Where the images of a cluster stand."""
    return paths.overlay(cluster, f"{FOLDER}/kustomization.yaml")


def governed(design: Design) -> tuple[str, ...]:
    """Repositories of the images that a pipeline delivers by Git, sorted."""
    from exporters.delivery import steps

    return tuple(sorted(image.repository for image in steps.governed(design)))


def component(view: View, repositories: tuple[str, ...], before: Mapping[str, str]) -> Obj:
    """The Component of a cluster: what an earlier delivery wrote, and for the rest what the answers say."""
    said = {**_said(view), **_written(before.get(path(view.cluster.name), ""))}
    entries = [{"name": name, **said[name]} for name in repositories if name in said]
    return {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "images": entries}


def _said(view: View) -> dict[str, dict[str, str]]:
    """Repository to tag and digest as the answers name them; of several workloads the first."""
    found: dict[str, dict[str, str]] = {}
    for workload in view.design.workloads:
        name, tag, digest = parted(workload.image)
        entry = {**({"newTag": tag} if tag else {}), **({"digest": digest} if digest else {})}
        found.setdefault(name, entry)
    return found


def _written(text: str) -> dict[str, dict[str, str]]:
    """What a Component says, as far as it can be understood; a pipeline wrote it, so nothing of it is trusted."""
    try:
        body = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return {}
    entries = body.get("images") if isinstance(body, dict) else None
    found: dict[str, dict[str, str]] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            continue
        tag, digest = str(entry.get("newTag", "")), str(entry.get("digest", ""))
        kept = {**({"newTag": tag} if _TAG.fullmatch(tag) else {}), **({"digest": digest} if _DIGEST.fullmatch(digest) else {})}
        if kept:
            found[entry["name"]] = kept
    return found


def kept(texts: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The texts of an earlier delivery that say the same as ours in other letters: those stay as they are."""
    found = {}
    for name in before:
        if name in texts:
            try:
                same = yaml.load(before[name], yaml.CSafeLoader) == yaml.load(texts[name], yaml.CSafeLoader)
            except yaml.YAMLError:
                same = False
            if same:
                found[name] = before[name]
    return found


def parted(image: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image; empty where it has none."""
    rest, _, digest = image.partition("@")
    name, colon, tag = rest.rpartition(":")
    return (name, tag, digest) if colon and "/" not in tag else (rest, "", digest)


def applied(body: Obj, entries: list[Mapping[str, Any]]) -> Obj:
    """An object with the images of these entries, as kustomize puts them in."""
    by_name = {str(entry.get("name")): entry for entry in entries}

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: walk(below, name) for name, below in value.items()}
        if isinstance(value, list):
            return [walk(entry, key) for entry in value]
        if key == "image" and isinstance(value, str):
            name, _, _ = parted(value)
            entry = by_name.get(name)
            if entry is not None:
                tag, digest = entry.get("newTag"), entry.get("digest")
                name = str(entry.get("newName", name))
                if tag or digest:
                    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
        return value

    found: Obj = walk(body)
    return found


def place(path_: str) -> str | None:
    """The cluster whose images a path holds; None for any other file."""
    match = _PLACE.match(path_)
    return match[1] if match else None
