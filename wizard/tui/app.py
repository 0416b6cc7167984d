"""The application: holds the session, the engine and the draft; every change goes through `apply` and nothing else.

Decides nothing: states come from the engine, words from the catalog's one wording.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from catalog.catalog import Catalog
from catalog.errors import OutputError
from wizard.answers import Answers
from wizard.changes import Change
from wizard.drafts import Draft, start
from wizard.session import Session, begin
from wizard.solver import Engine, Space
from wizard.tui.screens.general import TooSmall
from wizard.tui.screens.main import MainScreen
from wizard.tui.thinking import Asked, Thinker, Thoughts


class WizardApp(App[int]):
    """See the module."""

    TITLE = "k8s-wizard"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"), (112, "-wide"), (200, "-huge")]
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self, catalog: Catalog, session: Session | None = None, *, images: bool = False, state: Path | None = None
    ) -> None:
        super().__init__()
        self.catalog = catalog
        self.engine = Engine(catalog)
        self.opened = session is not None
        self.session = session or begin(Answers(name="design"))
        self.space: Space = self.engine.space(self.session.answers)
        self.thoughts = Thoughts()
        self.images = images
        self.draft: Draft = start(state)
        self.state = state
        self.unkept = ""
        self.thinker = Thinker(catalog, self._told)
        self.desk: MainScreen | None = None

    def get_default_screen(self) -> MainScreen:
        """The one desk at which everything is decided."""
        self.desk = MainScreen()
        return self.desk

    def on_mount(self) -> None:
        """Start: an answers file opens at once, otherwise a choice of beginnings."""
        self._fits()
        self.set_interval(2.0, self._look_around)
        if not self.opened and self.desk is not None:
            self.desk.begin()
        elif self.desk is not None:
            self.desk.opened()

    def on_resize(self) -> None:
        """Too small a terminal is said, and waited for."""
        self._fits()

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

    def put(self, session: Session, space: Space | None = None) -> None:
        """Another session: keep it, then show it. `space` is that of its answers, where it was made already."""
        changed = session.answers is not self.session.answers
        self.session = session
        self._keep()
        if changed:
            self.space = space or self.engine.space(session.answers)
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

    def think(self, visible: tuple[Asked, ...], decisions: tuple[str, ...]) -> None:
        """Ask for what takes longer."""
        if self.thoughts.answers is not self.session.answers:
            self.thoughts = Thoughts()
        self.thinker.ask(self.session.answers, visible, decisions)

    def _told(self, thoughts: Thoughts) -> None:
        """Called by the worker; carried over to the thread that draws."""
        if self._loop is not None and self.is_running:
            self._loop.call_soon_threadsafe(self._know, thoughts)

    def _know(self, thoughts: Thoughts) -> None:
        if thoughts.answers is self.session.answers and self.is_running:
            self.thoughts = thoughts
            if self.desk is not None:
                self.desk.known()

    def _look_around(self) -> None:
        if self.desk is not None:
            self.desk.notice_others(self.draft.others())

    def leave(self, *, discard: bool) -> None:
        """Stop; the draft stays unless there is nothing in it that the file does not say."""
        self.thinker.close()
        self.draft.close(discard=discard)
        self.exit(0)

    def get_system_commands(self, screen: Screen[object]):  # type: ignore[no-untyped-def]
        """The palette lists our commands, and nothing that they do not."""
        from wizard.tui.commands import COMMANDS

        desk = self.desk
        if desk is None:
            return
        for command in COMMANDS:
            yield SystemCommand(command.title, command.help, getattr(desk, f"action_{command.action}"))
