"""The first page of an answers file as it was last shown: there before catalog and engine are.

What a page shows follows from the answers, the catalog, the code and the size of the screen. Where all of them are what
they were, so is the page: it is kept as plain rows, and shown while everything else is still being read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.text import Text

from catalog.kept import entry, keep, key
from wizard.tui.rows import Cell, Row

BUILT_IN = Path(__file__).parents[2] / "catalog"
CODE = (".", "solver", "tui", "tui/pages", "tui/screens")
"""Folders of the code that decides what a page says, besides the catalog's."""
KEPT = 24
"""Files of which the first page is kept."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Glimpse:
    """See the module."""

    top: str
    map: tuple[Row, ...]
    page: tuple[Row, ...]
    details: Mapping[tuple[str, ...], Text] = field(default_factory=dict)
    """By the key of the row."""
    sketch: Text = field(default_factory=Text)

    def dump(self) -> bytes:
        """As it is kept."""
        return json.dumps({
            "top": self.top, "map": _rows(self.map), "page": _rows(self.page),
            "details": [[key, _text(text)] for key, text in self.details.items()], "sketch": _text(self.sketch),
        }).encode()


def _rows(rows: Sequence[Row]) -> list[Any]:
    return [[row.key, [[cell.text, cell.width, cell.style] for cell in row.cells]] for row in rows]


def _text(text: Text) -> list[Any]:
    return [text.plain, [[span.start, span.end, str(span.style)] for span in text.spans]]


def _read(data: bytes) -> Glimpse:
    raw = json.loads(data)

    def rows(said: list[Any]) -> tuple[Row, ...]:
        return tuple(Row(None if key is None else tuple(key), tuple(Cell(*cell) for cell in cells)) for key, cells in said)

    return Glimpse(str(raw["top"]), rows(raw["map"]), rows(raw["page"]),
                   {tuple(key): _made(text) for key, text in raw["details"]}, _made(raw["sketch"]))


def _made(said: list[Any]) -> Text:
    plain, spans = said
    text = Text(plain)
    for begin, end, style in spans:
        text.stylize(style, begin, end)
    return text


class Seen:
    """What was seen of one answers file, with some overlays."""

    def __init__(self, path: Path, overlays: Sequence[Path] = ()) -> None:
        self._path = path
        self._folders = (BUILT_IN, *overlays)

    def recall(self, size: Size) -> Glimpse | None:
        """The first page in a terminal of this size, where it is sure to be the same now."""
        try:
            text = entry(self._name(size), self.about(size))
            return _read(text) if text is not None else None
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def about(self, size: Size) -> str:
        """Everything that the page follows from, in a digest. Raises OSError where the file cannot be read."""
        digest = hashlib.sha256(self._path.read_bytes())
        digest.update(f"{key(self._folders)} {tuple(size)} {self._path.resolve()}\n".encode())
        top = Path(__file__).parents[1]
        for folder in CODE:
            with os.scandir(top / folder) as entries:
                for file in sorted((each for each in entries if each.name.endswith(".py")), key=lambda each: each.name):
                    status = file.stat()
                    digest.update(f"{file.path} {status.st_size} {status.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def keep(self, glimpse: Glimpse, size: Size, about: str) -> None:
        """Keep it for the next start; `about` is what it follows from."""
        keep(self._name(size), about, glimpse.dump(), KEPT)

    def _name(self, size: Size) -> str:
        return f"glimpse-{hashlib.sha256(f'{self._path.resolve()} {tuple(size)}'.encode()).hexdigest()[:24]}"
