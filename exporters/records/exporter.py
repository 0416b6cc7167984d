"""The records exporter: one Markdown file a decision that matters, an index, and the old ones with their new status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from catalog.design import Design
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Stamp
from exporters.manifests.admission import held
from exporters.manifests.rejected import foreign
from exporters.records.history import History, closed, history, status
from exporters.records.madr import Held, record
from exporters.records.pictures import pictures_of, shown
from exporters.records.story import stories, words_of
from exporters.records.text import bullets, heading, link, md, page


class Records:
    """Decision records in MADR 4."""

    name = "records"
    title = "Decision records"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """Every record that this product ever wrote for the design, then the index."""
        told = history(design, earlier)
        texts = _texts(design, told, stamp)
        for path in sorted(texts):
            yield Artifact(path, texts[path].encode())
        yield Artifact(paths.records_index(), index(design, told, texts, earlier).encode())


EXPORTER: Exporter = Records()


def _texts(design: Design, told: History, stamp: Stamp) -> dict[str, str]:
    words = words_of(design)
    texts = {entry.path: entry.text for entry in told.past if entry.text is not None}
    texts |= {entry.path: closed(entry, by) for entry, by in told.ended if entry.text is not None}
    pictures = shown(design)
    policies, absent = held(design), foreign(design)
    for subject in told.subjects:
        before = subject.before
        if subject.fate == "kept" and before is not None and before.text is not None:
            texts[subject.path] = before.text
            continue
        stamped = stamp
        if subject.fate == "again" and before is not None and before.text is not None:
            # What an earlier build was told stays, unless this one is told something else.
            stamped = replace(stamp, date=stamp.date or _front(before.text, "date"),
                              author=stamp.author or _front(before.text, "decision-makers"))
        near = pictures_of(design, pictures, {entry.decision for entry in subject.entries})
        texts[subject.path] = record(design, subject, stories(design, words, subject.entries), stamped, near,
                                     Held(policies.get(subject.slug, ()), tuple(absent.get(subject.slug, ()))))
    return texts


def _front(text: str, key: str) -> str:
    match = re.search(rf'(?m)\A---\n(?:.*\n)*?{key}: *\[?"?([^"\]\n]*)"?\]?\n(?:.*\n)*?---\n', text.replace("\r\n", "\n"))
    return match[1].strip() if match else ""


def index(design: Design, told: History, texts: dict[str, str], earlier: Earlier) -> str:
    """The list of all records: those in force by layer, then what ended, then what people wrote."""
    blocks = [f"# Decisions of {md(design.name)}",
              "What carries weight or cannot be taken back has a record of its own; the smaller choices of a layer share "
              "one. Records are numbered once: a changed choice gets a new one, and the old one stays."]
    origin = paths.records_index()
    by_layer: dict[str, list[str]] = {}
    for subject in told.subjects:
        layer = design.catalog.layers[design.catalog.layer_of[subject.entries[0].decision]].title
        by_layer.setdefault(layer, []).append(_entry(origin, subject.path, texts[subject.path]))
    for title, lines in by_layer.items():
        blocks += [heading(2, md(title)), bullets(lines)]
    over = [entry.path for entry in told.past] + [entry.path for entry, _ in told.ended]
    gone = [_entry(origin, path, texts[path]) for path in sorted(over) if path in texts]
    if gone:
        blocks += ["## No longer in force", bullets(gone)]
    if told.by_hand:
        lines = [_entry(origin, path, earlier.texts[path]) for path in told.by_hand]
        blocks += ["## Written by hand", bullets(lines)]
    return page(blocks)


def _entry(origin: str, path: str, text: str) -> str:
    match = re.search(r"(?m)^# +(.+?)\s*$", text)
    name = path.rsplit("/", 1)[1].removesuffix(".md")
    number = re.match(r"\d+", name)
    title = match[1] if match else md(name)
    said = status(text)
    # A superseded record's status is itself a link; the index says the word only.
    note = f" ({md(said.split(' ')[0])})" if said and said != "accepted" else ""
    label = re.sub(r"(?<!\\)[\[\]]", "", title)
    return f"{link(f'{number[0]} {label}' if number else label, paths.link(origin, path))}{note}"
