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
from wizard.tui.outline import Asked, Outline
from wizard.tui.rows import Cell, Row, Rows
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
        try:
            yield app, Driver(app, pilot), gate
        finally:
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
        seen = Seen(file)
        assert seen.recall(SIZE) is None
        await arrived(driver, gate)
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
@pytest.mark.parametrize("change", ["another size", "no YAML", "a list", "too large", "no cache"])
async def test_where_nothing_is_sure_to_be_so_nothing_is_shown(
    file: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seen(file)
    size = (100, 30) if change == "another size" else SIZE
    if change in ("no YAML", "a list", "too large"):
        file.write_text({"no YAML": "name: [", "a list": "- name", "too large": TEXT + "#" * 2_100_000}[change], "utf-8")
    elif change == "no cache":
        monkeypatch.setenv("K8S_WIZARD_CACHE", "")
    async with starting(file, size=size) as (app, driver, gate):
        assert isinstance(app.screen, Waiting)
        assert "Reading the catalog" in driver.text()
        gate.touch()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["the file", "its name"])
async def test_a_file_never_seen_shows_what_it_says_and_nothing_that_is_not_known_yet(file: Path, change: str) -> None:
    await seen(file)
    if change == "the file":
        file.write_text(TEXT.replace("99.9", "99.95"), encoding="utf-8")
    else:
        file = file.rename(file.with_name("other.yaml"))
    async with starting(file) as (app, driver, gate):
        await driver.pilot.pause()
        assert isinstance(app.screen, FirstSight)
        shown = driver.text()
        assert "reading it …" in shown.splitlines()[0] and file.name in shown.splitlines()[0]
        assert ("99.95" if change == "the file" else "99.9") in body(shown)
        assert "being worked out" in shown and "follows)" not in shown
        await driver.pilot.press("down", "down", "enter", "down", "enter")
        under = app.screen.under
        await arrived(driver, gate)
        assert "being worked out" not in driver.text()
        assert driver.desk.under == under and under[1] in driver.session.answers.context


@pytest.mark.slow
async def test_the_rows_of_a_file_never_seen_are_those_of_its_page(file: Path) -> None:
    await seen(file)
    for answers in sorted((Path(__file__).parents[3] / "samples").glob("*/answers.yaml")):
        glimpse = Seen(answers).outlined(SIZE)
        assert glimpse is not None
        async with starting(_copied(answers, file)) as (app, driver, gate):
            assert isinstance(app.screen, FirstSight)
            await arrived(driver, gate)
            rows = driver.desk.query_one("#page", Rows).rows
            assert [row.key for row in glimpse.page if row.key] == [row.key for row in rows if row.key]
            said = {row.key: row.cells[-1].text for row in rows if row.key}
            for row in glimpse.page:  # what is shown of an answer is what is shown of it later, too
                if row.key and row.key[0] == "question" and row.cells[-1].text != "being worked out":
                    assert row.cells[-1].text == said[row.key]


def _copied(answers: Path, file: Path) -> Path:
    file.write_bytes(answers.read_bytes())
    return file


def test_what_a_file_says_is_no_command_for_the_terminal(tmp_path: Path) -> None:
    place = tmp_path / "answers.yaml"
    place.write_text('name: "a\\e[31mb"\nworkloads: [{name: "x\\u202ey"}, 3, [1]]\ncontext: 5\nversions: [1]\nclusters: no\n')
    name, add = Row(("name",), (Cell(" "), Cell("Name"), Cell(""))), Row(("add", "workloads"), (Cell("+"), Cell("Add"), Cell("")))
    question = Row(("question", "q"), (Cell(" "), Cell("Q"), Cell("")))
    glimpse = Outline((), (name, question, add), {}, {"q": Asked("Q", "why", {"a": "A"}, True)}, {}).of(place)
    assert glimpse is not None
    told = [cell.text for row in glimpse.page for cell in row.cells]
    assert "a[31mb" in told and "xy" in told and all(text.isprintable() for text in told)


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
