"""Checks of an exported tree: kinds against their schemas, references that resolve, chart values that exist.

`tree(folder)` reads one from disk, `check(...)` runs everything that can run without a cluster. What could not be
checked (a kind or chart whose schema is not at hand) is listed as unverified, never passed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from catalog.errors import UsageError
from exporters import paths
from exporters.manifests.references import Obj

Sort = Literal["yaml", "kustomize", "core", "custom", "reference", "chart", "deprecated", "server", "node"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong: where, which object, what, and the decision that the object comes from."""

    path: str
    sort: Sort
    object: str
    message: str
    decision: str = ""

    def __str__(self) -> str:
        behind = f" (decision {self.decision})" if self.decision else ""
        return f"{self.path}: {self.object}: {self.message}{behind}" if self.object else f"{self.path}: {self.message}"


@dataclass(frozen=True)
class Placed:
    """An object and the file it stands in."""

    path: str
    body: Obj

    @property
    def name(self) -> str:
        """Kind and name as people write them: `Deployment shop/web`."""
        return named(self.body)

    @property
    def decision(self) -> str:
        annotations = (self.body.get("metadata") or {}).get("annotations") or {}
        return str(annotations.get("k8s-wizard.dev/decision", ""))

    def finding(self, sort: Sort, message: str) -> Finding:
        """A finding about this object."""
        return Finding(self.path, sort, self.name, message, self.decision)


UNSHAPED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What reading an object raises that has text where its kind has fields, or lacks what its kind cannot be without."""


def looked_at(entry: Placed, sort: Sort, look: Callable[[], Iterable[str]]) -> list[Finding]:
    """What a check has to say about an object. People edit exports: what is not shaped like its kind is told so in a line,
    whether or not a schema of it is at hand, and its own faults never hide those of the others."""
    try:
        return [entry.finding(sort, message) for message in look()]
    except UNSHAPED:
        return [entry.finding(sort, f"it is not shaped like a {entry.body['kind']}, so not all of it could be looked at")]


def named(body: Mapping[str, Any]) -> str:
    """`Kind namespace/name` of an object."""
    metadata = body.get("metadata") or {}
    place = f"{metadata['namespace']}/" if metadata.get("namespace") else ""
    return f"{body.get('kind', '?')} {place}{metadata.get('name', '?')}"


@dataclass
class Tree:
    """An exported tree, parsed. `files` maps paths to their documents; `folder` is None for one that is in memory."""

    files: dict[str, list[Any]]
    faults: list[Finding] = field(default_factory=list)
    charts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Values file to chart, version and decision, as its header says."""

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Tree:
        """Parse texts by path; broken YAML becomes a finding."""
        files: dict[str, list[Any]] = {}
        faults = []
        for path in sorted(texts):
            if not path.endswith((".yaml", ".yml")):
                continue
            try:
                files[path] = [_opened(body) for body in yaml.load_all(texts[path], yaml.CSafeLoader) if body is not None]
                faults += [
                    Finding(path, "yaml", f"{body['kind']} ?", "has no metadata, so that nobody knows what it is called")
                    for body in files[path]
                    if _is_kind(body) and not isinstance(body.get("metadata"), Mapping)
                ]
            except yaml.YAMLError as error:
                mark = getattr(error, "problem_mark", None)
                line = f":{mark.line + 1}" if mark is not None else ""
                files[path] = []  # it is there, whatever it says
                problem = " ".join(str(getattr(error, "problem", None) or "is no YAML").split())
                faults.append(Finding(f"{path}{line}", "yaml", "", f"broken YAML: {problem}"))
        charts = {path: found for path, text in texts.items() if (found := valued(text)) is not None}
        return cls(files, faults, charts)

    def objects(self) -> Iterator[Placed]:
        """Every Kubernetes object under manifests/, with its file; kustomizations and values are none."""
        for path, bodies in self.files.items():
            if not path.startswith(f"{paths.MANIFESTS}/"):
                continue
            for body in bodies:
                if is_object(body):
                    yield Placed(path, body)

    @property
    def clusters(self) -> tuple[str, ...]:
        """Names of the clusters that have an overlay."""
        prefix = f"{paths.MANIFESTS}/clusters/"
        return tuple(dict.fromkeys(path.removeprefix(prefix).split("/")[0] for path in self.files if path.startswith(prefix)))


def valued(text: str) -> tuple[str, str, str] | None:
    """Chart, version and decision that the header of a values file names; None for any other text."""
    match = re.match(r"# Values of chart (\S+) (\S+)\n# Decision: (\S+)\n", text)
    return (match[1], match[2], match[3]) if match else None


def is_object(body: Any) -> bool:
    """True for a Kubernetes object; a kustomization is none."""
    return _is_kind(body) and isinstance(body.get("metadata"), Mapping)


def _opened(body: Any) -> Any:
    """An object without the block that says how it is encrypted, which goes before it reaches a cluster."""
    if not isinstance(body, dict) or body.get("kind") != "Secret":
        return body
    return {key: value for key, value in body.items() if not (isinstance(value, dict) and {"mac", "version"} <= value.keys()
                                                               and key not in ("data", "stringData", "metadata"))}


def _is_kind(body: Any) -> bool:
    return (
        isinstance(body, Mapping)
        and isinstance(body.get("apiVersion"), str)
        and isinstance(body.get("kind"), str)
        and not body["apiVersion"].startswith("kustomize.config.k8s.io/")
    )


@dataclass(frozen=True)
class Report:
    """What was found, and what could not be looked at."""

    findings: tuple[Finding, ...]
    unverified: tuple[str, ...]
    objects: int = 0
    judged: frozenset[tuple[str, str]] = frozenset()
    """(kind, version) of what a cluster held against its own schemas."""
    warnings: tuple[str, ...] = ()
    """What a cluster said about objects that it takes."""


def tree(folder: Path) -> Tree:
    """The tree in a folder; UsageError when there is none that we exported."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: not a folder; give the one that `build -o` wrote")
    if not (folder / paths.MANIFESTS).is_dir():
        raise UsageError(f"{folder}: has no {paths.MANIFESTS}/; give the folder that `build -o` wrote")
    texts: dict[str, str] = {}
    faults = []
    for path in sorted((folder / paths.MANIFESTS).rglob("*.y*ml")):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Finding(name, "yaml", "", f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}"))
    found = Tree.of(texts)
    found.faults = sorted([*found.faults, *faults])
    return found


def check(
    found: Tree,
    kubernetes: Sequence[str],
    *,
    schemas: Path | None = None,
    charts: Path | None = None,
    references: Mapping[str, str] | None = None,
) -> Report:
    """Every check that needs no cluster.

    `kubernetes`: minors to hold core kinds against. `schemas`: folder of GROUP/KIND_VERSION.json. `charts`: folder of
    chart folders; `references` names the folder of a chart where it is not called like it.
    """
    from exporters.manifests import (
        check_charts,
        check_classes,
        check_delivery,
        check_hosts,
        check_inside,
        check_kinds,
        check_kustomize,
        check_named,
        check_objects,
        check_references,
        check_render,
    )

    findings = list(found.faults)
    unverified: list[str] = []
    backends: list[check_references.Backend] = []
    placed = list(found.objects())
    if not kubernetes:
        unverified.append("core kinds: nothing says which Kubernetes they are for; build again")
    for minor in kubernetes:
        findings.extend(check_kinds.core(placed, minor))
    customs, unknown = check_kinds.custom(placed, schemas)
    findings.extend(customs)
    unverified.extend(unknown)
    findings.extend(check_kustomize.check(found))
    valued = check_charts.of_tree(found)
    for cluster in found.clusters:
        objects, problems = check_kustomize.build(found, f"{paths.MANIFESTS}/clusters/{cluster}")
        findings.extend(problems)
        # What starts the delivery in another cluster bears the same names there.
        elsewhere = {paths.bootstrap(f"root/{name}.yaml") for name in found.clusters if name != cluster}
        first = [entry for entry in placed if entry.path.startswith(f"{paths.BOOTSTRAP}/") and entry.path not in elsewhere]
        broken, open_ends = check_references.check(objects, first)
        backends.extend(check_references.left_to_charts(objects, first))
        findings.extend(broken)
        findings.extend(check_inside.check(objects, first))
        findings.extend(check_named.check(objects, first))
        findings.extend(check_hosts.check(objects, first))
        nobodys, elsewheres = check_classes.check(objects, first, valued, cluster)
        findings.extend(nobodys)
        unverified.extend(elsewheres)
        # Twice in one build is a fault; what bootstraps is applied first, and once more with everything else.
        findings.extend((*check_objects.check(first), *check_objects.check(objects)))
        unverified.extend(open_ends)
    findings.extend(check_delivery.check(found))
    newest = max(kubernetes, key=lambda minor: [int(part) for part in minor.split(".")], default="")

    def validator(api: str, kind: str) -> Any:
        return check_kinds.validator(api, kind, newest, schemas) if newest else None

    wrong, unknown = check_charts.check(valued, charts, references or {}, validator)
    findings.extend(wrong)
    unverified.extend(unknown)
    if charts is not None:
        spaces = [entry for entry in placed if entry.body["kind"] == "Namespace"]
        wrong, unknown = check_render.check(valued, charts, references or {}, spaces, kubernetes, backends=backends)
        findings.extend(wrong)
        unverified.extend(unknown)
    elif backends:
        unverified.append(check_render.untold(backends))
    return Report(tuple(sorted(set(findings))), tuple(dict.fromkeys(unverified)), len(placed))
