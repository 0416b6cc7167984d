"""Where everybody comes in: new, continue, open, from a preset or a sample. Painted before the catalog is read.

Loads nothing of the catalog or the engine itself: what was picked waits for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import work

from catalog.errors import WizardError
from wizard.drafts import Left, forget, left, recover
from wizard.presets import presets
from wizard.tui.rows import Cell, Row, long
from wizard.tui.screens.general import Ask, Pick
from wizard.tui.screens.waiting import READING, Waiting

if TYPE_CHECKING:
    from wizard.session import Session
    from wizard.tui.app import WizardApp

PRESETS, PRESETS_ABOUT = "Which preset?", "It answers the use case and decides nothing."


class Beginning(Waiting):
    """The first screen; the desk comes upon it and stays."""

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    @work
    async def begin(self) -> None:
        """Offer every way to begin until one of them leads to a session."""
        app = self.wizard
        while True:
            drafts = [entry for entry in left(app.state) if entry.changed][:6]
            picked = await self.app.push_screen_wait(Pick(
                "k8s-wizard", _ways(drafts), "Decide how a Kubernetes infrastructure is built, layer by layer.",
                at=("draft", 0) if drafts else ("new",)))
            if picked == ("quit",):
                app.leave(discard=True)
                return
            if picked == ("open",):
                picked = ("open", await self.app.push_screen_wait(Ask("Which file?", "answers.yaml", check=_no_file)))
                if picked[1] is None:
                    continue
            if picked == ("preset",):
                picked = ("preset", await self.app.push_screen_wait(Pick(
                    PRESETS, preset_rows(self.app.size.width * 92 // 100 - 6), PRESETS_ABOUT)))
                if picked[1] is None:
                    continue
            self.wait(READING)
            if not await app.loaded():
                return
            try:
                session = self._session(picked, drafts)
            except (WizardError, OSError, ValueError) as error:
                self.notify(f"This cannot be read any more: {error}", severity="error")
                continue
            desk = await app.enter(session)
            if isinstance(picked, tuple) and picked[0] == "draft":
                forget(drafts[picked[1]])
                desk.notify(f"As it was after: {session.current.name}")
            elif isinstance(picked, tuple) and picked[0] == "preset":
                desk.open_preset(picked[1])
            elif session.path is not None:
                desk.opened()
            return

    def _session(self, picked: object, drafts: list[Left]) -> Session:
        from wizard.answers import Answers
        from wizard.opening import open_file
        from wizard.session import begin

        catalog = self.wizard.catalog
        match picked:
            case ("draft", int(number)):
                return recover(drafts[number], catalog)
            case ("open", str(name)):
                return open_file(Path(name).expanduser(), catalog).session
            case ("sample", str(name)):
                session = open_file(Path(name), catalog).session
                return begin(session.answers, f"Begin from {Path(name).parent.name}")
            case _:
                return begin(Answers(name="design"))


def _ways(drafts: list[Left]) -> list[Row]:
    """Every way to begin."""
    rows = [Row(("new",), (Cell(" +", 4, "accent"), Cell("New design", 26), Cell("answer what you know", 0, "dim")))]
    rows += [Row(("draft", number), (
        Cell(" ●", 4, "good"), Cell(f"Continue {entry.name}", 26),
        Cell(f"{entry.path.name if entry.path else 'not saved yet'} · last: {entry.change}", 0, "dim")))
        for number, entry in enumerate(drafts)]
    rows.append(Row(("open",), (Cell(" ▤", 4, "accent"), Cell("Open an answers file", 26))))
    rows.append(Row(("preset",), (Cell(" ☆", 4, "accent"), Cell("Begin from a preset", 26),
                                  Cell("a use case, answered", 0, "dim"))))
    rows += [Row(("sample", str(folder)), (
        Cell(" ☆", 4, "dim"), Cell(f"Sample {folder.parent.name}", 26), Cell(_about(folder), 0, "dim"))) for folder in samples()]
    rows.append(Row(("quit",), (Cell(" ×", 4, "dim"), Cell("Quit", 0))))
    return rows


def preset_rows(width: int) -> list[Row]:
    """Every preset, with what it is for below its name."""
    return [row for preset in presets() for row in (
        Row(preset.path, (Cell(" ☆", 4, "accent"), Cell(preset.name, 0))), *long(None, "    ", preset.about, width, "dim"))]


def samples() -> list[Path]:
    """The samples that come with the product."""
    import importlib.util

    found = importlib.util.find_spec("samples")
    places = list(found.submodule_search_locations or ()) if found else []
    return sorted(path for place in places for path in Path(place).glob("*/answers.yaml"))


def _about(file: Path) -> str:
    """What a sample is of, as its first line says it."""
    with file.open(encoding="utf-8") as lines:
        return lines.readline().strip("# \n")


def _no_file(text: str) -> str:
    path = Path(text).expanduser()
    return "" if path.is_file() else f"There is no file {text}."
