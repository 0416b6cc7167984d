"""Driving the wizard as a person does: keys in, text of the screen out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from catalog.catalog import Catalog
from catalog.loader import load
from tests.wizard.tui.photograph import strips
from wizard.answers import Answers, Said
from wizard.session import Session, begin
from wizard.tui.app import WizardApp
from wizard.tui.rows import Rows
from wizard.tui.screens.forms import Form
from wizard.tui.screens.general import Pick
from wizard.tui.screens.main import MainScreen

NAMED = {"/": "slash", "?": "question_mark", "=": "equals_sign", "!": "exclamation_mark", "-": "minus", ".": "full_stop",
         " ": "space", "+": "plus", ",": "comma", ":": "colon", "@": "at", "_": "underscore"}


@lru_cache
def real_catalog() -> Catalog:
    """The built-in catalog, loaded once."""
    return load()


class Driver:
    """A running wizard and the keys for it."""

    def __init__(self, app: WizardApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def session(self) -> Session:
        """The session now."""
        return self.app.session

    @property
    def desk(self) -> MainScreen:
        """The main screen."""
        assert self.app.desk is not None
        return self.app.desk

    async def press(self, *keys: str) -> None:
        """Press keys, each settled before the next."""
        for key in keys:
            await self.pilot.press(NAMED.get(key, key))
            await self.rest()

    async def rest(self) -> None:
        """Wait until every key has done what it does, and what follows it is done too."""
        await self.pilot.pause()
        while not (self.app.typed.rest and self.app.afterwards.rest and getattr(self.app.screen, "complete", True)):
            await self.pilot.pause(0.002)

    async def type(self, text: str) -> None:
        """Put a text where the cursor is, instead of what is there."""
        focused = self.app.screen.focused
        assert isinstance(focused, Input | TextArea)
        if isinstance(focused, Input):
            focused.value = ""
        else:
            focused.text = ""
        self.app.post_message(events.Paste(text))
        await self.rest()

    async def find(self, typed: str) -> None:
        """Search for something and go there."""
        await self.press("/")
        await self.type(typed)
        await self.press("enter")

    async def pick(self, key: object) -> None:
        """Move to a row of the window with the arrows, and choose it."""
        assert isinstance(self.app.screen, Pick | Form), self.app.screen
        await self._walk(self.app.screen.query_one(Rows), key)
        await self.press("enter")

    async def agree(self) -> None:
        """Agree to what else would change, where that is asked: only what is known by then can be."""
        if isinstance(self.app.screen, Pick) and self.app.screen.query_one(Rows).rows[0].key == "do":
            await self.press("home", "enter")

    async def go(self, key: object) -> None:
        """Move to a row of the page with the arrows."""
        await self._walk(self.desk.query_one("#page", Rows), key)

    async def _walk(self, rows: Rows, key: object) -> None:
        keyed = [row.key for row in rows.rows if row.key is not None]
        assert key in keyed, (key, keyed)
        assert rows.current is not None
        way = keyed.index(key) - keyed.index(rows.current.key)
        await self.pilot.press(*["down" if way > 0 else "up"] * abs(way))
        await self.rest()
        assert rows.current is not None and rows.current.key == key

    async def settle(self) -> None:
        """Wait until everything that was asked for is known."""
        for _ in range(2000):
            await self.pilot.pause(0.005)
            thoughts = self.app.thoughts
            if thoughts.answers is self.session.answers and thoughts.done and self.app.thinker.idle and \
                    self.app.afterwards.rest:
                await self.pilot.pause()
                return
        raise AssertionError("it never stopped thinking")

    def text(self) -> str:
        """The screen as text."""
        lines = [strip.text.rstrip() for strip in strips(self.app)]
        return "\n".join(lines) + "\n"


@asynccontextmanager
async def driving(
    state: Path, session: Session | Answers | None = None, size: tuple[int, int] = (140, 45), catalog: Catalog | None = None
) -> AsyncIterator[Driver]:
    """A wizard on a session (or on the start window)."""
    if isinstance(session, Answers):
        session = begin(session)
    app = WizardApp(catalog or real_catalog(), session, state=state)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        driver = Driver(app, pilot)
        yield driver
        app.stop(discard=False)


def on_gcp(**said: str) -> Answers:
    """A design with some choices."""
    return Answers(name="shop", choices={key: Said((value,), "wizard") for key, value in said.items()})


def option(decision: str, component: str) -> tuple[str, str, str]:
    """The key of an option's row."""
    return ("option", decision, component)


def keys(text: str) -> Sequence[str]:
    """Each character as a key."""
    return [NAMED.get(char, char) for char in text]
