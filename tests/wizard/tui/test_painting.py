"""What is painted piece by piece is what Textual would paint as a whole."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment

from tests.wizard.tui.driving import driving, real_catalog
from wizard.answers_file import load as read
from wizard.tui.app import WizardApp
from wizard.tui.painting import Painted

KEYS = ["down"] * 8 + ["up", "pagedown", "end", "home", "enter", "enter", "x", "u", "U", "m", "n", "p", "escape", "escape",
                       "/", "?", "H", "h", "tab", "r", *"123456789"]


def cells(segments: Any) -> list[tuple[str, object]]:
    """A line as letters with their styles."""
    return [(letter, style) for text, style, _ in Segment.simplify(segments) for letter in text]


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
def test_what_was_painted_in_pieces_is_the_whole_screen(
        size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After every key the pieces written so far make up the screen, letter by letter in its style."""
    answers = read(Path(__file__).parents[3] / "samples" / "media-house" / "answers.yaml", real_catalog())
    painted: dict[tuple[int, int], tuple[str, object]] = {}
    display = WizardApp._display

    def keep(self: WizardApp, screen: Any, renderable: Any) -> None:
        assert renderable is None or isinstance(renderable, Painted)
        for y, x, strip in renderable.parts if renderable is not None else ():
            for place, cell in enumerate(cells(strip), x):
                painted[y, place] = cell
        display(self, screen, renderable)

    async def run() -> None:
        chance = random.Random(size[0])
        async with driving(tmp_path, answers, size) as driver:
            monkeypatch.setattr(WizardApp, "_display", keep)
            driver.app.screen.refresh()
            await driver.rest()
            for _ in range(40):
                await driver.press(chance.choice(KEYS))
                whole = driver.app.screen._compositor.render_strips()
                for y, strip in enumerate(whole):
                    for x, cell in enumerate(cells(strip)):
                        assert painted.get((y, x)) == cell, (y, x)

    asyncio.run(run())
