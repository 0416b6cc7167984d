"""Every object and chart of a design as data that can be compared, and the fields in which two of them differ."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.design import Design
from exporters.manifests import units
from exporters.manifests.cluster import installed
from exporters.manifests.labels import DECISION
from exporters.manifests.plan import objects_by_cluster
from exporters.manifests.view import View, views

Obj = Mapping[str, Any]
Key = tuple[str, str, str, str]
"""Cluster, kind (with its group), namespace, name."""


def contents(design: Design) -> dict[Key, Obj]:
    """Every object and every chart (its values) of every cluster."""
    found: dict[Key, Obj] = {}
    for name, objects in objects_by_cluster(design).items():
        for body in objects:
            metadata = body["metadata"]
            group = body["apiVersion"].rpartition("/")[0]
            if body["kind"] == "Job":  # called after what its template says
                metadata = {**metadata, "name": re.sub(r"-[0-9a-f]{8}$", "", metadata["name"])}
                body = {**body, "metadata": metadata}
            found[name, f"{body['kind']}.{group}", metadata.get("namespace", ""), metadata["name"]] = body
    for view in views(design):
        for key, body in _charts(view):
            found[key] = body
    return found


def _charts(view: View) -> Iterator[tuple[Key, Obj]]:
    for component in installed(view):
        assert component.install is not None
        for release in (*units.first_releases(view, component), *units.releases(view, component)):
            metadata = {
                "name": release.chart.release,
                "annotations": {DECISION: release.decision},
                "labels": {"app.kubernetes.io/name": component.id},
            }
            body = {
                "metadata": metadata,
                "chart": release.chart.chart,
                "version": release.chart.version,
                "namespace": release.namespace,
                "values": release.values,
            }
            yield (view.cluster.name, "chart", release.namespace, f"{release.chart.release}"), body


def layer_of(body: Obj, design: Design) -> str:
    """The layer whose decision made an object, or `workloads`."""
    metadata = body["metadata"]
    if metadata.get("labels", {}).get("app.kubernetes.io/name") in {workload.name for workload in design.workloads}:
        return "workloads"
    return design.catalog.layer_of.get(metadata.get("annotations", {}).get(DECISION, ""), "")


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and text (before, after) of each field that differs; of lists of other lengths the entries that only one has."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            if before.get(name) != after.get(name):
                yield from differences(before.get(name), after.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        if len(before) == len(after):
            for at, (one, other) in enumerate(zip(before, after, strict=True)):
                if one != other:
                    yield from differences(one, other, f"{path}[{at}]")
        else:
            gone = [entry for entry in before if entry not in after]
            come = [entry for entry in after if entry not in before]
            for entry in (*gone, *come):
                yield f"{path}[]", json.dumps(entry, sort_keys=True)
            if not gone and not come:
                yield path, f"{json.dumps(before)} -> {json.dumps(after)}"
    elif before != after:
        yield path, f"{json.dumps(before, sort_keys=True)} -> {json.dumps(after, sort_keys=True)}"


def planted(body: Obj, path: tuple[str, ...], value: Any) -> Obj:
    """The object with a value at a path, whatever was there."""
    moved = copy.deepcopy(dict(body))
    at = moved
    for name in path[:-1]:
        inner = at.get(name)
        at[name] = dict(inner) if isinstance(inner, Mapping) else {}
        at = at[name]
    at[path[-1]] = value
    return moved
