"""Short notes in the corner of the screen that go by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import App
from textual.notifications import Notification, Notify, SeverityLevel
from textual.widgets._toast import ToastHolder

SHORTEST = 0.05
"""Seconds. A timer of Textual (8.2.8, `Timer._run`) that is set to less than nothing counts for ever and holds every key."""


@dataclass
class Note(Notification):
    """A note whose time may end just as it is shown: what is left is then still long enough for a timer."""

    @property
    def time_left(self) -> float:
        """Seconds until it goes, never fewer than a timer can count."""
        return max(super().time_left, SHORTEST)

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return super().time_left <= 0


class Noting(App[int]):
    """An application whose notes go by themselves and leave nothing behind."""

    def notify(
        self, message: str, *, title: str = "", severity: SeverityLevel = "information", timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a note for `timeout` seconds."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Note(message, title, severity, seconds, markup=markup)))

    def forget_notes(self) -> None:
        """Textual forgets the place of a note whose time is over while a window covers it, and keeps laying it out."""
        for screen in self.screen_stack:
            for place in screen.query(ToastHolder):
                if place.is_mounted and not place.children:
                    place.remove()
