"""Lays the units of all clusters out as files: bases, overlays of what differs, what lists them, what starts them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog.design import Design
from exporters import paths
from exporters.manifests import bootstrap, filled, images, order, overlays, through, units
from exporters.manifests.order import Folder, Release, Unit
from exporters.manifests.overlays import Difference
from exporters.manifests.references import Obj
from exporters.manifests.synth import Document
from exporters.manifests.through import Plan, argocd_objects, helmfile
from exporters.manifests.view import View, views


def plans(design: Design) -> tuple[Plan, ...]:
    """One plan per cluster, with the same folders in all of them."""
    return _laid(design).plans


def documents(design: Design, before: Mapping[str, str] | None = None) -> list[Document]:
    """Every file of the export, in the order of their paths within each part. `before` holds files of an earlier export
    that a pipeline has written to since."""
    return _Layout(design, before).documents()


class _Layout:
    """Computed once per design; that of an export is forgotten when its documents are made."""

    def __init__(self, design: Design, before: Mapping[str, str] | None = None) -> None:
        self.design = design
        self.before = before or {}
        self.governed = images.governed(design)
        self.views = views(design)
        self.units = [{unit.id: unit for unit in units.of_cluster(view)} for view in self.views]
        layers = ("namespaces", *design.catalog.layers, "workloads")
        self.folders = order.folders([tuple(entry.values()) for entry in self.units], layers)
        self.bases: dict[str, dict[str, tuple[Obj, ...]]] = {}
        self.differences: dict[str, tuple[Difference, ...]] = {}
        drafts = [Plan(view, self.folders, entry, {}) for view, entry in zip(self.views, self.units, strict=True)]
        for folder in self.folders:
            files = [self._files(plan, folder) for plan in drafts]
            self.bases[folder.name], self.differences[folder.name] = overlays.divide(files)
        self.plans = tuple(Plan(plan.view, plan.folders, plan.units, self._paths(at)) for at, plan in enumerate(drafts))

    def _files(self, plan: Plan, folder: Folder) -> dict[str, list[Obj]]:
        found: dict[str, list[Obj]] = {}
        for name in folder.units:
            unit = plan.units.get(name)
            stem = name.removeprefix("workloads-")
            for obj in unit.objects if unit is not None else ():
                ending = filled.own_file(plan.view, obj)
                own = "-".join(obj["metadata"][part] for part in ("namespace", "name")) if ending else ""
                found.setdefault(f"{stem}-{own}{ending}" if ending else f"{stem}.yaml", []).append(obj)
        for file, objects in through.beside(plan, folder).items():
            found.setdefault(file, []).extend(objects)
        return found

    def _paths(self, at: int) -> dict[str, str]:
        """Folder name to where a cluster's kustomization of it is: the base, or the overlay where it differs."""
        found = {}
        for folder in self.folders:
            if self.differences[folder.name][at] or (self._imaged(folder) and self.bases[folder.name]):
                found[folder.name] = _overlay_folder(self.views[at], folder)
            elif self.bases[folder.name]:
                found[folder.name] = paths.layer_folder(folder.rank, folder.layer)
        return found

    def _imaged(self, folder: Folder) -> bool:
        """True for what runs images that a pipeline brings to each environment."""
        return bool(self.governed) and folder.layer == images.LAYER

    # ---- documents

    def documents(self) -> list[Document]:
        found: list[Document] = []
        for folder in self.folders:
            found.extend(self._base(folder))
        for at, plan in enumerate(self.plans):
            found.extend(self._overlays(at, plan))
        found.extend(self._delivery())
        found.extend(self._bootstrap())
        sealed = filled.Filled(self.views, self.before)
        return [replace(entry, objects=tuple(sealed.into(entry.path, obj) for obj in entry.objects)) for entry in found]

    def _base(self, folder: Folder) -> Iterator[Document]:
        where = paths.layer_folder(folder.rank, folder.layer)
        files = self.bases[folder.name]
        for name, objects in files.items():
            yield Document(f"{where}/{name}", objects, self._header(name, folder))
        if files:
            yield Document(f"{where}/kustomization.yaml", (overlays.kustomization(sorted(files)),), plain=True)

    def _header(self, name: str, folder: Folder) -> tuple[str, ...]:
        """Title and decision of the units in a file."""
        stem = name.removesuffix(".yaml")
        for entries in self.units:
            unit: Unit | None = entries.get(stem) or entries.get(f"{folder.layer}-{stem}")
            if unit is not None:
                decision = self.design.catalog.decisions.get(unit.decision)
                reason = (f"Decision: {decision.title} ({unit.decision})",) if decision is not None else ()
                return (_one_line(unit.title), *reason)
        return ()

    def _overlays(self, at: int, plan: Plan) -> Iterator[Document]:
        for folder in self.folders:
            difference = self.differences[folder.name][at]
            if not difference and not (self._imaged(folder) and self.bases[folder.name]):
                continue
            where = _overlay_folder(plan.view, folder)
            for name, objects in difference.own.items():
                yield Document(f"{where}/{name}", objects, self._header(name, folder))
            resources = [f"../../../{folder.name}"] if self.bases[folder.name] else []
            body = overlays.kustomization([*resources, *sorted(difference.own)], difference.patches)
            if self._imaged(folder):
                body["components"] = [f"../{images.FOLDER}"]
            yield Document(f"{where}/kustomization.yaml", (body,), (f"What differs in {plan.view.cluster.name}",), plain=True)
        if any(self._imaged(folder) for folder in self.folders):
            title = (f"Images of {plan.view.cluster.name}: written by the pipeline when it delivers to {plan.view.environment}",)
            body = images.component(plan.view, self.governed, self.before)
            yield Document(images.path(plan.view.cluster.name), (body,), title, plain=True)
        resources = []
        for folder in self.folders:
            path = plan.paths.get(folder.name)
            if path is not None:
                own = path.startswith(f"{paths.MANIFESTS}/clusters/")
                resources.append(folder.name if own else f"../../{folder.name}")
        header = (
            f"Everything of {plan.view.cluster.name} ({plan.view.environment}) in install order",
            "Charts come through the delivery tool",
        )
        yield Document(paths.overlay(plan.view.cluster.name), (overlays.kustomization(resources),), header, plain=True)

    def _delivery(self) -> Iterator[Document]:
        how = through.name(self.views[0])
        if how == "argocd":
            yield from self._applications()
        elif how == "helmfile":
            yield from self._helmfiles()
        else:
            for plan in self.plans:
                where = f"{paths.MANIFESTS}/clusters/{plan.view.cluster.name}/delivery"
                files = through.module(plan.view).index(plan)
                for name, objects in files.items():
                    yield Document(f"{where}/{name}", tuple(objects))
                yield Document(f"{where}/kustomization.yaml", (overlays.kustomization(list(files)),), plain=True)

    def _applications(self) -> Iterator[Document]:
        resources: list[list[str]] = [[] for _ in self.plans]
        patches: list[dict[overlays.Key, tuple[Obj, ...]]] = [{} for _ in self.plans]
        for folder in self.folders:
            base, differences = overlays.divide([argocd_objects.applications(plan, folder) for plan in self.plans])
            where = f"{paths.layer_folder(folder.rank, folder.layer)}/{argocd_objects.APPS}"
            for name, objects in base.items():
                yield Document(f"{where}/{name}", objects)
            if base:
                yield Document(f"{where}/kustomization.yaml", (overlays.kustomization(sorted(base)),), plain=True)
            for at, (plan, difference) in enumerate(zip(self.plans, differences, strict=True)):
                if base:
                    resources[at].append(f"../../../{folder.name}/{argocd_objects.APPS}")
                for name, objects in difference.own.items():
                    yield Document(f"{paths.MANIFESTS}/clusters/{plan.view.cluster.name}/delivery/{name}", objects)
                    resources[at].append(name)
                patches[at].update(difference.patches)
        for at, plan in enumerate(self.plans):
            body = overlays.kustomization(resources[at], patches[at])
            extras = argocd_objects.overlay_extras(plan.view)
            if extras:
                body = {
                    **{key: body[key] for key in ("apiVersion", "kind")},
                    "namePrefix": extras["namePrefix"],
                    "resources": body["resources"],
                    "patches": [*body.get("patches", []), *extras["patches"]],
                }
            yield Document(
                f"{paths.MANIFESTS}/clusters/{plan.view.cluster.name}/delivery/kustomization.yaml", (body,), plain=True
            )

    def _helmfiles(self) -> Iterator[Document]:
        shared: dict[str, Any] = {}
        for plan in self.plans:
            differing = set()
            for folder in self.folders:
                for _, release in plan.releases(folder):
                    name = release.chart.release
                    if name not in shared:
                        shared[name] = release.values
                        yield _values(f"{paths.MANIFESTS}/{helmfile.values_path(folder, release)}", release)
                    elif shared[name] != release.values:
                        differing.add(name)
                        yield _values(paths.overlay(plan.view.cluster.name, f"values/{name}.yaml"), release)
            body = helmfile.helmfile(plan, frozenset(differing))
            yield Document(paths.overlay(plan.view.cluster.name, "helmfile.yaml"), (body,), plain=True)

    def _bootstrap(self) -> Iterator[Document]:
        spaces = {overlays.key(obj): obj for view in self.views for obj in bootstrap.namespaces(view)}
        if spaces:
            yield Document(
                paths.bootstrap("namespaces/namespaces.yaml"),
                tuple(spaces.values()),
                ("Namespaces that have to be there before the delivery tool",),
            )
            yield Document(
                paths.bootstrap("namespaces/kustomization.yaml"),
                (overlays.kustomization(["namespaces.yaml"]),),
                plain=True,
            )
        differing = bootstrap.differing_values(self.views)
        written: set[str] = set()
        for view in self.views:
            for release in bootstrap.releases(view):
                path = bootstrap.values_file(view, release, differing)
                if path not in written:
                    written.add(path)
                    yield _values(path, release)
            for name, objects in bootstrap.objects(view).items():
                path = paths.bootstrap(f"{name}.yaml")
                if path not in written:
                    written.add(path)
                    yield Document(path, tuple(objects))
        files = through.module(self.views[0]).root(self.plans)
        for name, objects in files.items():
            yield Document(
                paths.bootstrap(f"root/{name}"),
                tuple(objects),
                ("Applied once by a person: what starts everything else",),
            )
        if files and through.name(self.views[0]) == "argocd":
            yield Document(paths.bootstrap("root/kustomization.yaml"), (overlays.kustomization(list(files)),), plain=True)


_LAST: deque[tuple[Design, _Layout]] = deque(maxlen=2)
"""Who compares two designs asks about both of them again and again; more are not kept, for what they take."""


def _laid(design: Design) -> _Layout:
    """The layout of a design, which never changes."""
    for known, layout in tuple(_LAST):
        if known is design:
            return layout
    _LAST.append((design, _Layout(design)))
    return _LAST[-1][1]


def _values(path: str, release: Release) -> Document:
    header = (f"Values of chart {release.chart.chart} {release.chart.version}", f"Decision: {release.decision}")
    return Document(path, (dict(release.values),), header, plain=True)


def _overlay_folder(view: View, folder: Folder) -> str:
    return f"{paths.MANIFESTS}/clusters/{view.cluster.name}/{folder.name}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def bootstrap_files(design: Design) -> Mapping[str, Sequence[Obj]]:
    """Path to contents of what a person applies before the delivery tool works, and what starts that."""
    return {document.path: document.objects for document in _laid(design)._bootstrap()}


def objects_by_folder(design: Design) -> Mapping[str, Mapping[str, Sequence[Obj]]]:
    """Cluster and folder name to the objects that the folder has there (overlays applied), in install order."""
    layout = _laid(design)
    return {
        plan.view.cluster.name: {
            folder.name: [obj for files in layout._files(plan, folder).values() for obj in files] for folder in layout.folders
        }
        for plan in layout.plans
    }


def objects_by_cluster(design: Design) -> Mapping[str, Sequence[Obj]]:
    """Cluster name to every object it gets (overlays applied), for checks and simulations."""
    return {
        cluster: [obj for objects in folders.values() for obj in objects]
        for cluster, folders in objects_by_folder(design).items()
    }
