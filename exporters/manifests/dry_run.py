"""Asking a real cluster: every object by strict server-side dry run through kubectl, in install order.

Never writes, except namespaces when told to: an object in a namespace that does not exist cannot be judged.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which
from typing import Any

from catalog.errors import MissingProgram, UsageError
from exporters.manifests.check import Finding, Placed, Tree

_TIMEOUT = 60


def ask(tree: Tree, folder: Path, context: str, *, create_namespaces: bool = False) -> Iterator[Finding]:
    """Every object that the cluster refuses, with the decision behind it.

    Raises MissingProgram without kubectl, UsageError when the context does not answer."""
    if which("kubectl") is None:
        raise MissingProgram("kubectl cannot be found; install it, or leave --context out")
    answer = _kubectl(context, ["version", "--output=json", "--request-timeout=10s"])
    if answer.returncode != 0:
        raise UsageError(f"the context {context!r} does not answer: {_line(answer.stderr)}")
    missing: set[str] = set()
    for placed in sorted(tree.objects(), key=_rank):
        namespace = (placed.body.get("metadata") or {}).get("namespace")
        if placed.body.get("kind") == "Namespace" and create_namespaces:
            done = _apply(context, placed.body, dry=False)
        elif namespace in missing:
            continue
        else:
            done = _apply(context, placed.body, dry=True)
        if done.returncode == 0:
            continue
        text = _line(done.stderr)
        if f'namespaces "{namespace}" not found' in done.stderr and namespace is not None:
            missing.add(namespace)
            text = f"the namespace {namespace} does not exist yet; --create-namespaces creates it"
        yield placed.finding("core", f"refused by {context}: {text}")


def _rank(placed: Placed) -> tuple[int, str]:
    kind = str(placed.body.get("kind"))
    return (0 if kind == "Namespace" else 1 if kind == "CustomResourceDefinition" else 2), placed.path


def _apply(context: str, body: Any, *, dry: bool) -> subprocess.CompletedProcess[str]:
    mode = ["--dry-run=server"] if dry else []
    return _kubectl(
        context, ["apply", "--server-side", "--validate=strict", "--force-conflicts", *mode, "-f", "-"], json.dumps(body)
    )


def _kubectl(context: str, arguments: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["kubectl", f"--context={context}", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"the context {context!r} does not answer within {_TIMEOUT} seconds") from None


def _line(text: str) -> str:
    return " ".join(text.split())[:400]
