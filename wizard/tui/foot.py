"""The foot of a screen: its keys in one line, each of which can be clicked.

One widget that draws a line. A widget for each key, as Textual's own footer has, is made anew whenever the focus moves,
and what was made before is never let go of while the footer lives.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget


class Spot(NamedTuple):
    """Where the key of a command stands in the line."""

    begin: int
    end: int
    action: str


class Foot(Widget):
    """See the module. Shows the bindings of its screen that are meant to be shown, as many as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"foot--key", "foot--word"}

    DEFAULT_CSS = """
    Foot { dock: bottom; height: 1; background: $footer-background; color: $footer-foreground; pointer: pointer; }
    Foot > .foot--key { color: $footer-key-foreground; text-style: bold; }
    Foot > .foot--word { color: $footer-description-foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.spots: list[Spot] = []

    def commands(self) -> list[tuple[str, str, str]]:
        """Key as people call it, what it does in a word, its action; in the order in which the screen lists them."""
        found: dict[str, tuple[str, str, str]] = {}
        for bindings in self.screen._bindings.key_to_bindings.values():
            for binding in bindings:
                if binding.show and binding.action not in found:
                    found[binding.action] = self.app.get_key_display(binding), binding.description, binding.action
        return list(found.values())

    def render_line(self, y: int) -> Strip:
        """The line; a command that does not fit as a whole is left out, with all that follow it."""
        base, width = self.rich_style, self.size.width
        key_style = self.get_component_rich_style("foot--key", partial=True)
        word_style = self.get_component_rich_style("foot--word", partial=True)
        segments: list[Segment] = []
        self.spots = []
        at = 0
        for key, word, action in self.commands():
            long = len(key) + 1 + len(word)
            if at + long > width:
                break
            segments += [Segment(key, base + key_style), Segment(f" {word}", base + word_style), Segment(" ", base)]
            self.spots.append(Spot(at, at + long, action))
            at += long + 1
        return Strip(segments).adjust_cell_length(width, base + Style())

    async def on_click(self, event: events.Click) -> None:
        """What stands there is done."""
        for spot in self.spots:
            if spot.begin <= event.x < spot.end:
                event.stop()
                await self.screen.run_action(spot.action)
