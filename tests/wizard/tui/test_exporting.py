"""Exporting from inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard.tui.driving import driving, on_gcp, real_catalog
from wizard.answers_file import load
from wizard.tui.screens.exporting import ExportScreen


@pytest.mark.slow
async def test_exporting_previews_writes_and_then_changes_nothing(tmp_path: Path) -> None:
    async with driving(tmp_path / "state", on_gcp()) as driver:
        await driver.press("e")
        screen = driver.app.screen
        assert isinstance(screen, ExportScreen)
        screen.folder = str(tmp_path / "out")
        for key, counts in (("p", "new"), ("w", "new"), ("p", "unchanged")):
            await driver.press(key)
            for _ in range(600):
                await driver.pilot.pause(0.05)
                if not screen.running:
                    break
            assert screen.planned is not None, driver.text()
            assert screen.planned.count(counts) == len(screen.planned.fates)  # type: ignore[arg-type]
            assert (tmp_path / "out").exists() == (key == "w" or counts == "unchanged")
        assert load(tmp_path / "out" / "answers.yaml", real_catalog()).name == "shop"
        assert driver.session.path == tmp_path / "out" / "answers.yaml"
        await driver.press("escape")
        assert driver.app.screen is driver.desk


@pytest.mark.proves("export")
async def test_a_cancelled_export_leaves_the_folder_alone(tmp_path: Path) -> None:
    async with driving(tmp_path / "state", on_gcp()) as driver:
        await driver.press("e")
        screen = driver.app.screen
        assert isinstance(screen, ExportScreen)
        screen.folder = str(tmp_path / "out")
        screen.action_write()
        screen.action_cancel()
        for _ in range(600):
            await driver.pilot.pause(0.05)
            if not screen.running:
                break
        assert not (tmp_path / "out").exists()
        assert "Cancelled" in driver.text()


async def test_an_export_that_cannot_be_written_stays_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    async with driving(tmp_path / "state", on_gcp(mesh="linkerd")) as driver:
        await driver.press("e")
        screen = driver.app.screen
        assert isinstance(screen, ExportScreen)
        screen.folder, screen.only = str(tmp_path / "file" / "out"), ("overview",)
        await driver.press("w")
        for _ in range(1200):
            await driver.pilot.pause(0.05)
            if not screen.running:
                break
        assert driver.app.screen is screen
        assert "file" in driver.text().split("─" * 40)[-1]
        assert "Written" not in driver.text()
        assert (tmp_path / "file").read_text() == "mine"
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)
