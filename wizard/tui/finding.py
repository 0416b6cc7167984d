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


def matching(every: Sequence[Entry], typed: str, most: int = 200) -> list[Entry]:
    """The entries that hold every typed word, the closest first; ties in catalog order."""
    words = typed.lower().split()
    if not words:
        return list(every[:most])
    whole = " ".join(words)
    ranked: list[tuple[int, int, Entry]] = []
    for number, entry in enumerate(every):
        ids = [each.lower() for each in entry.ids]
        title = entry.title.lower()
        if whole in ids[:1]:
            rank = 0
        elif whole in ids or title == whole or title.split(" · ")[0] == whole:
            rank = 1
        elif title.startswith(whole) or any(each.startswith(whole) for each in ids):
            rank = 2
        elif all(word in title or any(word in each for each in ids) for word in words):
            rank = 3
        elif all(word in f"{title} {' '.join(ids)} {entry.more.lower()}" for word in words):
            rank = 4
        else:
            continue
        ranked.append((rank, number, entry))
    return [entry for _, _, entry in sorted(ranked, key=lambda each: each[:2])[:most]]
