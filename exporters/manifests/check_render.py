"""Charts rendered with the values of an export, where helm and the charts' templates are at hand: what then comes out is
held to what an API server takes, so that a value that fits its chart and breaks its pods is seen before a cluster sees it.

Nothing is fetched: a dependency that a chart folder does not carry is helm's to complain about, and a chart's schema of
its values, which may refer to places elsewhere, is `check_charts`' matter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from exporters.manifests import check_objects
from exporters.manifests.check import Finding, Placed, is_object, named
from exporters.manifests.check_charts import Valued, folder_of
from exporters.manifests.check_kinds import is_core
from exporters.manifests.check_references import Backend


class _Loader(yaml.CSafeLoader):
    """Takes the `=` that some CustomResourceDefinitions list among the operators of a field."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)


def helm() -> str | None:
    """The helm to use: beside this Python or on the PATH; None where there is none."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which("helm", path=places)


def check(
    charts: Iterable[Valued],
    folder: Path | None,
    references: Mapping[str, str],
    spaces: Sequence[Placed],
    kubernetes: Sequence[str],
    program: str | None = None,
    backends: Sequence[Backend] = (),
) -> tuple[list[Finding], list[str]]:
    """(what is wrong with what charts make of the values, charts that were not rendered).

    `spaces`: the namespaces of the export, whose Pod Security levels hold for what charts put into them. `kubernetes`:
    minors that charts render for; the last one is used. `backends`: Services that some chart has to bring.
    """
    findings: list[Finding] = []
    missing: list[str] = []
    brought: dict[tuple[str, str], set[int]] = {}
    unseen: set[str] = set()
    program = program or helm()
    for entry in charts:
        place = folder_of(str(folder), references.get(entry.chart, entry.chart)) if folder is not None else None
        if program is None or place is None or not any((place / name).is_dir() for name in ("templates", "charts")):
            missing.append(entry.chart)
            unseen.add(entry.namespace)
            continue
        try:
            objects = rendered(program, entry, place, kubernetes[-1] if kubernetes else None)
        except ValueError as error:
            findings.append(Finding(entry.path, "chart", f"chart {entry.chart}", f"does not render: {error}", entry.decision))
            unseen.add(entry.namespace)
            continue
        placed = [Placed(entry.path, body) for body in objects]
        for body in objects:
            if body["kind"] == "Service":
                space = body["metadata"].get("namespace") or entry.namespace
                ports = {port["port"] for port in (body.get("spec") or {}).get("ports") or ()}
                brought.setdefault((space, body["metadata"]["name"]), set()).update(ports)
        for finding in check_objects.check([*spaces, *placed]):
            if finding.path == entry.path:
                findings.append(_said(entry, finding.object, finding.message))
        findings += [_said(entry, named(body), message) for body in objects for message in _nulls(body)]
    absent, unknown = _absent(backends, brought, unseen)
    findings += absent
    why = "helm is not here" if program is None else "their templates are not at hand"
    unverified = [f"charts not rendered, {why}: {', '.join(sorted(set(missing)))}"] if missing else []
    return findings, [*unverified, *unknown]


def _absent(
    backends: Sequence[Backend], brought: Mapping[tuple[str, str], set[int]], unseen: Set[str]
) -> tuple[list[Finding], list[str]]:
    """(backends that no chart brings, those that a chart may bring that was not rendered). `unseen`: namespaces of such charts;
    an empty one may be any."""
    findings: list[Finding] = []
    unknown: list[str] = []
    for entry, namespace, name, port in backends:
        ports = brought.get((namespace, name), brought.get(("", name)))
        if ports is not None and port is not None and port not in ports:
            findings.append(entry.finding("reference", f"its backend Service {namespace}/{name}, of a chart, has no port {port}"))
        elif ports is None and unseen & {namespace, ""}:
            unknown.append(untold([(entry, namespace, name, port)]))
        elif ports is None:
            told = f"its backend Service {namespace}/{name} is nowhere, and no chart brings it"
            findings.append(entry.finding("reference", told))
    return findings, unknown


def untold(backends: Sequence[Backend]) -> str:
    """What is said of backends that charts bring which nobody rendered."""
    names = sorted({f"{namespace}/{name}" for _, namespace, name, _ in backends})
    return f"backend Services of charts that were not rendered: {', '.join(names)}"


def _said(entry: Valued, what: str, message: str) -> Finding:
    return Finding(entry.path, "chart", f"chart {entry.chart}", f"renders {what}: {message}", entry.decision)


_SKIP = "--skip-schema-validation"


@cache
def _skips(program: str) -> bool:
    """Whether this helm can be told to leave the values' schema alone (since 3.16)."""
    command = [program, "template", "--help"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        return _SKIP in done.stdout
    except (OSError, subprocess.TimeoutExpired):
        return False


def rendered(program: str, entry: Valued, place: Path, minor: str | None) -> list[dict[str, Any]]:
    """The objects that a chart makes of the values; ValueError with helm's own words when it makes none."""
    command = [program, "template", entry.release or entry.chart, str(place), "--values", "-"]
    command += ["--namespace", entry.namespace] if entry.namespace else []
    command += ["--kube-version", f"v{minor}.0"] if minor else []
    command += [_SKIP] if _skips(program) else []
    for served in ("monitoring.coreos.com/v1", "gateway.networking.k8s.io/v1", "policy/v1/PodDisruptionBudget"):
        command += ["--api-versions", served]
    try:
        done = subprocess.run(command, input=yaml.safe_dump(dict(entry.values)), capture_output=True, text=True, timeout=120,
                              check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ValueError(f"helm: {error}") from None
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip() and not line.startswith("Use --debug")]
        raise ValueError((lines[-1] if lines else f"helm ended with {done.returncode}")[:300])
    try:
        found = [body for body in yaml.load_all(done.stdout, _Loader) if is_object(body)]
    except yaml.YAMLError as error:
        raise ValueError(f"what it renders is no YAML ({getattr(error, 'problem', error)})") from None
    for body in found:
        if entry.namespace and is_core(body["apiVersion"]) and not body["apiVersion"].startswith("rbac"):
            body["metadata"].setdefault("namespace", entry.namespace)
    return found


def _nulls(body: Mapping[str, Any]) -> Iterator[str]:
    """Nulls in custom kinds: a create drops them, a server that merges fields refuses them."""
    if not is_core(body["apiVersion"]):
        below = _null_paths(body["spec"], "spec") if "spec" in body else ()
        yield from (f"{path} is null, which server-side apply refuses" for path in below)


def _null_paths(value: Any, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _null_paths(below, f"{path}.{key}")
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from _null_paths(below, f"{path}[{at}]")
