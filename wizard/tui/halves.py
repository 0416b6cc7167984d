"""An image in half blocks: two pixels in each cell, for terminals that show no images. Asks the terminal nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.color import Color
from rich.style import Style
from rich.text import Text

if TYPE_CHECKING:
    from PIL.Image import Image

Pair = tuple[tuple[int, int, int], tuple[int, int, int]]
"""The colours of the upper and the lower half of a cell."""


def halves(image: Image, width: int) -> Text:
    """The image, so many cells wide at most."""
    wide = max(min(width, image.width), 1)
    high = max(round(image.height * wide / image.width / 2), 1) * 2
    pixels = image.convert("RGB").resize((wide, high)).load()
    assert pixels is not None
    text = Text(no_wrap=True, end="")
    for y in range(0, high, 2):
        if y:
            text.append("\n")
        run = 0
        style: Pair | None = None
        for x in range(wide):
            pair = cast(Pair, (pixels[x, y], pixels[x, y + 1]))
            if pair != style and style is not None:
                text.append("▀" * run, _style(style))
                run = 0
            run, style = run + 1, pair
        assert style is not None
        text.append("▀" * run, _style(style))
    return text


def _style(pair: Pair) -> Style:
    upper, lower = pair
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
