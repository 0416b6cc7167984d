"""An image as Sixels, several times as fast as by the library, which looks at every pixel in Python; where nothing
changes from one column to the next, this looks once. Made where the picture is drawn; only where a part of it is to be
seen that is not its upper one, or in another size, the keys wait for it.

A colour that is defined is chosen by that in some terminals and not in others, so each is chosen before it is drawn with
(VT330/VT340 Programmer Reference Manual, volume 2, chapter 14).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

BAND = 6
"""Rows of pixels in a line of Sixels."""
COLOURS = 256

_Column = tuple[int, ...]


@lru_cache(maxsize=65536)
def _split(column: _Column) -> tuple[tuple[int, int], ...]:
    """The colours of a column of a band from above, each with the Sixel of where it is."""
    found: dict[int, int] = {}
    for row, colour in enumerate(column):
        found[colour] = found.get(colour, 63) + (1 << row)
    return tuple(found.items())


def _times(count: int, sixel: str) -> str:
    return sixel * count if count < 4 else f"!{count}{sixel}"


def _band(columns: list[_Column]) -> str:
    """One line of Sixels."""
    lines: dict[int, list[str]] = {}
    ends: dict[int, int] = {}
    at = 0
    for column, same in groupby(columns):
        count = len(list(same))
        for colour, sixel in _split(column):
            line = lines.get(colour)
            if line is None:
                line = lines[colour] = [f"#{colour}"]
                ends[colour] = 0
            if ends[colour] < at:
                line.append(_times(at - ends[colour], "?"))
            line.append(_times(count, chr(sixel)))
            ends[colour] = at + count
        at += count
    return "$".join(map("".join, lines.values()))


@dataclass(frozen=True)
class Bands:
    """An image as Sixels, line by line."""

    width: int
    height: int
    colours: str
    lines: tuple[str, ...]

    def upper(self, pixels: int) -> str:
        """The sequence that paints the image where the cursor is, as far as whole lines of it fit into so many rows of
        pixels; all of it where none does."""
        count = pixels // BAND if BAND <= pixels < self.height else len(self.lines)
        high = min(count * BAND, self.height)
        return f'\x1bP0;0;0q"1;1;{self.width};{high}{self.colours}{"-".join(self.lines[:count])}\x1b\\'


def banded(image: Image) -> Image:
    """An image of whole lines of Sixels. One that ends within a line reaches into the line of text below its place, and
    where that is the last one, the terminal scrolls everything up."""
    high = max(image.height - image.height % BAND, BAND)
    return image if high == image.height else image.crop((0, 0, image.width, high))


def bands(image: Image) -> Bands:
    """An image, line by line."""
    few = image.convert("RGB").quantize(COLOURS, method=2)  # the octree, which is by far the fastest
    wide, high = few.size
    data, palette = few.tobytes(), few.getpalette() or []
    colours = "".join(f"#{number};2;" + ";".join(str(round(value * 100 / 255)) for value in palette[3 * number:3 * number + 3])
                      for number in sorted(set(data)))
    return Bands(wide, high, colours, tuple(
        _band(list(zip(*(data[row * wide:(row + 1) * wide] for row in range(top, min(top + BAND, high))), strict=True)))
        for top in range(0, high, BAND)))


def sixels(image: Image) -> str:
    """The sequence that paints an image where the cursor is."""
    return bands(image).upper(image.height)
