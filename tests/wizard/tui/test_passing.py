"""What is not shown any more is let go of, and not only when garbage is looked for."""

from __future__ import annotations

import gc
from pathlib import Path

from textual.strip import Strip
from textual.widgets._toast import ToastHolder

from tests.wizard.tui.driving import driving, on_gcp


def lines() -> int:
    """How many drawn lines there are."""
    return sum(isinstance(each, Strip) for each in gc.get_objects())


async def test_drawn_lines_go_without_looking_for_garbage(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        driver.app.tidying.look = lambda: None  # type: ignore[method-assign]
        await driver.press("3")
        await driver.settle()
        for keys in (["down", "up"], ["n", "p"], ["H", "escape"]):
            await driver.press(*keys)  # what is kept of these pages is kept by now
            before = lines()
            for _ in range(3):
                await driver.press(*keys)
            assert lines() - before < 20, keys


async def test_an_empty_place_of_a_note_goes(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.desk.mount(ToastHolder())
        driver.app._look_around()
        await driver.pilot.pause(0.1)
        assert not driver.desk.query(ToastHolder)
