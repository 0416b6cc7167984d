"""`build --format`: further formats of every picture, and none that nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.main import main

ANSWERS = Path(__file__).parents[3] / "samples" / "start-up" / "answers.yaml"


def test_an_unknown_format_is_told_with_those_that_there_are_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(ANSWERS), "-o", str(tmp_path / "out"), "--format", "2x.pgn"]) == 2
    said = capsys.readouterr().err
    assert "unknown format '2x.pgn' (did you mean '2x.png'?)" in said
    assert "known: html, svg, dark.svg, dot, mmd, drawio, png, 2x.png" in said
    assert not (tmp_path / "out").exists()


def test_a_further_format_is_written_of_every_picture_beside_the_usual_ones(tmp_path: Path) -> None:
    assert main(["build", str(ANSWERS), "-o", str(tmp_path), "--only", "diagrams", "--format", "dark.svg"]) == 0
    folder = tmp_path / "docs" / "architecture" / "diagrams"
    light = {path.name.removesuffix(".svg") for path in folder.glob("*.svg") if not path.name.endswith(".dark.svg")}
    dark = {path.name.removesuffix(".dark.svg") for path in folder.glob("*.dark.svg")}
    assert light == dark and len(dark) > 5
    assert list(folder.glob("*.drawio")) and list(folder.glob("*.png"))
