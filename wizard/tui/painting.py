"""Painting: what has changed on a screen as text for the terminal, at the price of what has changed.

Textual asks every widget between the first and the last change for all of its lines, cuts each of them wherever anything
begins or ends on that line, and then writes what lies within the change. On a desk of lists that is most of the time of a
key. Here a widget is asked for those of its lines that have changed and that nothing lies above, and a line is cut only
where it is covered or ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Part(NamedTuple):
    """A part of a line of the screen."""

    y: int
    x: int
    strip: Strip


class Painted(CompositorUpdate):
    """Parts of lines, from top to bottom and from left to right."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts

    def render_segments(self, console: Console) -> str:
        """As text for the terminal."""
        return "".join([f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for y, x, strip in self.parts])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for y, x, strip in self.parts:
            yield Control.move_to(x, y)
            yield from strip


class Painting(Compositor):
    """See the module. Where what stands is Textual's business."""

    def render_partial_update(self) -> Painted | None:  # type: ignore[override]
        """What has changed."""
        changed, self._dirty_regions = self._dirty_regions, set()
        screen = self.size.region
        parts = self._parts(self._regions_to_spans(filter(None, map(screen.intersection, changed))))
        return Painted(parts) if parts else None

    def render_full_update(self, simplify: bool = False) -> CompositorUpdate:  # type: ignore[override]
        """Everything."""
        if simplify:  # for a picture of the screen
            return super().render_full_update(simplify)
        self._dirty_regions.clear()
        width, height = self.size
        return Painted(self._parts((y, 0, width) for y in range(height)))

    def _parts(self, spans: Iterable[tuple[int, int, int]]) -> list[Part]:
        """What is seen within the spans, each given as line, first column and column after the last."""
        left: dict[int, list[tuple[int, int]]] = {}
        """By line: what is not painted yet."""
        for y, first, last in spans:
            left.setdefault(y, []).append((first, last))
        found: list[Part] = []
        for widget, (region, clip) in self.visible_widgets.items():  # from the front to the back
            if not left:
                break
            seen = region.intersection(clip)
            if seen:
                self._paint(widget, region, seen, left, found)
        found.sort()
        return found

    def _paint(self, widget: Widget, region: Region, seen: Region, left: dict[int, list[tuple[int, int]]],
               found: list[Part]) -> None:
        """Paint what a widget shows of what is left, and take it away from that."""
        first, last = seen.column_span
        lines = [y for y in seen.line_range if y in left and any(a < last and b > first for a, b in left[y])]
        cropped: dict[tuple[int, int, int], Strip] = {}  # the lines of a frame are all the same one
        for y, strip in zip(lines, _lines(widget, region, lines), strict=True):
            rest: list[tuple[int, int]] = []
            for a, b in left[y]:
                begin, end = max(a, first), min(b, last)
                if begin >= end:
                    rest.append((a, b))
                    continue
                cut = id(strip), begin, end
                if cut not in cropped:
                    cropped[cut] = strip.crop(begin - region.x, end - region.x)
                found.append(Part(y, begin, cropped[cut]))
                if a < begin:
                    rest.append((a, begin))
                if end < b:
                    rest.append((end, b))
            if rest:
                left[y] = rest
            else:
                del left[y]


def _lines(widget: Widget, region: Region, lines: Sequence[int]) -> list[Strip]:
    """Some lines of a widget; those that follow each other are asked for together."""
    found: list[Strip] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and lines[end] == lines[end - 1] + 1:
            end += 1
        found += widget.render_lines(Region(0, lines[at] - region.y, region.width, end - at))
        at = end
    return found
