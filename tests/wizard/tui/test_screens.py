"""Each screen as text at two sizes, in the golden files beside; UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import tiny
from tests.wizard.tui.driving import driving
from wizard.answers import Answers

GOLDEN = Path(__file__).parent / "golden"

CATALOG = tiny.catalog(
    [
        tiny.layer([], [tiny.question("traffic", ["low", "high"]), tiny.question("cloud", ["gcp", "aws"], scope="cluster")],
                   id_="use-case"),
        tiny.layer([
            tiny.decision("mesh", "optional"),
            tiny.decision("metrics", "several", settings=[{
                "id": "metrics.retention", "title": "Retention", "type": "duration", "why": "It bounds the disk.",
                "steps": ["7d", "15d"], "default": [{"value": "15d"}]}]),
        ], id_="inside"),
    ],
    [
        tiny.component("istio", ["mesh"], ratings={"operations": 1}, rules=[
            tiny.rule("istio-needs-metrics", when=[{"context": {"traffic": "high"}}], requires=[{"component": "prometheus"}])]),
        tiny.component("linkerd", ["mesh"], ratings={"operations": 3}, rules=[
            tiny.rule("linkerd-not-on-aws", excludes=[{"context": {"cloud": "aws"}}])]),
        tiny.component("prometheus", ["metrics"]),
    ],
)

SCREENS = {
    "start": None, "use-case": [], "layer": ["2"], "why": ["2", "down", "?"], "search": ["/"], "review": ["r"],
    "history": ["2", "enter", "H"], "help": ["f1"], "picture": ["v"], "complete": ["C"], "question": ["down", "down", "enter"],
    "compare": ["2", "m", "down", "m", "="], "ways-out": ["2", "enter"],
}


@pytest.mark.parametrize("size", [(80, 24), (140, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
async def test_screens_look_as_they_did(tmp_path: Path, screen: str, size: tuple[int, int]) -> None:
    keys = SCREENS[screen]
    answers = tiny.answers({"traffic": "high"}, {})
    if screen == "ways-out":
        answers = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})
    session: Answers | None = None if keys is None else answers
    async with driving(tmp_path, session, size=size, catalog=CATALOG) as driver:
        if keys is not None:
            await driver.settle()
        for key in keys or []:
            await driver.press(key)
        if screen not in ("start", "picture"):
            await driver.settle()
        for toast in list(driver.app._notifications):
            driver.app._unnotify(toast)
        await driver.pilot.pause()
        text = driver.text()
    golden = GOLDEN / f"{screen}-{size[0]}x{size[1]}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_meaning_is_the_same_in_every_theme_and_without_colour(tmp_path: Path, theme: str) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "high"}, {}), size=(80, 24), catalog=CATALOG) as driver:
        driver.app.theme = theme
        await driver.press("2")
        await driver.settle()
        assert driver.text() == (GOLDEN / "layer-80x24.txt").read_text()
