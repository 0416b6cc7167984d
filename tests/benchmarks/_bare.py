"""A bare Textual app with as many widgets, of the same kinds, as a screen of the wizard: `python -m ... JSON`.

JSON says how many of each kind. What has contents in the wizard says a word here, and nothing else is loaded or done.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from textual import containers, widgets
from textual.app import App, ComposeResult
from textual.scroll_view import ScrollView
from textual.widget import Widget

READY = "the bare app is ready"

KINDS: dict[str, type[Widget]] = {
    "Static": widgets.Static, "ScrollView": ScrollView, "VerticalScroll": containers.VerticalScroll,
    "Vertical": containers.Vertical, "Horizontal": containers.Horizontal,
}


class Bare(App[None]):
    """See the module."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__()
        self.counts = dict(counts)

    def compose(self) -> ComposeResult:
        """Widgets."""
        yield widgets.Static(READY)
        yield from self._widgets()

    def _widgets(self) -> Iterator[Widget]:
        for kind, count in self.counts.items():
            for number in range(count - (kind == "Static")):
                widget = KINDS[kind](f"{number}") if kind == "Static" else KINDS[kind]()
                widget.styles.height = 2
                yield widget


if __name__ == "__main__":
    Bare(json.loads(sys.argv[1])).run()
