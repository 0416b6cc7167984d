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
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from catalog.errors import WizardError
from catalog.kept import entry, keep, key
from wizard.tui.rows import Cell, Row

if TYPE_CHECKING:
    from wizard.tui.outline import Outline

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
            "top": self.top, "map": dumped(self.map), "page": dumped(self.page),
            "details": [[key, _text(text)] for key, text in self.details.items()], "sketch": _text(self.sketch),
        }).encode()


def dumped(shown: Sequence[Row]) -> list[Any]:
    """Rows as plain data."""
    return [[row.key, [[cell.text, cell.width, cell.style] for cell in row.cells]] for row in shown]


def _text(text: Text) -> list[Any]:
    return [text.plain, [[span.start, span.end, str(span.style)] for span in text.spans]]


def _read(data: bytes) -> Glimpse:
    raw = json.loads(data)
    return Glimpse(str(raw["top"]), rows(raw["map"]), rows(raw["page"]),
                   {tuple(key): _made(text) for key, text in raw["details"]}, _made(raw["sketch"]))


def rows(said: list[Any]) -> tuple[Row, ...]:
    """Rows as they were dumped."""
    return tuple(Row(None if key is None else tuple(key), tuple(Cell(*cell) for cell in cells)) for key, cells in said)


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
        digest.update(f"{self._code} {tuple(size)} {self._path.resolve()}\n".encode())
        return digest.hexdigest()

    @cached_property
    def _code(self) -> str:
        """All that the page of any file follows from, in a digest."""
        digest = hashlib.sha256(key(self._folders).encode())
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

    # Of a file that was not seen before

    def outlined(self, size: Size) -> Glimpse | None:
        """What the file says, as it says it, in the first page of any design; nothing where that is not known, or the
        file is not to be read so simply."""
        from wizard.tui.outline import Outline

        try:
            text = entry(_outline(size), self._code)
            return Outline.read(text).of(self._path) if text is not None else None
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, WizardError):
            return None

    def knows(self, size: Size) -> bool:
        """Whether the first page of any design is kept."""
        try:
            return entry(_outline(size), self._code) is not None
        except OSError:
            return True

    def keep_outline(self, outline: Outline, size: Size) -> None:
        """Keep the first page of any design, for files that were not seen before."""
        keep(_outline(size), self._code, outline.dump(), KEPT)

    def _name(self, size: Size) -> str:
        return f"glimpse-{hashlib.sha256(f'{self._path.resolve()} {tuple(size)}'.encode()).hexdigest()[:24]}"


def _outline(size: Size) -> str:
    return f"outline-{size[0]}-{size[1]}"
