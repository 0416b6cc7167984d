"""The application: holds the session, the engine and the draft; every change goes through `apply` and nothing else.

Decides nothing: states come from the engine, words from the catalog's one wording. The first screen is painted before
the catalog is read, so nothing here loads catalog or engine on import.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual._styles_cache import StylesCache
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from catalog.errors import OutputError, WizardError
from wizard.drafts import Draft, start
from wizard.tui import passing, sparing
from wizard.tui.afterwards import Afterwards
from wizard.tui.inorder import InOrder
from wizard.tui.notes import Noting
from wizard.tui.screens.frame import BROAD, HUGE, WIDE
from wizard.tui.screens.waiting import READING, FirstSight, TooSmall, Waiting
from wizard.tui.spaces import Spaces
from wizard.tui.styling import Styling
from wizard.tui.tidying import Tidying
from wizard.tui.wondering import Wondering

if TYPE_CHECKING:
    from catalog.catalog import Catalog
    from wizard.changes import Change
    from wizard.session import Session
    from wizard.solver import Engine, Space
    from wizard.tui.apart import Mind
    from wizard.tui.glimpse import Seen
    from wizard.tui.screens.main import MainScreen
    from wizard.tui.thinking import Thoughts

PATIENCE = 0.001
"""Seconds for which a thinking thread may keep the interpreter while a key waits for it."""

GLIMPSED = 1.0
"""Seconds after everything is known before the first page is kept: the first keys come first."""


class Known(Message, bubble=False):
    """More is known about the answers."""


class WizardApp(Noting, Wondering):
    """See the module. What is given as a function is found only after the first screen is painted."""

    TITLE = "k8s-wizard"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (BROAD, "-broad"), (HUGE, "-huge")]
    BINDINGS: ClassVar[list[BindingType]] = []

    catalog: Catalog
    engine: Engine
    space: Space
    desk: MainScreen | None = None
    """None until a session has begun."""

    def __init__(
        self, catalog: Catalog | Callable[[], Catalog], session: Session | Callable[[Catalog], Session] | None = None, *,
        images: bool = False, state: Path | None = None,
        file: Path | None = None, seen: Callable[[Path], Seen] | None = None,
    ) -> None:
        super().__init__()
        self.stylesheet: Styling = Styling(self, self.get_css_variables())
        sparing.begin()
        passing.begin()
        self.animation_level = "none"  # over ssh every frame is slow, and an image is sent anew for each
        self._catalog = catalog
        self._session = session
        self.typed = InOrder(self)
        self.afterwards = Afterwards(self)
        self.tidying = Tidying()
        self._file = file
        self._seen = seen
        """Where first pages are kept; nowhere without."""
        self._sight: FirstSight | None = None
        self._later: list[Callable[[MainScreen], object]] | None = None
        """What was wanted of the desk before it was there, in order; None once it is."""
        self._mind: Mind | None = None
        self._read: asyncio.Future[bool] | None = None
        self.failure: WizardError | None = None
        """Why there is no catalog, or no session on the file."""
        self.images = images
        self.draft: Draft = start(state)
        self.state = state
        self.unkept = ""
        self.spaces = Spaces()
        self.alone = ""
        """The cluster that is looked at alone."""
        self._glimpsed = False
        self._inside: Context | None = None
        """What widgets need to know to be made: news from another thread come without it."""

    def get_default_screen(self) -> Screen[None]:
        """What is seen before there is a session."""
        if self._session is None:
            from wizard.tui.screens.beginning import Beginning

            return Beginning()
        seen = self._seen(self._file) if self._seen is not None and self._file is not None else None
        glimpse = (seen.recall(self.size) or seen.outlined(self.size)) if seen is not None else None
        if glimpse is None:
            return Waiting(READING)
        self._later = []
        self._sight = FirstSight(glimpse, self._later.append)
        return self._sight

    async def on_mount(self) -> None:
        """Start: an answers file opens at once, otherwise a choice of beginnings."""
        self._inside = copy_context()
        self._fits()
        self.set_interval(2.0, self._look_around)
        self.set_interval(1.0, self._tidy)
        if self._session is None:
            from wizard.tui.screens.beginning import Beginning

            assert isinstance(self.screen_stack[0], Beginning)
            self.screen_stack[0].begin()
            self.call_after_refresh(self._load)
        elif self._sight is not None:
            self.call_after_refresh(self._begin_opening)
        elif callable(self._catalog):
            self.call_after_refresh(self._open)
        else:
            await self._open()

    # Keys and windows

    def post_message(self, message: Message) -> bool:
        """A key goes before what follows the keys before it."""
        posted = super().post_message(message)
        if posted and isinstance(message, events.Key | events.Paste) and not message.is_forwarded:
            self.typed.coming()
        return posted

    async def on_event(self, event: events.Event) -> None:
        """Keys one after the other; those for the desk wait for it, and what was pressed after them."""
        if isinstance(event, events.InputEvent):
            self.tidying.typed()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.typed.came()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self._later is not None and (
                self._later or not isinstance(event, events.Key) or event.key not in FirstSight.MOVES):
            self._later.append(lambda _: self.post_message(event))
            return
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and not self.typed.takes(event):
            return
        await super().on_event(event)

    def pop_screen(self) -> AwaitComplete:
        """Close a window, and let go of the lines that were drawn for it: what is left of a window goes only when garbage is
        looked for. Textual remembers colours by the widget that has them, and so a thousand widgets that are gone."""
        window = self.screen
        closed = super().pop_screen()
        StylesCache.get_inner_outer.cache_clear()
        for each in window.walk_children(Widget, with_self=True):
            each._styles_cache.clear()
        self.afterwards.again()
        return closed

    # Beginning

    def _find(self) -> None:
        """Read the catalog and compile it; the part of starting that takes longest."""
        if self.source is not None:
            from wizard.tui.apart import Mind

            with suppress(OSError):  # a thread thinks, then
                self._mind = Mind(self.source)
        # Code and catalog are large and never garbage: not looked through while they grow, nor ever again.
        gc.disable()
        try:
            from wizard.solver import Engine
            from wizard.tui.screens import main as _  # noqa: F401  (what the desk itself loads)
            from wizard.tui.thinking import FORMULAS

            self.catalog = self._catalog() if callable(self._catalog) else self._catalog
            self.engine = Engine(self.catalog, FORMULAS)
            gc.freeze()
        finally:
            gc.enable()

    @property
    def source(self) -> Callable[[], Catalog] | None:
        """What another process loads the catalog with; None where all is done in this one."""
        return self._catalog if callable(self._catalog) and os.name == "posix" else None

    def _load(self) -> None:
        """Find what is needed while the first screen can be used already."""
        self.run_worker(self._load_beside, thread=True, group="load")

    def _load_beside(self) -> None:
        from wizard.answers import Answers

        try:
            self._find()
            self.engine.space(Answers(name="design")).states()
        except WizardError as error:
            self.call_from_thread(self._fail, error)
        else:
            self.call_from_thread(self._arrived, True)

    async def loaded(self) -> bool:
        """Wait for the catalog; False where there is none, and the application is about to end."""
        if self._read is None:
            self._read = asyncio.get_running_loop().create_future()
        return await asyncio.shield(self._read)

    def _arrived(self, well: bool) -> None:
        if self._read is None:
            self._read = asyncio.get_running_loop().create_future()
        if not self._read.done():
            self._read.set_result(well)

    def _fail(self, error: WizardError) -> None:
        self.failure = error
        self._arrived(False)
        self.stop(discard=True)
        self.exit(1)

    async def _open(self) -> None:
        """Open the answers file that was named. On the thread of the keys: those pressed meanwhile wait their turn."""
        try:
            self._find()
            session = self._session(self.catalog) if callable(self._session) else self._session
        except WizardError as error:
            self._fail(error)
            return
        assert session is not None
        (await self.enter(session)).opened()

    def _begin_opening(self) -> None:
        self.run_worker(self._open_beside(), group="load")

    async def _open_beside(self) -> None:
        """Open the answers file that was named while its first page can be seen already. The desk comes upon that: the
        cursor stays where it is, and what was wanted meanwhile is done in order."""
        sys.setswitchinterval(PATIENCE)

        def found() -> Session:
            self._find()
            assert callable(self._session)
            return self._session(self.catalog)

        try:
            session = await asyncio.to_thread(found)
        except WizardError as error:
            self._fail(error)
            return
        desk = await self.enter(session)
        wanted, self._later = self._later, None
        assert wanted is not None and self._sight is not None
        desk.show(self._sight.under)
        desk.opened()
        for each in wanted:
            each(desk)

    async def enter(self, session: Session) -> MainScreen:
        """Sit down at the desk with a session; kept as a draft before anything is shown."""
        from wizard.tui.screens.main import MainScreen
        from wizard.tui.thinking import Thinker, Thoughts

        self.session = session
        self.space = self.spaces.of(self.engine, session.answers)
        self.thoughts = Thoughts(session.answers)
        if self._mind is not None:
            from wizard.tui.apart import ThinkerApart

            self.thinker = ThinkerApart(self.catalog, self._told, self._mind, self._catalog)
        else:
            self.thinker = Thinker(self.catalog, self._told)
        self._keep()
        sys.setswitchinterval(PATIENCE)
        self.tidying.begin()
        if isinstance(self.screen, TooSmall):
            self.pop_screen()
        desk = MainScreen()
        await self.push_screen(desk)
        self.desk = desk
        desk.known()  # what was thought of while it was built
        self._fits()
        return desk

    def on_resize(self) -> None:
        """Too small a terminal is said, and waited for. The application itself learns its new size only after this."""
        self.call_later(self._fits)

    def _fits(self) -> None:
        small = self.size.width < TooSmall.WIDTH or self.size.height < TooSmall.HEIGHT
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())

    # The session

    def apply(self, change: Change) -> bool:
        """Make a change; False when it changes nothing. Saved as a draft before anything is shown."""
        before = self.session
        self.put(before.apply(change))
        return self.session is not before

    def look_apart(self, cluster: str) -> None:
        """Look at one cluster alone, or at none: from now on answers can go to it and leave those like it as they are."""
        self.alone = cluster
        self.put(self.session)

    def put(self, session: Session, space: Space | None = None) -> None:
        """Another session: keep it, then show it. `space` is that of its answers, where it was made already."""
        session = session.apart(self.alone)
        changed = session.answers is not self.session.answers
        self.session = session
        if changed:
            self.ask_ahead()  # found out meanwhile, beside rows and frames
        self._keep()
        if changed:
            self.space = self.spaces.of(self.engine, session.answers, space)
            self.thoughts = self.thoughts.carried(session.answers, stands=self.space.stands)
        if self.desk is not None:
            self.desk.show()

    def _keep(self) -> None:
        try:
            self.draft.save(self.session)
            self.unkept = ""
        except OutputError as error:
            if not self.unkept:
                self.notify(f"This session cannot be kept: {error}. Save it yourself (s).", severity="error", timeout=10)
            self.unkept = str(error)

    def _told(self, thoughts: Thoughts) -> None:
        """Called by the worker; carried over to the thread that draws."""
        if self._loop is not None and self.is_running:
            self._loop.call_soon_threadsafe(self._know, thoughts, context=self._inside)

    def _know(self, thoughts: Thoughts) -> None:
        if thoughts.answers is self.session.answers and self.is_running:
            self.thoughts = thoughts.over(self.thoughts)
            if thoughts.made is not None:
                self.space.completed(thoughts.made)
            if thoughts.problem:
                self.notify(f"Something went wrong while thinking: {thoughts.problem}", severity="error", timeout=20)
            if self.desk is not None:
                self.desk.known()
                if self.screen is not self.desk:
                    self.screen.post_message(Known())
            if thoughts.done and not self._glimpsed:
                self._glimpsed = True
                self.set_timer(GLIMPSED, self._have_time)

    def _have_time(self) -> None:
        """Do what will be needed later, between keys."""
        if self.desk is not None:
            from wizard.tui.screens.understanding import WINDOWS

            self.afterwards.put("glimpse", self._keep_glimpse)
            self.afterwards.put("index", self.desk.index)
            self.afterwards.put("styles", lambda: self.stylesheet.know(*WINDOWS))

    def _keep_glimpse(self) -> None:
        """Keep the first page for the next start, where all is known of what the file says."""
        self._glimpsed = self.thoughts.answers is self.session.answers and self.thoughts.done
        if self._seen is not None and self.desk is not None and self._glimpsed:
            self.desk.keep_glimpse(self._seen)

    def _look_around(self) -> None:
        if self.desk is not None:
            self.desk.notice_others(self.draft.others())
        if self.draft.unsettled:
            self.run_worker(self.draft.settle, thread=True, group="settle")
        self.forget_notes()

    def _tidy(self) -> None:
        if self.typed.rest:
            self.tidying.look()

    @property
    def covered(self) -> bool:
        """Whether a window stands above the desk."""
        return self.desk is not None and bool(self.screen_stack) and self.screen is not self.desk

    def leave(self, *, discard: bool) -> None:
        """Stop; the draft stays unless there is nothing in it that the file does not say."""
        self._keep_glimpse()
        self.stop(discard=discard)
        self.exit(0)

    def stop(self, *, discard: bool) -> None:
        """Let go of the worker and of the draft."""
        if self.desk is not None:
            self.thinker.close()
        elif self._mind is not None:
            self._mind.close()
        self.draft.close(discard=discard)
        self.tidying.end()

    def get_system_commands(self, screen: Screen[object]):  # type: ignore[no-untyped-def]
        """The palette lists our commands, and nothing that they do not."""
        from wizard.tui.commands import COMMANDS

        desk = self.desk
        if desk is None:
            return
        for command in COMMANDS:
            yield SystemCommand(command.title, command.help, getattr(desk, f"action_{command.action}"))
