"""The first page of a file that was not seen before: what it says as it says it, in the page of a design of which nothing
is said. There before catalog and engine are.

Nothing is shown that only the engine knows: what the file leaves open may follow, be assumed or be in conflict, and is
shown as not worked out yet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.text import Text

from catalog.reading import read
from wizard.tui.glimpse import Glimpse, dumped, rows
from wizard.tui.rows import Cell, Row

UNKNOWN = "…"
"""The mark of what is not worked out yet."""

SEVERAL = {"workloads": "name", "externals": "name", "waivers": "rule"}
"""Sections with entries, and what an entry is called by."""


@dataclass(frozen=True)
class Asked:
    """A question of the form."""

    title: str
    why: str
    values: Mapping[str, str]
    """Titles of the values."""
    of_design: bool
    """Asked once for the design, not in every cluster."""


@dataclass(frozen=True)
class Outline:
    """See the module."""

    map: tuple[Row, ...]
    page: tuple[Row, ...]
    """Of a design of which nothing is said."""
    details: Mapping[tuple[str, ...], str]
    questions: Mapping[str, Asked]
    priorities: Mapping[str, str]
    """Titles."""

    def dump(self) -> bytes:
        """As it is kept."""
        return json.dumps({
            "map": dumped(self.map), "page": dumped(self.page), "details": [[key, said] for key, said in self.details.items()],
            "questions": {name: [each.title, each.why, dict(each.values), each.of_design]
                          for name, each in self.questions.items()},
            "priorities": dict(self.priorities),
        }).encode()

    @classmethod
    def read(cls, data: bytes) -> Outline:
        """As it was kept."""
        raw = json.loads(data)
        return cls(rows(raw["map"]), rows(raw["page"]), {tuple(key): said for key, said in raw["details"]},
                   {name: Asked(*each) for name, each in raw["questions"].items()}, raw["priorities"])

    def of(self, path: Path) -> Glimpse | None:
        """The page of a file; None for one that is no mapping. Raises FaultsError for one that is no YAML."""
        said = read(path).value
        if not isinstance(said, dict):
            return None
        page: list[Row] = []
        for row in self.page:
            page += self._filled(row, said)
        details = {key: Text(text) for key, text in self.details.items()}
        for name, asked in self.questions.items():
            details["question", name] = _question(asked, _listed(_part(said, "context").get(name)))
        for row in page:
            if row.key is not None and row.key not in details:
                details[row.key] = details.get(_kind(row.key), Text())  # type: ignore[index]
        name = _plain(said.get("name", path.stem))
        return Glimpse(f"{name} · {path.name} · reading it …", tuple(map(_unknown, self.map)), tuple(page), details,
                       Text("The picture follows.", "dim"))

    def _filled(self, row: Row, said: Mapping[str, Any]) -> list[Row]:
        """A row of the page with what the file says; entries come before the row that adds one."""
        key = row.key
        if not isinstance(key, tuple):
            return [row]
        if key[0] == "question":
            return [self._answered(row, self.questions[key[1]], said, key[1])]
        if key == ("name",):
            return [_with(row, "●", _plain(said.get("name", UNKNOWN)), "accent", "mark")]
        if key == ("priorities",):
            told = [self.priorities.get(each, each) for each in _listed(said.get("priorities"))]
            return [_with(row, "●", ", ".join(told), "accent", "mark")] if told else [row]
        if key == ("add-cluster",):
            clusters = [each for each in _entries(said, "clusters") if "name" in each]
            return [*(_entry(row, ("cluster", _plain(each["name"])), _plain(each["name"]), _facts(each)) for each in clusters),
                    _with(row, "+", "", "accent", "mark") if clusters else row]
        if key[0] == "add" and key[1] in SEVERAL:
            called = SEVERAL[key[1]]
            return [*(_entry(row, ("entry", key[1], str(number)), _plain(each.get(called, UNKNOWN)), UNKNOWN)
                      for number, each in enumerate(_entries(said, key[1]))), row]
        if key == ("add", "versions"):
            return [*(_entry(row, ("entry", "versions", str(number)), name, _plain(version))
                      for number, (name, version) in enumerate(_part(said, "versions").items())), row]
        return [row]

    def _answered(self, row: Row, asked: Asked, said: Mapping[str, Any], name: str) -> Row:
        told = [asked.values.get(each, each) for each in _listed(_part(said, "context").get(name))]
        if told and asked.of_design:
            return _with(row, UNKNOWN, ", ".join(told), "dim", "mark")  # it may be in conflict
        return _with(row, UNKNOWN, "being worked out", "dim", "dim")


def _with(row: Row, glyph: str, told: str, style: str, how: str) -> Row:
    mark, title, value = row.cells
    return replace(row, cells=(replace(mark, text=f" {glyph}", style=style), title, replace(value, text=told, style=how)))


def _entry(like: Row, key: tuple[str, ...], title: str, told: str) -> Row:
    return Row(key, (Cell(" ●", 4, "accent"), Cell(title, min(like.cells[1].width, 30), "plain"), Cell(told, 0, "dim")))


def _unknown(row: Row) -> Row:
    """A layer of the map, of which nothing is known yet."""
    if row.key is None:
        return row
    where, _, title, count = row.cells
    return replace(row, cells=(where, Cell(UNKNOWN if row.key != ("page", "review") else " ", 2, "dim"), title,
                               replace(count, text="")))


def _kind(key: Any) -> tuple[str, ...]:
    """Under which key the details of rows of a sort are kept."""
    return (str(key[0]),)


def _question(asked: Asked, told: Sequence[str]) -> Text:
    text = Text()
    text.append(f"{asked.title}\n", "bold")
    text.append(f"{asked.why}\n")
    for value, title in asked.values.items():
        text.append(f"\n {'●' if asked.of_design and value in told else UNKNOWN} {title}")
    return text


def _facts(cluster: Mapping[str, Any]) -> str:
    said = [_plain(cluster[name]) for name in ("environment", "cloud", "region") if isinstance(cluster.get(name), str)]
    return " · ".join([*said, UNKNOWN])


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _entries(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _listed(said: Any) -> list[str]:
    if said is None:
        return []
    return [_plain(each) for each in said] if isinstance(said, list) else [_plain(said)]


def _plain(said: Any) -> str:
    """What a file says in one place, on one line and without what a terminal would take for a command."""
    if isinstance(said, bool):
        return "yes" if said else "no"
    if isinstance(said, dict | list):
        return UNKNOWN
    text = " ".join(str(said).split())
    return "".join(char for char in text if char.isprintable())[:200]
