"""`view`: text where nothing can be painted, and the list of known views for an unknown one."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.main import main

ANSWERS = str(Path(__file__).parents[3] / "samples" / "small-team" / "answers.yaml")


def test_in_a_pipe_a_view_is_text_in_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", ANSWERS, "--view", "metrics"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Metrics and alerts\n") and "Connections\n" in out and "\x1b" not in out


def test_an_unknown_view_is_answered_with_the_known_ones_and_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", ANSWERS, "--view", "netwrok"]) == 2
    said = capsys.readouterr().err
    assert "netwrok" in said and "overview, request-path, network" in said and said.count("\n") == 1


def test_a_picture_can_be_had_as_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", ANSWERS, "--view", "storage", "--format", "mermaid"]) == 0
    assert "flowchart " in capsys.readouterr().out
