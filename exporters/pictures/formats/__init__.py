"""The formats of pictures: one module each, a function from a placed picture to text. Each escapes for itself."""

from __future__ import annotations

from collections.abc import Callable

from exporters.pictures import svg
from exporters.pictures.formats import dot, drawio, mermaid
from exporters.pictures.layout import Placed

TEXT: dict[str, Callable[[Placed], str]] = {
    "svg": lambda placed: svg.draw(placed, "auto"),
    "dark.svg": lambda placed: svg.draw(placed, "dark"),
    "dot": lambda placed: dot.write(placed.picture),
    "mmd": lambda placed: mermaid.write(placed.picture),
    "drawio": drawio.write,
}
"""File suffix to what writes it."""

PLACELESS = ("dot", "mmd")
"""Formats that whoever reads them lays out: they need no layout of ours."""

FORMATS: tuple[str, ...] = (*TEXT, "png", "2x.png")
"""Every suffix that can be asked for."""
