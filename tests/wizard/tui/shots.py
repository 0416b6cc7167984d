"""The pictures of the wizard in the README, from a sample: `python -m tests.wizard.tui.shots` writes them anew."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.wizard.tui.driving import driving, real_catalog
from tests.wizard.tui.photograph import svg
from wizard.answers_file import load

ROOT = Path(__file__).parents[3]
SHOTS = {
    "layer": ("media-house", ["/", ":cni=cilium", "enter"]),
    "ways-out": ("start-up", ["/", ":storage-operator=rook", "enter", "enter"]),
    "review": ("media-house", ["r"]),
}
"""Picture to its sample and the keys."""


async def shoot(name: str, sample: str, keys: list[str]) -> None:
    """One picture; nothing is pinned, so that there are ways out."""
    answers = replace(load(ROOT / "samples" / sample / "answers.yaml", real_catalog()), pinned={})
    with tempfile.TemporaryDirectory() as state:
        async with driving(Path(state), answers, size=(140, 40)) as driver:
            await driver.settle()
            for key in keys:
                await (driver.type(key[1:]) if key.startswith(":") else driver.press(key))
                await driver.settle()
            (ROOT / "docs" / "screens" / f"{name}.svg").write_text(svg(driver.app), encoding="utf-8")


async def main() -> None:
    """All of them."""
    for name, (sample, keys) in SHOTS.items():
        await shoot(name, sample, keys)


if __name__ == "__main__":
    asyncio.run(main())
