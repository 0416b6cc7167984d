"""A random walk: keys from a seed, nothing raised, and after every hundred the state equals a replay from the draft."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, TextArea

from tests.wizard.tui.driving import Driver, driving, real_catalog
from wizard import drafts
from wizard.answers_file import load
from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.screens.main import MainScreen

STEPS = int(os.environ.get("WALK_STEPS", "300"))
"""Keys pressed; WALK_STEPS=5000 for a long walk."""

SKIPPED = {"quit", "save", "save_as", "export", "picture"}
KEYS = [
    *(command.keys.split(",")[0] for command in COMMANDS if command.action not in SKIPPED),
    *({"-": "minus", "+": "plus"}.get(key, key) for key in JUMPS),
    *["down"] * 30, *["up"] * 8, *["enter"] * 22, *["escape"] * 12, *["pagedown"] * 6, "pageup", "home", "end", *["x"] * 4,
    *["u"] * 4,
]


async def pressed(driver: Driver, key: str) -> None:
    """Press a key, and wait for as long as its work takes: a machine with much else to do is no fault."""
    driver.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await asyncio.sleep(0)
    while not driver.app.typed.rest and driver.app.is_running:
        await asyncio.sleep(0.002)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_random_walk_raises_nothing_and_its_draft_replays(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    sample = Path(__file__).parents[3] / "samples" / ("media-house" if seed % 2 else "start-up") / "answers.yaml"
    changes = 0
    async with driving(tmp_path, load(sample, real_catalog()), size=(100, 30)) as driver:
        for step in range(1, STEPS + 1):
            screen = driver.app.screen
            key = chance.choice(KEYS)
            if isinstance(screen.focused, Input | TextArea):
                key = chance.choice(["a", "b", "1", "enter", "escape", "escape", "ctrl+s", "down"])
            await pressed(driver, key)
            assert driver.app.is_running, key
            if step % 100 == 0:
                await driver.rest()
                changes += len(driver.session.past)
                left = drafts.Left(driver.app.draft.file, "", None, "", True)
                again = drafts.recover(left, real_catalog())
                assert again.current.plain == driver.session.current.plain
                space = driver.app.engine.space(again.answers)
                assert space.states() == driver.app.space.states()
        while not isinstance(driver.app.screen, MainScreen):
            await driver.press("escape")
    assert changes
