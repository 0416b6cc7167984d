"""Finding: everything that can be gone to, as entries, and which of them a few typed words mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalog.catalog import Catalog
from catalog.layers import NONE
from catalog.words import Words
from wizard.entries import ADDING, SECTIONS


class Entry(NamedTuple):
    """Something to go to: what it is, its names, the page and row where it stands."""

    what: str
    title: str
    ids: tuple[str, ...]
    page: str
    key: tuple[str, ...]
    more: str = ""
    """Further text that is searched last."""


def entries(catalog: Catalog) -> list[Entry]:
    """Everything that there is to find, in catalog order."""
    words = Words(catalog)
    found: list[Entry] = []
    first = next(iter(catalog.layers))
    for title, id_ in (("Name of the design", "name"), ("What matters most", "priorities")):
        found.append(Entry("design", title, (id_,), first, (id_,)))
    for section, title in SECTIONS.items():
        found.append(Entry("design", f"{title}: {ADDING[section].lower()}", (section,), first,
                           ("add-cluster",) if section == "clusters" else ("add", section)))
    for question in catalog.questions.values():
        found.append(Entry("question", question.title, (question.id,), first, ("question", question.id), question.why))
    for layer in catalog.layers.values():
        for decision in layer.decisions:
            options = catalog.options[decision.id]
            found.append(Entry("decision", decision.title, (decision.id,), layer.id,
                               ("option", decision.id, options[0]), decision.problem))
            for name in options:
                title = words.component(name, decision.id) if name != NONE else f"No {decision.title}"
                component = catalog.components.get(name)
                found.append(Entry(
                    "option", f"{title} · {decision.title}",
                    (f"{decision.id}={name}", name, *(component.aliases if component else ())), layer.id,
                    ("option", decision.id, name), component.summary if component else ""))
            for setting in decision.settings:
                found.append(Entry("setting", setting.title, (setting.id,), layer.id,
                                   ("setting", decision.id, setting.id), setting.why))
    key: tuple[str, ...]
    for id_, placed in catalog.rules.items():
        if placed.component in catalog.components:
            component = catalog.components[placed.component or ""]
            role = placed.decision or next(iter(component.roles))
            page = catalog.layer_of[role]
            key = ("option", role, component.id)
        elif placed.decision is not None:
            page, key = catalog.layer_of[placed.decision], ("option", placed.decision, NONE)
        else:
            page, key = placed.layer, (id_,)
        found.append(Entry("rule", placed.rule.because, (id_,), page, key))
    return found


class Found(NamedTuple):
    """An entry with its texts as they are searched: small letters, each name in a line of its own."""

    entry: Entry
    first: str
    """The id that it is called by before all others."""
    names: str
    """Whole names."""
    begins: str
    """What a name may begin with, and what may stand within a name."""
    whole: str
    """All of its text."""


class Index:
    """Every entry, ready to be searched. What is typed letter by letter is looked for where the letters before were found."""

    def __init__(self, every: Sequence[Entry]) -> None:
        self._every = [_found(entry) for entry in every]
        self._typed = ""
        self._held = self._every
        """Those that hold what was typed last."""

    def matching(self, typed: str, most: int = 200) -> list[Entry]:
        """The entries that hold every typed word, the closest first; ties in catalog order."""
        typed = typed.lower()
        words = typed.split()
        if not words:
            return [found.entry for found in self._every[:most]]
        held = self._held if self._typed and typed.startswith(self._typed) else self._every
        self._typed, self._held = typed, [found for found in held if all(word in found.whole for word in words)]
        ranked: list[list[Entry]] = [[] for _ in range(5)]
        name = " ".join(words)
        for found in self._held:
            ranked[_rank(found, name, words)].append(found.entry)
        return [entry for rank in ranked for entry in rank][:most]


def _found(entry: Entry) -> Found:
    title, ids = entry.title.lower(), "\n".join(entry.ids).lower()
    short = title.split(" · ")[0]
    begins = f"\n{title}\n{ids}\n"
    return Found(entry, entry.ids[0].lower(), f"\n{title}\n{short}\n{ids}\n", begins, f"{begins}{entry.more.lower()}")


def _rank(found: Found, name: str, words: Sequence[str]) -> int:
    """How far an entry that holds all words is from what was typed."""
    if name == found.first:
        return 0
    if f"\n{name}\n" in found.names:
        return 1
    if f"\n{name}" in found.begins:
        return 2
    return 3 if all(word in found.begins for word in words) else 4
