"""Prose: texts for windows, whose paragraphs keep their indent when they wrap. A value that Rich can draw; no widgets."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text


class Prose:
    """Headings, paragraphs and items, one under the other."""

    def __init__(self) -> None:
        self._parts: list[RenderableType] = []

    def head(self, text: str) -> None:
        """A heading."""
        self._parts.append(Text(text, "bold"))

    def line(self, text: str = "", style: str = "") -> None:
        """A paragraph, or a blank line."""
        self._parts.append(Text(text, style))

    def item(self, mark: str, *texts: tuple[str, str] | str, wide: int = 6) -> None:
        """Paragraphs that hang on a mark, each plain or with a style; `wide`: columns before them."""
        grid = Table.grid(padding=0)
        grid.add_column(width=wide, no_wrap=True)
        grid.add_column()
        for number, entry in enumerate(texts):
            text, style = entry if isinstance(entry, tuple) else (entry, "")
            grid.add_row(Text(mark if number == 0 else "", "bold", justify="left"), Text(text, style))
        self._parts.append(grid)

    @property
    def drawn(self) -> RenderableType:
        """What Rich draws."""
        return Group(*self._parts)

    def __bool__(self) -> bool:
        return bool(self._parts)


class Kept:
    """Something drawn that is worked out once for each width: Textual asks for its height first, and then for its lines."""

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn
        self._kept: dict[int, list[Segment]] = {}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> list[Segment]:
        kept = self._kept.get(options.max_width)
        if kept is None:
            kept = self._kept[options.max_width] = list(console.render(self._drawn, options))
        return kept
