"""Without a Node that works there is one plain line, and with the packaged one no system Node is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.errors import MissingProgram
from exporters.manifests import node


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_the_packaged_node_is_used_when_the_path_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JSII_NODE", raising=False)
    assert Path(node.prepare()).is_file()
    assert os.environ["JSII_NODE"] == node.prepare()


@pytest.mark.parametrize("text", ["exit 3", "echo hello", "echo v18.20.0"])
def test_a_node_that_is_broken_or_too_old_is_one_line(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_NODE", script(tmp_path / "node", text))
    with pytest.raises(MissingProgram) as caught:
        node.prepare()
    assert str(caught.value).startswith("node: ") and "\n" not in str(caught.value)


def test_a_node_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_NODE", "/nowhere/node")
    with pytest.raises(MissingProgram, match="cannot be started"):
        node.prepare()


def test_a_node_that_lies_about_itself_is_found_out_without_a_traceback(tmp_path: Path) -> None:
    liar = script(tmp_path / "node", 'case "$1" in --version) echo v24.0.0;; *) echo nonsense;; esac')
    code = (
        "from catalog.errors import MissingProgram\n"
        "from exporters.manifests import synth\n"
        "try:\n    synth.render([synth.Document('a/b.yaml', ({'apiVersion': 'v1', 'kind': 'X', 'metadata': {}},))])\n"
        "except MissingProgram as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "JSII_NODE": liar},
    )
    assert done.stdout.startswith("node: ") and done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
