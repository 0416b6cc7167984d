"""Notes go by themselves and stop nobody."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from tests.wizard.tui.driving import driving, on_gcp
from wizard.tui.notes import Note


def test_a_note_whose_time_ends_while_it_is_shown_sets_no_timer_to_less_than_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(1000.0, 0.02)
    monkeypatch.setattr("textual.notifications.time", lambda: next(clock))
    note = Note("Saved", timeout=0.03, raised_at=next(clock))
    assert not note.has_expired
    assert Toast(note)._timeout > 0  # such a timer would hold every key for ever
    assert note.has_expired


async def test_every_note_of_the_wizard_is_of_that_kind(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        driver.desk.notify("Saved")
        driver.app.notify("Not saved", severity="error", timeout=10)
        await driver.settle()
        notes = list(driver.app._notifications)
        assert [(note.message, note.severity, note.timeout) for note in notes] == [
            ("Saved", "information", driver.app.NOTIFICATION_TIMEOUT), ("Not saved", "error", 10)]
        assert all(isinstance(note, Note) for note in notes)
