"""Undo, redo, history and bookmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard.tui.driving import driving, on_gcp
from wizard.changes import Change
from wizard.session import begin
from wizard.tui.screens.general import Read

UNDOABLE = {
    "choose": ("mesh=istio", ["enter"]), "reject": ("mesh=istio", ["x"]), "pin": ("mesh=istio", ["b"]),
    "leave open": ("kubernetes=gke-standard", ["backspace"]), "complete": ("mesh=istio", ["C", "enter"]),
    "answer": ("traffic", ["enter", "down", "enter"]), "a cluster's fact": ("environment", ["enter", "down", "enter"]),
    "setting": ("metrics.retention", ["enter", "home", "enter"]),
    "priorities": ("priorities", ["enter", "enter", "end", "enter"]),
    "repair": ("storage-operator=rook", ["enter", "enter"]), "name": ("name", ["enter", "x", "enter"]),
    "a preset": ("mesh=istio", ["P", "enter", "enter"]),
    "a cluster": ("clusters", ["enter", "enter"]),
}


@pytest.mark.proves("history", "redo")
async def test_history_goes_back_and_forth_by_name(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.press("enter")
        await driver.find("mesh=linkerd")
        await driver.press("enter")
        await driver.press("H")
        assert "Choose Linkerd" in driver.text()
        await driver.pick(1)
        assert driver.session.answers.choices["mesh"].value == ("istio",)
        assert len(driver.session.future) == 1
        await driver.press("U")
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)


@pytest.mark.proves("bookmark", "bookmarks")
async def test_bookmarks_are_compared_with_what_is_decided_now(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("B")
        await driver.type("plain")
        await driver.press("enter")
        await driver.find("mesh=linkerd")
        await driver.press("enter", "O")
        await driver.pick("plain")
        await driver.pick("")
        assert isinstance(driver.app.screen, Read)
        assert "Linkerd" in driver.text()


@pytest.mark.parametrize("kind", UNDOABLE)
async def test_every_kind_of_change_is_undone_and_redone(tmp_path: Path, kind: str) -> None:
    typed, pressed = UNDOABLE[kind]
    start = on_gcp(kubernetes="gke-autopilot" if kind == "repair" else "gke-standard")
    async with driving(tmp_path, start) as driver:
        before = driver.session
        await driver.find(typed)
        await driver.press(*pressed)
        after = driver.session
        assert after.current.plain != before.current.plain
        assert len(after.past) == 1
        assert after.current.name != before.current.name
        await driver.press("u")
        assert driver.session.current.plain == before.current.plain
        await driver.press("U")
        assert driver.session.current.plain == after.current.plain


def test_a_change_that_changes_nothing_is_no_step() -> None:
    session = begin(on_gcp())
    assert session.apply(Change("Nothing", lambda answers: answers)) is session


async def test_undoing_many_changes_at_once_is_shown_first(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        for typed in ("mesh=istio", "cdn=none", "mesh=linkerd"):
            await driver.find(typed)
            await driver.press("enter")
            await driver.agree()
        await driver.press("H")
        await driver.pick(0)
        assert "Undo 3 changes" in driver.text() and "Linkerd" in driver.text()
        await driver.press("escape")
        assert len(driver.session.past) == 3
        await driver.press("H")
        await driver.pick(0)
        await driver.press("enter")
        assert not driver.session.answers.choices
        assert len(driver.session.future) == 3
