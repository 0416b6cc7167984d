"""What the delivery tool's objects name: paths of the repository, projects, sources, and what they wait for.

A server takes all of it, and the tool then delivers nothing. The repository may call the folder of the manifests as it
likes (setting `delivery.path`); in an export it is always called the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from exporters import paths
from exporters.manifests.check import UNSHAPED, Finding, Placed, Tree, looked_at

_BELOW = re.compile(r"(.+?)/(?:clusters/|\d\d-).*")
"""A path of the export, after the folder in which the repository has it."""


def check(tree: Tree) -> list[Finding]:
    """Paths, projects, sources and waits of the delivery tool's objects that lead nowhere."""
    findings: list[Finding] = []
    objects = list(tree.objects())
    names: dict[str, set[str]] = {}
    for entry in objects:
        with suppress(*UNSHAPED):
            names.setdefault(entry.body["kind"], set()).add(entry.body["metadata"]["name"])
    folder = _folder(objects)
    files = {f"{folder}/{path.removeprefix(f'{paths.MANIFESTS}/')}" for path in tree.files}
    for entry in objects:
        findings.extend(looked_at(entry, "reference", partial(_delivered, entry.body, names, files)))
    return findings


def _folder(objects: Iterable[Placed]) -> str:
    """What the repository calls manifests/: the folder below which most paths of the delivery tool lie."""
    found = Counter[str]()
    for entry in objects:
        with suppress(*UNSHAPED):
            match = _BELOW.fullmatch(_path(entry.body) or "")
            found.update([match[1]] if match is not None else ())
    return max(found, key=lambda folder: (found[folder], folder), default=paths.MANIFESTS)


def _path(body: Mapping[str, Any]) -> str | None:
    """The folder of the repository that an object of the delivery tool applies."""
    spec = body.get("spec") or {}
    if body["apiVersion"].startswith("argoproj.io/") and body["kind"] == "Application":
        source = spec.get("source") or {}
        return None if "helm" in source else source.get("path")  # a chart that the repository carries is none of ours
    if body["apiVersion"].startswith("kustomize.toolkit.fluxcd.io/"):
        return str(spec.get("path", "")).removeprefix("./")
    return None


def _delivered(body: Mapping[str, Any], names: Mapping[str, set[str]], files: Iterable[str]) -> Iterator[str]:
    spec, kind, api = body.get("spec") or {}, body["kind"], body["apiVersion"]
    if api.startswith("argoproj.io/") and kind == "Application":
        if spec.get("project", "default") not in (names.get("AppProject", set()) | {"default"}):
            yield f"its project {spec['project']} is nowhere"
    elif api.startswith("kustomize.toolkit.fluxcd.io/"):
        for other in spec.get("dependsOn") or ():
            if other["name"] not in names["Kustomization"]:
                yield f"it waits for Kustomization {other['name']}, which is nowhere"
        source = spec["sourceRef"]
        if source["name"] not in names.get(source["kind"], set()):
            yield f"its source {source['kind']} {source['name']} is nowhere"
    elif kind == "HelmRelease":
        for other in spec.get("dependsOn") or ():
            if other["name"] not in names["HelmRelease"]:
                yield f"it waits for HelmRelease {other['name']}, which is nowhere"
        source = spec.get("chartRef") or spec["chart"]["spec"]["sourceRef"]
        if source["name"] not in names.get(source["kind"], set()):
            yield f"its source {source['kind']} {source['name']} is nowhere"
    path = _path(body)
    if path and not any(file.startswith(f"{path}/kustomization.y") for file in files):
        yield f"its path {path} has no kustomization"
