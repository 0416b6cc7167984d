"""Runs the layout engine: DOT text in, positions out. Knows the program, not what is being laid out.

The engine is the self-contained `graphviz-pure` that is installed with the product; K8S_WIZARD_DOT names another one
(a system `dot`) for who asks for it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from exporters.pictures.faults import PictureError

PROGRAM = "graphviz-pure"
SECONDS = 60
"""How long one picture may take before the engine counts as broken."""


@lru_cache(maxsize=4)
def _program(asked: str | None, path: str) -> str:
    if asked:
        found = shutil.which(asked, path=path)
        if found is None:
            raise PictureError(f"the layout engine {asked} named by K8S_WIZARD_DOT cannot be found")
        return found
    beside = Path(sys.executable).parent / (PROGRAM + (".exe" if os.name == "nt" else ""))
    found = str(beside) if beside.is_file() else shutil.which(PROGRAM, path=path)
    if found is None:
        raise PictureError(f"the layout engine {PROGRAM} cannot be found beside {sys.executable} or on PATH; "
                           "install k8s-wizard again")
    return found


def run(source: str) -> Mapping[str, Any]:
    """The layout of a DOT graph as the engine's own JSON (positions in points, y upwards); PictureError on failure."""
    (result,) = _answers(source, 1)
    return result


def run_all(sources: Sequence[str]) -> list[Mapping[str, Any] | None]:
    """The layouts of several graphs by one process; None for all of them where it fails, so that each is tried alone
    and only what is at fault fails."""
    try:
        return list(_answers("\n".join(sources), len(sources))) if sources else []
    except PictureError:
        return [None] * len(sources)


def _answers(source: str, count: int) -> list[Mapping[str, Any]]:
    asked = os.environ.get("K8S_WIZARD_DOT")
    program, name = _program(asked, os.environ.get("PATH", "")), asked or PROGRAM
    try:
        done = subprocess.run([program, "-Kdot", "-Tjson0"], input=source.encode(), capture_output=True,
                              timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PictureError(f"the layout engine {name} does not run: {error}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise PictureError(f"the layout engine {name} failed: {said[0] if said else f'exit code {done.returncode}'}")
    found: list[Mapping[str, Any]] = []
    try:
        text = done.stdout.decode("utf-8")
        at, decoder = 0, json.JSONDecoder()
        while text[at:at + 1]:
            result, at = decoder.raw_decode(text, at)
            found.append(result)
            at += len(text[at:at + 8]) - len(text[at:at + 8].lstrip())
    except ValueError as error:
        raise PictureError(f"the layout engine {name} wrote something unreadable: {error}") from error
    if len(found) != count:
        raise PictureError(f"the layout engine {name} laid out {len(found)} graphs of {count}")
    return found
