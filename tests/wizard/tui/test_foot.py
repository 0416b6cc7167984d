"""The line of keys at the foot of a screen, and that nothing is left behind of windows that were closed."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from textual._styles_cache import StylesCache
from textual.widget import Widget

from tests import tiny
from tests.wizard.tui.driving import Driver, driving
from tests.wizard.tui.test_screens import CATALOG
from wizard.tui.commands import COMMANDS
from wizard.tui.foot import Foot
from wizard.tui.screens.general import Read

ANSWERS = tiny.answers({"traffic": "high"}, {})


def foot(driver: Driver) -> tuple[Foot, str]:
    """The foot of the desk and what it says."""
    shown = driver.desk.query_one(Foot)
    return shown, shown.render_line(0).text


async def test_the_foot_says_the_shown_commands_in_the_order_of_the_list(tmp_path: Path) -> None:
    async with driving(tmp_path, ANSWERS, size=(200, 30), catalog=CATALOG) as driver:
        words = [command.short or command.title for command in COMMANDS if command.shown]
        text = foot(driver)[1]
        places = [text.index(f" {word}") for word in words]
        assert places == sorted(places)


@pytest.mark.parametrize("width", [80, 100, 140])
async def test_a_command_is_said_whole_or_not_at_all(tmp_path: Path, width: int) -> None:
    async with driving(tmp_path, ANSWERS, size=(width, 24), catalog=CATALOG) as driver:
        shown, text = foot(driver)
        assert len(text) == width
        words = {action: f"{key} {word}" for key, word, action in shown.commands()}
        assert [text[spot.begin:spot.end] for spot in shown.spots] == [words[spot.action] for spot in shown.spots]
        assert shown.spots


async def test_a_key_in_the_foot_can_be_clicked(tmp_path: Path) -> None:
    async with driving(tmp_path, ANSWERS, catalog=CATALOG) as driver:
        shown, text = foot(driver)
        await driver.pilot.click(Foot, offset=(text.index("Help"), 0))
        await driver.rest()
        assert isinstance(driver.app.screen, Read)
        await driver.press("escape")
        await driver.pilot.click(Foot, offset=(shown.spots[-1].end + 2, 0))
        assert driver.app.screen is driver.desk


@pytest.mark.slow
async def test_nothing_is_left_of_windows_that_were_closed(tmp_path: Path) -> None:
    async def around(driver: Driver) -> int:
        for _ in range(5):
            await driver.press("2", "?", "escape", "tab", "tab", "tab", "H", "escape", "enter", "u", "e", "escape", "v", "escape")
        await driver.settle()
        gc.collect()
        return sum(isinstance(each, Widget | StylesCache) for each in gc.get_objects())

    async with driving(tmp_path, ANSWERS, catalog=CATALOG) as driver:
        await around(driver)
        before = await around(driver)
        assert await around(driver) <= before
