"""Confirmation of records: the exported manifests of each decision still are what was exported for it.

`expectations` is written into the lock at export: by record, the objects that carry out its decisions (each with a
digest of what it says), the charts that are installed for it and where, its values files, and the API groups of what
was not chosen. `failures` holds a tree to that, without answers or solver, and names the record of whatever differs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from catalog.bill import bill
from catalog.design import Design
from exporters import paths
from exporters.base import Artifact
from exporters.manifests.check import Tree, is_object, named
from exporters.manifests.labels import RECORD, record_slug
from exporters.manifests.rejected import foreign

CHART_KEYS = ("version", "targetRevision")
_COPIED = re.compile(r"(?:.*/)?charts/(.+?)-(v?\d[^/]*)")


@dataclass(frozen=True, order=True)
class Failure:
    """Something that is not as a record says."""

    record: str
    """Exported path of the record."""
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.record}: {self.message} ({self.path})"


def expectations(design: Design, made: Iterable[Artifact]) -> dict[str, dict[str, Any]]:
    """Record slug to `{objects: {path#name: digest}, charts: {path#chart: version}, namespaces: {path#chart: name},
    files: {path: digest}, absent: {API group: what it belongs to}}`."""
    texts = {entry.path: entry.data.decode() for entry in made
             if entry.path.startswith(f"{paths.MANIFESTS}/") and entry.path.endswith(".yaml")}
    files = {path: list(yaml.load_all(text, yaml.CSafeLoader)) for path, text in texts.items()}
    by_chart, by_release = _owners(design)
    found: dict[str, dict[str, Any]] = {}
    for (path, name), body in _objects(files).items():
        slug = _record(body)
        if slug:
            found.setdefault(slug, _none())["objects"][f"{path}#{name}"] = _digest(body)
    for path, bodies in files.items():
        for chart, version, namespace in _charts(bodies):
            if chart in by_chart:
                wanted = found.setdefault(by_chart[chart], _none())
                wanted["charts"][f"{path}#{chart}"] = version
                if namespace:
                    wanted["namespaces"][f"{path}#{chart}"] = namespace
        release = path.rsplit("/", 1)[1].removesuffix(".yaml")
        if release in by_release and bodies and not any(map(is_object, bodies)):
            found.setdefault(by_release[release], _none())["files"][path] = _digest(bodies)
    groups = {_group(body) for body in _objects(files).values()}
    for slug, absent in foreign(design).items():
        found.setdefault(slug, _none())["absent"].update(
            {group: title for group, title in absent.items() if group not in groups})
    return {slug: {kind: dict(sorted(entries.items())) for kind, entries in found[slug].items() if entries}
            for slug in sorted(found)}


def failures(tree: Tree, lock: Mapping[str, Any]) -> list[Failure]:
    """Where the manifests differ from what the records of a lock say; sorted by record."""
    records, expected = lock.get("records"), lock.get("confirmations")
    if not isinstance(records, Mapping) or not isinstance(expected, Mapping):
        return []
    objects = _objects(tree.files)
    found: list[Failure] = []
    for slug, wanted in expected.items():
        number = records.get(slug, {}).get("number") if isinstance(records.get(slug), Mapping) else None
        record = paths.record(number, slug) if isinstance(number, int) else f"{paths.DECISIONS}/?-{slug}.md"
        for place, digest in wanted.get("objects", {}).items():
            path, _, name = place.partition("#")
            body = objects.get((path, name))
            if body is None:
                found.append(Failure(record, path, f"{name} is gone"))
            elif _digest(body) != digest:
                found.append(Failure(record, path, f"{name} is not as it was exported"))
        for place, version in wanted.get("charts", {}).items():
            path, _, chart = place.partition("#")
            there = [entry for entry in _charts(tree.files.get(path, [])) if entry[0] == chart]
            at = [entry[1] for entry in there]
            if version not in at:
                now = f"at {', '.join(at)}" if at else "not installed"
                found.append(Failure(record, path, f"the chart {chart} has to be at {version} and is {now}"))
            namespace = wanted.get("namespaces", {}).get(place)
            if namespace and there and namespace not in [entry[2] for entry in there]:
                found.append(Failure(record, path, f"the chart {chart} has to be in the namespace {namespace} and is in "
                                                   f"{', '.join(entry[2] or 'none' for entry in there)}"))
        absent = wanted.get("absent", {})
        for (path, name), body in objects.items() if absent else ():
            if _group(body) in absent:
                found.append(Failure(record, path, f"{name} belongs to {absent[_group(body)]}, which was not chosen"))
        for path, digest in wanted.get("files", {}).items():
            if path not in tree.files:
                found.append(Failure(record, path, "the values are gone"))
            elif _digest(tree.files[path]) != digest:
                found.append(Failure(record, path, "the values are not as they were exported"))
    known = {place for wanted in expected.values() for place in wanted.get("objects", {})}
    for (path, name), body in objects.items():
        slug = _record(body)
        if f"{path}#{name}" not in known and slug in records:
            record = paths.record(int(records[slug]["number"]), slug)
            found.append(Failure(record, path, f"{name} was added by hand"))
    return sorted(set(found))


def _owners(design: Design) -> tuple[dict[str, str], dict[str, str]]:
    """Chart to record slug, and chart release to record slug: of the first decision that the component answers."""
    charts: dict[str, str] = {}
    releases: dict[str, str] = {}
    for line in bill(design):
        component = design.catalog.components[line.component]
        slug = record_slug(design, line.roles[0])
        for chart in component.install.charts if component.install else ():
            charts.setdefault(chart.chart, slug)
            releases.setdefault(chart.release, slug)
    return charts, releases


def _none() -> dict[str, dict[str, str]]:
    return {"objects": {}, "charts": {}, "namespaces": {}, "files": {}, "absent": {}}


def _group(body: Mapping[str, Any]) -> str:
    group, slash, _ = str(body.get("apiVersion", "")).partition("/")
    return group if slash else ""


def _objects(files: Mapping[str, list[Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(path, f"{body['apiVersion']} {named(body)}"): body
            for path, bodies in files.items() if path.startswith(f"{paths.MANIFESTS}/")
            for body in bodies if is_object(body)}


def _record(body: Mapping[str, Any]) -> str:
    metadata = body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return str(annotations.get(RECORD, "")) if isinstance(annotations, Mapping) else ""


def _charts(node: Any, around: str = "") -> Iterator[tuple[str, str, str]]:
    """Every (chart, version, namespace) in a document, however deep: Applications, HelmReleases and helmfiles alike.
    The namespace is the nearest one said around the chart; empty where none is."""
    if isinstance(node, Mapping):
        around = _namespace(node) or around
        chart = node.get("chart")
        version = next((node[key] for key in CHART_KEYS if isinstance(node.get(key), str)), None)
        copied = next((match for place in (chart, node.get("path")) if (match := _COPIED.fullmatch(str(place)))), None)
        if copied is not None:  # a copy in the repository, where the internet cannot be reached
            yield copied[1], copied[2], around
        elif isinstance(chart, str) and version is not None:
            yield chart.rsplit("/", 1)[-1], version, around
        for value in node.values():
            yield from _charts(value, around)
    elif isinstance(node, list):
        for value in node:
            yield from _charts(value, around)


def _namespace(node: Mapping[str, Any]) -> str:
    destination = node.get("destination")
    for found in (
        destination.get("namespace") if isinstance(destination, Mapping) else None,
        node.get("targetNamespace"),
        node.get("namespace") if isinstance(node.get("chart"), str) else None,
    ):
        if isinstance(found, str):
            return found
    return ""


def _digest(body: Any) -> str:
    text = json.dumps(body, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
