"""How large every part of a picture is, in pixels, measured with the shipped fonts. Layout and drawing both read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from exporters.pictures.fonts import width
from exporters.pictures.graph import Box, Group
from exporters.pictures.text import clean, fitted, wrapped

TITLE, SMALL, LABEL, GROUP, HEADING, CAPTION = 14.5, 12.0, 11.5, 13.0, 22.0, 13.5
"""Font sizes: box title, box subtitle, arrow label, group title, picture title, caption."""

ICON, PAD, GAP = 34.0, 11.0, 10.0
"""Side of an icon; inner margin of a box; room between icon and text."""

WIDEST = 170.0
"""Most pixels a line in a box may take."""

LEADING = 1.26


@dataclass(frozen=True)
class Face:
    """A box as it will be drawn: its size and its broken lines."""

    width: float
    height: float
    title: tuple[str, ...]
    subtitle: tuple[str, ...]


@lru_cache(maxsize=4096)
def box(item: Box) -> Face:
    """Size and lines of a box."""
    title = wrapped(clean(item.title), TITLE, "semibold", WIDEST, 2)
    subtitle = wrapped(clean(item.subtitle, 240), SMALL, "regular", WIDEST, 3 if item.kind == "summary" else 2)
    widest = max([width(line, TITLE, "semibold") for line in title]
                 + [width(line, SMALL, "regular") for line in subtitle] + [56.0])
    tall = len(title) * TITLE * LEADING + len(subtitle) * SMALL * LEADING
    return Face(round(2 * PAD + ICON + GAP + widest + 3), round(max(ICON, tall) + 2 * PAD - 2), title, subtitle)


def cut(subtitle: str) -> bool:
    """True for a subtitle of a folded box that would end in an ellipsis."""
    lines = wrapped(clean(subtitle, 240), SMALL, "regular", WIDEST, 3)
    return any(line.endswith("\u2026") for line in lines)


@dataclass(frozen=True)
class Label:
    """A line or two on an arrow."""

    width: float
    height: float
    lines: tuple[str, ...]


@lru_cache(maxsize=4096)
def label(text: str) -> Label:
    """Size and lines of an arrow's label, its halo included."""
    parts = clean(text).split(", ")
    lines = tuple(fitted(part, LABEL, "regular", 120.0) for part in parts) if len(parts) == 2 else wrapped(
        clean(text), LABEL, "regular", 120.0, 2)
    lines = tuple(line for line in lines if line)
    if not lines:
        return Label(0.0, 0.0, ())
    widest = max(width(line, LABEL, "regular") for line in lines)
    return Label(round(widest + 10), round(len(lines) * LABEL * LEADING + 4), lines)


@lru_cache(maxsize=1024)
def group(item: Group) -> tuple[float, float, str, str]:
    """Width and height of a group's title line, the title and the note as they fit."""
    title = fitted(clean(item.title), GROUP, "semibold", 330.0)
    note = fitted(clean(item.note), SMALL, "regular", 330.0)
    wide = width(title, GROUP, "semibold") + (8 + width(note, SMALL, "regular") if note else 0)
    return round(wide + 8), round(GROUP * 1.5), title, note
