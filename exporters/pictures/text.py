"""Text as pictures can carry it: cleaned of what no picture may contain, cut to length, broken into lines that fit.

Names are hostile until they have passed `clean`; escaping for a format is that format's own business.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from exporters.pictures.fonts import Weight, width

LONGEST = 120
"""Characters kept of any name or title; more is cut with an ellipsis."""


@lru_cache(maxsize=4096)
def clean(text: str, longest: int = LONGEST) -> str:
    """One line without control, direction and invisible characters, cut with an ellipsis.

    Direction marks are dropped because they could reorder what stands around them; the letters themselves stay.
    """
    if text.isascii() and text.isprintable():  # nothing to take out of most names
        line = " ".join(text.split())
        return line if len(line) <= longest else line[: longest - 1].rstrip() + "\u2026"
    kept = []
    for char in text.replace("\r", " ").replace("\n", " ").replace("\t", " "):
        category = unicodedata.category(char)
        if category in ("Cc", "Cs", "Cn", "Co") or (category == "Cf" and char != "\u200d"):
            continue
        kept.append(" " if category in ("Zl", "Zp") else char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "\u2026"


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")


_PIECE = re.compile(r"[^ ,\-]*[ ,\-]|[^ ,\-]+")


def _words(text: str) -> list[str]:
    """Pieces between which a line may break: after spaces and hyphens, around CJK characters."""
    if text.isascii():
        return _PIECE.findall(text)
    pieces: list[str] = []
    current = ""
    for char in text:
        if _wide(char):
            if current:
                pieces.append(current)
                current = ""
            pieces.append(char)
            continue
        current += char
        if char in " -,\u00b7":
            pieces.append(current)
            current = ""
    if current:
        pieces.append(current)
    return pieces


def fitted(text: str, size: float, weight: Weight, room: float) -> str:
    """The text, or as much of it as fits into `room` pixels with an ellipsis."""
    if width(text, size, weight) <= room:
        return text
    while text and width(text.rstrip() + "\u2026", size, weight) > room:
        text = text[:-1]
    return text.rstrip() + "\u2026"


@lru_cache(maxsize=4096)
def wrapped(text: str, size: float, weight: Weight, room: float, most: int) -> tuple[str, ...]:
    """The text in at most `most` lines of at most `room` pixels; what does not fit ends in an ellipsis."""
    if width(text, size, weight) <= room:  # as nearly every name does
        return (text.strip(),) if text.strip() else ()
    lines: list[str] = []
    current, long = "", 0.0
    pieces = _words(text)
    for index, piece in enumerate(pieces):
        if not current or long + width(piece.rstrip(), size, weight) <= room:
            current += piece
            long += width(piece, size, weight)
            continue
        if len(lines) == most - 1:
            current += "".join(pieces[index:])
            break
        lines.append(current.strip())
        current, long = piece, width(piece, size, weight)
    if current.strip():
        lines.append(current.strip())
    return tuple(fitted(line, size, weight, room) for line in lines)
