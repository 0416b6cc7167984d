"""What tests of the wizard's screens share: a test that says which commands it proves is held to that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

import pytest

from wizard.tui.commands import COMMANDS
from wizard.tui.screens.main import MainScreen


@pytest.fixture(autouse=True)
def acted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold a test to the commands that it says it proves: each has to be carried out."""
    marked = request.node.get_closest_marker("proves")
    seen: set[str] = set()

    def watched(name: str, action: Callable[..., object]) -> Callable[..., object]:
        @wraps(action)
        def act(*arguments: object) -> object:
            seen.add(name)
            return action(*arguments)
        return act

    for command in COMMANDS if marked is not None else ():
        name = f"action_{command.action}"
        monkeypatch.setattr(MainScreen, name, watched(command.action, getattr(MainScreen, name)))
    yield
    assert marked is None or set(marked.args) <= seen, set(marked.args) - seen
