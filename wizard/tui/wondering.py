"""What the application asks of whoever thinks, and of a person: questions on their way, and windows that wait for an answer."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

if TYPE_CHECKING:
    from wizard.session import Session
    from wizard.tui.drawing import Wanted
    from wizard.tui.errands import Errand, Sent
    from wizard.tui.thinking import Asked, Thinker, Thoughts


class Wondering(App[int]):
    """See the module. A part of the application."""

    session: Session
    thoughts: Thoughts
    thinker: Thinker

    def __init__(self) -> None:
        super().__init__()
        self._asked: list[Screen[Any]] = []
        self._visible: tuple[tuple[Asked, ...], tuple[str, ...], Wanted | None] = (), (), None
        self._errand: Sent | None = None
        self._errands = count(1)

    # Of a person

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Ask a person something in a window; `asking` meanwhile."""
        self._asked.append(screen)
        try:
            return await super().push_screen_wait(screen, mode=mode)
        finally:
            self._asked.remove(screen)

    @property
    def asking(self) -> bool:
        """Whether a window is there that waits for an answer, and knows all that has to be known for one."""
        return self.screen in self._asked and not self.filling

    @property
    def filling(self) -> bool:
        """Whether the window still finds out what can be answered."""
        return bool(getattr(self.screen, "filling", False))

    # Of whoever thinks

    def think(self, visible: tuple[Asked, ...], decisions: tuple[str, ...], picture: Wanted | None = None) -> None:
        """Ask for what takes longer."""
        self._visible = visible, decisions, picture
        self._ask()

    def draw(self, picture: Wanted) -> None:
        """Ask for a picture of the design of now, besides what was asked for already."""
        self._visible = *self._visible[:2], picture
        self._ask()

    def send(self, errand: Errand) -> int:
        """Send an errand, in place of the one before; `thoughts.told` then has this number."""
        from wizard.tui.errands import Sent

        self._errand = Sent(next(self._errands), errand)
        self._ask()
        return self._errand.number

    def recall(self, number: int) -> None:
        """Nobody waits for an errand any more."""
        if self._errand is not None and self._errand.number == number:
            self._errand = None

    def _ask(self) -> None:
        self.thinker.ask(self.session.answers, *self._visible, self._errand)

    def ask_ahead(self) -> None:
        """Ask about answers that are new for what does not depend on what is visible: the design, and the picture of it.
        An errand is none of that: the window that sent it may be closing."""
        self.thinker.ask(self.session.answers, (), (), self._visible[2], more=True)
