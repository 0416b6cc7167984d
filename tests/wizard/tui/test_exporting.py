"""Exporting from inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import WizardError
from catalog.loader import load as load_catalog
from exporters.base import Stamp
from tests.wizard.tui.driving import driving, on_gcp, real_catalog
from wizard.answers_file import load
from wizard.tui.making import Order, make, make_apart
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


def order(folder: Path, *, writing: bool) -> Order:
    return Order(on_gcp(), folder, ("overview", "records"), Stamp("", ""), writing)


def test_a_process_of_its_own_exports_the_same_and_cleans_up_when_nobody_wants_it_any_more(tmp_path: Path) -> None:
    here, there, seen, told = tmp_path / "here", tmp_path / "there", list[str](), list[str]()
    mine = make(real_catalog(), order(here, writing=True), seen.append)
    its = make_apart(load_catalog, order(there, writing=True), told.append)
    assert (its.planned.fates, its.missing, told) == (mine.planned.fates, mine.missing, seen)
    assert {path.relative_to(there): path.read_bytes() for path in there.rglob("*.md")} == {
        path.relative_to(here): path.read_bytes() for path in here.rglob("*.md")}

    class Enough(Exception):
        pass

    def until_it_writes(what: str) -> None:
        if "/" in what:
            raise Enough

    with pytest.raises(Enough):
        make_apart(load_catalog, order(tmp_path / "none", writing=True), until_it_writes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "there"]


def test_a_process_of_its_own_says_why_it_could_not_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WizardError, match="file"):
        make_apart(load_catalog, order(tmp_path / "file" / "out", writing=True), lambda what: None)
