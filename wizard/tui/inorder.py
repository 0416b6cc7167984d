"""Keys in their order: none goes to a screen that the key before it is about to cover or to leave.

Over a slow line several keys come at once. `/mesh` means a search for mesh, also where the search is not on the screen
yet: so a key waits until what the key before it did has been done, and the window that it opened takes keys.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import ScreenStackError
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp

Typed = events.Key | events.Paste

PATIENCE = 10.0
"""Seconds after which keys go on, whatever the key before them is doing."""


class InOrder:
    """See the module."""

    def __init__(self, app: WizardApp) -> None:
        self._app = app
        self._held: deque[Typed] = deque()
        self._next: Typed | None = None
        self._settling: asyncio.Task[None] | None = None
        self._coming = 0
        """Keys that are on their way to the application."""

    def coming(self) -> None:
        """A key was posted to the application: what can wait does."""
        self._coming += 1

    def came(self) -> None:
        """A key that was posted is there."""
        self._coming -= 1

    def takes(self, typed: Typed) -> bool:
        """Whether this may be handled now; what may not is posted again in its turn."""
        if self._settling is not None and typed is not self._next:
            if self._held or not self._leaves(typed):
                self._held.append(typed)
                return False
            self._settling.cancel()
        self._next = None
        self._settling = asyncio.create_task(self._settle())
        return True

    def _leaves(self, typed: Typed) -> bool:
        """Whether this closes a window that still finds out what it would ask: nobody waits for that."""
        app = self._app
        return isinstance(typed, events.Key) and typed.key == "escape" and app.filling and app.screen.is_mounted

    @property
    def rest(self) -> bool:
        """Whether every key has done what it does."""
        return self._settling is None and not self._coming

    async def _settle(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._done()
        except (TimeoutError, ScreenStackError):  # without a screen nothing is left to wait for
            pass
        if self._held:
            self._next = self._held.popleft()
            self._app.post_message(self._next)
        else:
            self._settling = None
            self._app.afterwards.on()

    async def _done(self) -> None:
        app = self._app
        # The key goes from the application to what has the focus, what that says goes up to the screen.
        focused = app.screen.focused
        way: list[MessagePump] = [app, *([focused, focused, *focused.ancestors_with_self] if focused is not None else [])]
        for pump in way:
            await _drained(pump)
        # What it started is over, or waits for a person.
        while any(worker.group == "default" and worker.is_running for worker in app.workers) and not app.asking:
            await asyncio.sleep(0.002)
        # The screen that there is now has its focus.
        for pump in (app.screen, app, app.screen):
            await _drained(pump)


async def _drained(pump: MessagePump) -> None:
    """Wait until what was posted to a pump before has been handled; one that is going away has nothing to do."""
    done = asyncio.Event()
    if pump.is_running and pump.call_later(done.set):
        while not done.is_set() and pump.is_running:
            try:
                async with asyncio.timeout(0.1):
                    await done.wait()
            except TimeoutError:
                continue
