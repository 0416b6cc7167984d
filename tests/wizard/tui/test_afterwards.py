"""What follows a key: after its frame, the newest only, and never in the way of another key."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.screen import Screen

from tests.wizard.tui.driving import Driver, driving, on_gcp
from wizard.session import begin
from wizard.tui.painting import Painted
from wizard.tui.rows import Rows
from wizard.tui.screens.above import Panel
from wizard.tui.screens.awaited import Awaited
from wizard.tui.tidying import OFTEN, PAUSE, ROUNDS, TOO_LONG, Tidying


def send(driver: Driver, *keys: str) -> None:
    """Keys all at once, as over a slow line."""
    for key in keys:
        driver.app.post_message(events.Key(key, None))


async def at_ruled_out(driver: Driver) -> None:
    """Put the cursor on an option that is ruled out."""
    await driver.find("storage-operator=rook")


async def finding_out(driver: Driver) -> None:
    """Wait until the window is there, which is not all there yet."""
    async with asyncio.timeout(60):
        while "Finding out" not in driver.text():
            await driver.pilot.pause(0.01)


async def test_only_the_newest_piece_of_a_name_is_done_and_in_the_order_of_names(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.settle()
        done: list[str] = []
        for name, word in (("one", "old"), ("two", "two"), ("one", "new")):
            driver.app.afterwards.put(name, lambda word=word: done.append(word))
        assert done == []
        await driver.rest()
        assert done == ["new", "two"]


async def test_a_piece_that_is_urgent_is_done_before_those_that_wait_already(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.settle()
        done: list[str] = []
        for name, first in (("one", False), ("two", False), ("three", True), ("two", True)):
            driver.app.afterwards.put(name, lambda name=name: done.append(name), first=first)
        await driver.rest()
        assert done == ["two", "three", "one"]


async def test_the_design_of_new_answers_is_asked_for_before_they_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.settle()
        done: list[str] = []
        ask, show = driver.app.thinker.ask, driver.desk.show
        monkeypatch.setattr(driver.app.thinker, "ask", lambda *a, **k: (done.append("asked"), ask(*a, **k)))
        monkeypatch.setattr(driver.desk, "show", lambda *a, **k: (done.append("shown"), show(*a, **k)))
        await driver.press("enter")
        await driver.settle()
        assert done[:2] == ["asked", "shown"]
        assert driver.app.thoughts.about is driver.session.answers
        assert driver.app.thoughts.done


async def test_what_was_to_follow_still_does_when_a_window_closes_before(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("/")
        done: list[str] = []
        driver.app.afterwards.put("piece", lambda: done.append("done"))
        driver.app.pop_screen()
        await driver.rest()
        assert done == ["done"]


async def test_the_desk_is_drawn_below_a_window_only_in_a_pause_between_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wizard.tui.afterwards.PAUSE", 2.0)
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("/")
        driver.app.tidying.typed()
        done: list[str] = []
        driver.app.afterwards.put("drawn", lambda: done.append("drawn"), drawn=True)
        driver.app.afterwards.put("piece", lambda: done.append("done"))
        await driver.rest()
        assert done == ["done", "drawn"]


async def test_details_follow_the_cursor_through_many_keys_at_once(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        send(driver, "down", "up", "down")
        await driver.rest()
        row = driver.desk.query_one("#page", Rows).current
        assert row is not None
        assert driver.desk.details(row).plain.splitlines()[0][:20] in driver.text()


async def test_a_key_pressed_before_the_ways_out_are_found_waits_for_them(tmp_path: Path) -> None:
    async with driving(tmp_path, begin(on_gcp(kubernetes="gke-autopilot"))) as driver:
        await at_ruled_out(driver)
        under = driver.desk.under
        assert under is not None
        send(driver, "enter", "enter")
        await driver.rest()
        assert driver.session.answers.choices["storage-operator"].value == (under[2],)
        assert driver.app.space.stands


async def test_escape_leaves_a_window_that_is_still_finding_out(tmp_path: Path) -> None:
    async with driving(tmp_path, begin(on_gcp(kubernetes="gke-autopilot"))) as driver:
        await at_ruled_out(driver)
        await driver.settle()
        before, ask = driver.session, driver.app.thinker.ask
        driver.app.thinker.ask = lambda *_, **__: None  # type: ignore[method-assign]  # thinks for ever
        send(driver, "enter")
        await finding_out(driver)
        driver.app.thinker.ask = ask  # type: ignore[method-assign]
        send(driver, "escape")
        async with asyncio.timeout(5):  # keys that wait for the window would wait for 10
            await driver.rest()
        assert driver.app.screen is driver.desk
        assert driver.session.answers is before.answers


@pytest.mark.parametrize("key", ["question_mark", "A"])
async def test_a_window_opens_before_what_it_tells_is_found_and_can_be_left(tmp_path: Path, key: str) -> None:
    async with driving(tmp_path, begin(on_gcp(kubernetes="gke-autopilot"))) as driver:
        await at_ruled_out(driver)
        await driver.settle()
        before, ask = driver.session, driver.app.thinker.ask
        driver.app.thinker.ask = lambda *_, **__: None  # type: ignore[method-assign]  # thinks for ever
        send(driver, key)
        await finding_out(driver)
        driver.app.thinker.ask = ask  # type: ignore[method-assign]
        send(driver, "escape")
        await driver.rest()
        assert driver.app.screen is driver.desk
        assert driver.session.answers is before.answers


async def test_the_values_of_a_question_can_be_picked_before_it_is_known_why_some_are_ruled_out(tmp_path: Path) -> None:
    async with driving(tmp_path, begin(on_gcp(kubernetes="gke-autopilot"))) as driver:
        question = next(name for name in driver.app.catalog.questions if "excluded" in {
            state for value, state in driver.app.space.context_states(name).items()})
        await driver.find(question)
        await driver.settle()
        ask = driver.app.thinker.ask
        driver.app.thinker.ask = lambda *_, **__: None  # type: ignore[method-assign]  # thinks for ever
        send(driver, "enter")
        async with asyncio.timeout(60):
            while not isinstance(driver.app.screen, Awaited) or "ruled out" not in driver.text():
                await driver.pilot.pause(0.01)
        driver.app.thinker.ask = ask  # type: ignore[method-assign]
        send(driver, "end", "enter")  # leaves it open
        await driver.rest()
        assert driver.app.screen is driver.desk
        assert question not in driver.session.answers.context


async def test_a_window_says_when_something_could_not_be_found_out(tmp_path: Path) -> None:
    async with driving(tmp_path, begin(on_gcp(kubernetes="gke-autopilot"))) as driver:
        await at_ruled_out(driver)
        await driver.settle()
        driver.app.thinker.ask = lambda *_, **__: None  # type: ignore[method-assign]
        send(driver, "enter")
        await finding_out(driver)
        driver.app._know(replace(driver.app.thoughts, done=True, problem="an error of ours"))
        await driver.rest()
        assert isinstance(driver.app.screen, Awaited)
        assert "could not be found out" in driver.text()
        await driver.press("escape")
        assert driver.app.screen is driver.desk


async def test_what_a_way_out_would_change_comes_below_it_without_moving_the_cursor(tmp_path: Path) -> None:
    async with driving(tmp_path, begin(on_gcp(kubernetes="gke-autopilot"))) as driver:
        await at_ruled_out(driver)
        await driver.press("enter")
        rows = driver.app.screen.query_one(Rows)
        assert rows.current is not None and rows.current.key == 0
        assert any(row.key is None and "→" in row.cells[-1].text for row in rows.rows), driver.text()


async def test_rows_that_were_kept_are_those_that_would_be_made_anew(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        for keys in ("7", "enter", "m", "x", "down", "enter", "5", "enter", "7", "u", "c"):
            await driver.press(keys)
            while driver.app.screen is not driver.desk:
                await driver.press("escape")
            for _ in range(3):  # with more and more of the news
                view = driver.desk.view
                assert driver.desk.rows_of(view) == driver.desk.rows_of(replace(view, stood=None))
                await driver.pilot.pause(0.05)
        await driver.settle()
        view = driver.desk.view
        assert driver.desk.rows_of(view) == driver.desk.rows_of(replace(view, stood=None))


async def test_python_collects_garbage_by_itself_again_once_a_session_has_ended(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()):
        assert not gc.isenabled()
    assert gc.isenabled()


class Loop:
    """Garbage: refers to itself."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_collected_however_long_somebody_types_and_all_of_it_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    tidying = Tidying()
    tidying.begin()
    try:
        young, kept = weakref.ref(Loop()), Loop()
        tidying.look()
        assert young() is not None
        now += 2 * OFTEN
        tidying.typed()
        tidying.look()
        assert young() is None
        old, kept.itself = weakref.ref(kept), kept
        del kept
        for _ in range(ROUNDS - 1):
            now += PAUSE / 2
            tidying.typed()
            tidying.look()
            assert old() is not None
        now += 2 * PAUSE
        tidying.look()
        assert old() is None
    finally:
        tidying.end()


def test_what_is_long_gone_is_collected_too_where_somebody_never_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    tidying = Tidying()
    tidying.begin()
    try:
        kept = Loop()
        gc.collect()  # as old as can be
        old, kept.itself = weakref.ref(kept), kept
        del kept
        for _ in range((ROUNDS + 2) * (TOO_LONG + 1)):
            now += 2 * OFTEN
            tidying.typed()
            tidying.look()
        assert old() is None
    finally:
        tidying.end()


async def test_what_lies_below_a_window_is_painted_in_its_shade_once_the_window_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with driving(tmp_path, begin(on_gcp())) as driver:
        await driver.settle()
        bright = driver.desk._compositor.render_strips()[0]
        frames: list[tuple[object, object]] = []
        display = driver.app._display

        def seen(screen: Screen[object], frame: object) -> None:
            frames.append((screen, frame))
            display(screen, frame)  # type: ignore[arg-type]

        monkeypatch.setattr(driver.app, "_display", seen)
        await driver.press("H")
        mine = [frame for screen, frame in frames if screen is driver.app.screen]
        window = driver.app.screen.query_one(Panel).region
        first = mine[0]
        assert isinstance(first, Painted)
        assert all(window.contains(part.x, part.y) for part in first.parts)  # the window alone
        whole = next(frame for frame in mine if isinstance(frame, Painted) and any(part.y == 0 for part in frame.parts))
        top = [segment for part in whole.parts if part.y == 0 for segment in part.strip]
        assert "".join(segment.text for segment in top) == bright.text
        assert {segment.style for segment in top}.isdisjoint({segment.style for segment in bright})
