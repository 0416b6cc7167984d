"""The first page of a file that was seen before is there before anything is read, and no key for it is lost."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.loader import load
from tests.wizard.tui.driving import Driver
from wizard.commands.interactive import opened
from wizard.tui import app as app_module
from wizard.tui.app import WizardApp
from wizard.tui.glimpse import Seen
from wizard.tui.screens.waiting import FirstSight, Waiting

TEXT = "version: 1\nname: shop\ncontext: {availability: \"99.9\"}\n"
SIZE = (140, 45)


def behind(gate: Path) -> Catalog:
    """The catalog, once a file is there."""
    while not gate.exists():
        time.sleep(0.01)
    return load()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An answers file, with a cache of its own."""
    monkeypatch.setattr(app_module, "GLIMPSED", 0.01)
    load()
    where = tmp_path / "answers.yaml"
    where.write_text(TEXT, encoding="utf-8")
    return where


@asynccontextmanager
async def starting(file: Path, *, size: tuple[int, int] = SIZE) -> AsyncIterator[tuple[WizardApp, Driver, Path]]:
    """The wizard on a file, with a catalog that is not there before a gate opens."""
    gate = file.parent / "gate"
    gate.unlink(missing_ok=True)
    app = WizardApp(partial(behind, gate), lambda catalog: opened(file, catalog), state=file.parent / "state",
                    file=file, seen=Seen)
    async with app.run_test(size=size) as pilot:
        yield app, Driver(app, pilot), gate
        gate.touch()
        for _ in range(1500):
            if app.desk is not None or not app.is_running:
                break
            await pilot.pause(0.02)
        app.stop(discard=True)


async def arrived(driver: Driver, gate: Path) -> None:
    """Wait until the desk is there with all that is known."""
    gate.touch()
    for _ in range(1500):
        if driver.app.desk is not None and driver.app.screen is driver.app.desk:
            break
        await driver.pilot.pause(0.02)
    await driver.settle()
    await driver.rest()


async def seen(file: Path) -> str:
    """Open a file once, and give what its first page shows."""
    async with starting(file) as (app, driver, gate):
        assert not isinstance(app.screen, FirstSight)
        await arrived(driver, gate)
        seen = Seen(file)
        for _ in range(500):
            if seen.recall(SIZE) is not None:
                break
            await driver.pilot.pause(0.02)
        assert seen.recall(SIZE) is not None, (app._glimpsed, app.session.changed, app.thoughts.done, app.size)
        return driver.text()


def body(text: str) -> str:
    """What is below the top line."""
    return text.partition("\n")[2]


@pytest.mark.slow
async def test_a_file_that_was_seen_before_shows_its_page_before_the_catalog_is_read(file: Path) -> None:
    before = await seen(file)
    async with starting(file) as (app, driver, gate):
        await driver.pilot.pause()
        assert isinstance(app.screen, FirstSight)
        assert body(driver.text()) == body(before)
        assert "opening …" in driver.text().splitlines()[0]
        await arrived(driver, gate)
        assert driver.text() == before


@pytest.mark.slow
async def test_keys_pressed_before_the_catalog_is_read_move_at_once_or_wait_their_turn(file: Path) -> None:
    await seen(file)
    async with starting(file) as (app, driver, gate):
        await driver.pilot.press("down", "down")
        assert isinstance(app.screen, FirstSight)
        under = app.screen.under
        assert under[0] == "question"
        for key in ("enter", "down", "enter", "r"):
            await driver.pilot.press(key)
        assert app.screen.under == under
        await arrived(driver, gate)
        assert driver.desk.page == "review"
        assert len(driver.session.past) == 1
        assert under[1] in driver.session.answers.context


@pytest.mark.slow
async def test_a_click_before_the_catalog_is_read_is_done_when_it_is(file: Path) -> None:
    await seen(file)
    async with starting(file) as (app, driver, gate):
        await driver.pilot.click("#map", offset=(3, 2))
        await driver.pilot.click("#map", offset=(3, 2))
        assert isinstance(app.screen, FirstSight)
        await arrived(driver, gate)
        assert driver.desk.page == driver.desk.pages[2]


@pytest.mark.slow
@pytest.mark.parametrize("change", ["the file", "the size", "nothing was kept"])
async def test_a_page_that_might_be_another_now_is_not_shown(file: Path, change: str) -> None:
    await seen(file)
    size = (100, 30) if change == "the size" else SIZE
    if change == "the file":
        file.write_text(TEXT.replace("99.9", "99.95"), encoding="utf-8")
    elif change == "nothing was kept":
        file = file.rename(file.with_name("other.yaml"))
    async with starting(file, size=size) as (app, driver, gate):
        assert isinstance(app.screen, Waiting)
        assert "Reading the catalog" in driver.text()
        gate.touch()


@pytest.mark.slow
async def test_what_is_not_saved_is_not_kept_as_the_first_page_of_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "GLIMPSED", 3600)
    async with starting(file) as (_, driver, gate):
        await arrived(driver, gate)
        await driver.press("P", "down", "enter")
        await driver.agree()
        await driver.settle()
        assert driver.session.changed
        driver.app._keep_glimpse()
        assert Seen(file).recall(SIZE) is None
