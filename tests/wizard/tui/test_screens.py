"""Each screen at two sizes in both themes, as SVG in the golden folder beside; UPDATE_GOLDEN=1 writes them anew.

A small catalog of made-up components: what is decided in the real one is no business of how screens look.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.widgets import Input

from tests import tiny
from tests.wizard.tui.driving import Driver, driving
from tests.wizard.tui.photograph import svg
from wizard.answers import Answers
from wizard.opening import open_file
from wizard.session import Session

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(80, 24), (140, 45)]
THEMES = {"dark": "textual-dark", "light": "textual-light"}

CATALOG = tiny.catalog(
    [
        tiny.layer([], [
            tiny.question("traffic", ["low", "high"]), tiny.question("protocols", ["http", "grpc"], several=True),
            tiny.question("cloud", ["gcp", "aws"], scope="cluster"),
            tiny.question("environment", ["prod", "dev"], scope="cluster"),
        ], id_="use-case"),
        tiny.layer([
            tiny.decision("mesh", "optional"),
            tiny.decision("cni", scope="cluster"),
            tiny.decision("metrics", "several", settings=[{
                "id": "metrics.retention", "title": "Retention", "type": "duration", "why": "It bounds the disk.",
                "steps": ["7d", "15d"], "default": [{"value": "15d"}]}]),
        ], id_="inside"),
        tiny.layer([tiny.decision("backup", "optional"), tiny.decision("registry")], id_="outside"),
    ],
    [
        tiny.component("istio", ["mesh"], ratings={"operations": 1}, rules=[
            tiny.rule("istio-needs-metrics", when=[{"context": {"traffic": "high"}}], requires=[{"component": "prometheus"}])]),
        tiny.component("linkerd", ["mesh"], ratings={"operations": 3}, rules=[
            tiny.rule("linkerd-not-on-aws", excludes=[{"context": {"cloud": "aws"}}])]),
        tiny.component("cilium", ["cni"], ratings={"performance": 4},
                       undo={"how": "rebuild", "because": "Nodes are replaced one after the other."}),
        tiny.component("vpc-cni", ["cni"], undo={"how": "never", "because": "Addresses are taken from the network."}, rules=[
            tiny.rule("vpc-cni-on-aws", requires=[{"context": {"cloud": "aws"}}])]),
        tiny.component("flannel", ["cni"], rules=[
            tiny.rule("flannel-has-no-policy", waivable=True, excludes=[{"context": {"traffic": "high"}}])]),
        tiny.component("prometheus", ["metrics"]),
        tiny.component("velero", ["backup"], status="deprecated"),
        tiny.component("vendor-registry", ["registry"], support="hand-over"),
    ],
)


@dataclass(frozen=True)
class Seen:
    """How to come to a screen."""

    keys: Sequence[str] = ()
    """Keys; `:text` is typed at once."""
    answers: Answers | None = field(default_factory=lambda: tiny.answers({"traffic": "high"}, {}))
    """None for the start window."""
    file: str = ""
    """A file that is opened instead."""


TWO = tiny.answers({"traffic": "low"}, {}, clusters=(
    tiny.cluster(name="prod", environment="prod", cloud="aws"), tiny.cluster(name="dev", environment="dev", cloud="gcp")))
THREE = tiny.answers({"traffic": "low"}, {}, clusters=(
    *TWO.clusters, tiny.cluster(name="test", environment="dev", cloud="gcp")))
CONFLICT = tiny.answers({"traffic": "high"}, {"mesh": "istio"}, rejects={"metrics": ["prometheus"]})
BLOCKED = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})

SCREENS = {
    "start": Seen(answers=None),
    "use-case": Seen(),
    "question": Seen(["down", "down", "enter"]),
    "name": Seen(["enter"]),
    "layer": Seen(["2"]),
    "layer-of-several-clusters": Seen(["2"], TWO),
    "layer-of-one-cluster": Seen(["2", "c", "down", "enter"], TWO),
    "which-clusters": Seen(["2", "c"], THREE),
    "why": Seen(["2", "down", "?"]),
    "why-not": Seen(["2", "?"], BLOCKED),
    "ways-out": Seen(["2", "enter"], BLOCKED),
    "accept-a-risk": Seen(["/", ":cni=flannel", "enter", "enter", "end", "enter"]),
    "compare": Seen(["2", "m", "down", "m", "="]),
    "search": Seen(["/", ":i"]),
    "review": Seen(["r"]),
    "conflict": Seen(["!"], CONFLICT),
    "complete": Seen(["C"]),
    "history": Seen(["2", "enter", "H"]),
    "bookmarks": Seen(["B", ":first", "enter", "2", "enter", "O", "enter", "enter"]),
    "setting": Seen(["/", ":metrics.retention", "enter", "enter"]),
    "form": Seen(["/", ":workloads", "enter", "enter"]),
    "all-as-text": Seen(["E"]),
    "presets": Seen(["P"]),
    "export": Seen(["e"]),
    "picture": Seen(["v"]),
    "help": Seen(["f1"]),
    "palette": Seen(["ctrl+p"]),
    "leaving": Seen(["2", "enter", "q"]),
    "faults": Seen(file="version: 1\nname: test\nchoices: {mesh: istoi}\n"),
    "newer": Seen(file="version: 99\nname: test\n"),
}


async def come(driver: Driver, seen: Seen) -> None:
    """Press the keys, and wait until all is known and nothing moves."""
    if seen.answers is not None:
        await driver.settle()
    for key in seen.keys:
        if key.startswith(":"):
            await driver.type(key[1:])
        else:
            await driver.press(key)
    if seen.answers is not None:
        await driver.settle()
    for typed in driver.app.screen.query(Input):
        typed.cursor_blink = False
    for toast in list(driver.app._notifications):
        driver.app._unnotify(toast)
    for typing in driver.app.screen.query(Input):
        typing.cursor_blink = False  # ours do not blink, the palette's does
    await driver.pilot.pause()


def beginning(seen: Seen, folder: Path) -> Session | Answers | None:
    """What the wizard starts with."""
    if not seen.file:
        return seen.answers
    (folder / "answers.yaml").write_text(seen.file)
    return open_file(folder / "answers.yaml", CATALOG).session


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
async def test_screens_look_as_they_did(tmp_path: Path, screen: str, size: tuple[int, int]) -> None:
    seen = SCREENS[screen]
    async with driving(tmp_path / "state", beginning(seen, tmp_path), size=size, catalog=CATALOG) as driver:
        await come(driver, seen)
        texts = set()
        for word, theme in THEMES.items():
            driver.app.theme = theme
            await driver.pilot.pause()
            await driver.pilot.pause()
            texts.add(driver.text())
            drawn = svg(driver.app)
            golden = GOLDEN / f"{screen}-{size[0]}x{size[1]}-{word}.svg"
            if os.environ.get("UPDATE_GOLDEN"):
                golden.parent.mkdir(exist_ok=True)
                golden.write_text(drawn, encoding="utf-8")
            assert drawn == golden.read_text("utf-8")
        assert len(texts) == 1, "meaning must not depend on the theme"


async def test_nothing_is_said_by_colour_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for colours in (True, False):
        if not colours:
            monkeypatch.setenv("NO_COLOR", "1")
        async with driving(tmp_path / str(colours), TWO, size=(80, 24), catalog=CATALOG) as driver:
            await come(driver, SCREENS["layer-of-several-clusters"])
            said.append(driver.text())
            if not colours:
                drawn = svg(driver.app)
                found = {word for part in drawn.split("#")[1:] for word in [part[:6]]}
                assert all(word[:2] == word[2:4] == word[4:6] for word in found), found
    assert said[0] == said[1]


def test_no_golden_is_left_over() -> None:
    named = {f"{screen}-{wide}x{tall}-{word}.svg" for screen in SCREENS for wide, tall in SIZES for word in THEMES}
    assert {path.name for path in GOLDEN.iterdir()} == named
