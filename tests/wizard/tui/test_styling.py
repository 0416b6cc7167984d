"""Styles that were kept are those that Textual works out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet

from tests.wizard.tui.driving import Driver, driving, on_gcp
from wizard.tui.styling import Styling


def of_all(driver: Driver) -> list[dict[str, object]]:
    """The rules of everything on the screens."""
    return [dict(node.styles.base.get_rules()) for screen in driver.app.screen_stack
            for node in screen.walk_children(with_self=True)]


@pytest.mark.parametrize("window", ["/", "?", "H", "enter", "S", "E"])
@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_a_window_that_opens_again_has_the_styles_that_textual_works_out(window: str, theme: str, tmp_path: Path) -> None:
    """Whatever window was opened and closed before, in either theme."""
    async def run() -> None:
        async with driving(tmp_path, on_gcp()) as driver:
            driver.app.theme = theme
            for _ in range(2):
                await driver.press(window)
                await driver.press("escape")
            await driver.press(window)
            styling = driver.app.stylesheet
            assert isinstance(styling, Styling) and styling._kept
            kept = of_all(driver)
            for screen in driver.app.screen_stack:
                for node in screen.walk_children(with_self=True):
                    Stylesheet.apply(styling, node)
            assert of_all(driver) == kept

    asyncio.run(run())
