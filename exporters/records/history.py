"""Numbers and histories of decision records: numbered once, never renumbered, never lost.

A record has a subject (a decision, or the smaller choices of a layer) and a choice: the ids chosen in any cluster.
Each generated record ends with a comment that says both, so that the folder alone is enough to go on from; the earlier
lock helps where a file is gone. What has no such comment was written by hand and is never touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from catalog.design import Design, Resolved
from exporters import paths
from exporters.base import Earlier
from exporters.manifests.labels import record_slug

Choice = Mapping[str, list[list[str]]]
"""Decision to the different choices made for it over all kinds of clusters, each a list of ids."""

Fate = Literal["new", "superseding", "again", "kept"]
"""new: never recorded. superseding: the choice changed. again: unchanged but still proposed, or its file is gone.
kept: accepted and unchanged, so byte for byte as it was."""

MARK = "k8s-wizard:record"
YOURS = "<!-- k8s-wizard:yours: what stands below this line is kept on every build -->"

_COMMENT = re.compile(rf"<!-- {MARK} (\{{.*?\}}) -->")
_FILE = re.compile(rf"{paths.DECISIONS}/(\d{{4,}})-([a-z0-9.-]+)\.md")
_STATUS = re.compile(r"\A(---\n(?:.*\n)*?status: *)([^\n]*)(\n(?:.*\n)*?---\n)")


@dataclass(frozen=True)
class Told:
    """A record that an earlier export wrote."""

    number: int
    slug: str
    chosen: Choice
    text: str | None
    """None where only the lock remembers it."""
    open: bool = True
    """False once superseded or deprecated."""

    @property
    def path(self) -> str:
        return paths.record(self.number, self.slug)


@dataclass(frozen=True)
class Subject:
    """A record to be written or kept: its number, what it decides, what it replaces."""

    slug: str
    number: int
    fate: Fate
    entries: tuple[Resolved, ...]
    chosen: Choice
    before: Told | None = None
    """The record that is superseded, or the same record as it was."""

    @property
    def path(self) -> str:
        return paths.record(self.number, self.slug)


@dataclass(frozen=True)
class History:
    """All records of a design over an earlier export."""

    subjects: tuple[Subject, ...]
    """In catalog order, one for each record that is in force."""
    ended: tuple[tuple[Told, Subject | None], ...]
    """Records that end now: superseded by the subject, or (None) about something that is not decided any more."""
    past: tuple[Told, ...]
    """Records that ended before."""
    by_hand: tuple[str, ...]
    """Paths of records that people wrote."""

    def path_of(self, design: Design, decision: str) -> str | None:
        """The record in force for a decision; None when it is not decided."""
        slug = record_slug(design, decision)
        return next((subject.path for subject in self.subjects if subject.slug == slug), None)


def history(design: Design, earlier: Earlier) -> History:
    """Number every subject of the design, going on from what an earlier export left."""
    told = _told(earlier)
    latest = {entry.slug: entry for entry in told if entry.open}
    paths_known = [match for match in map(_FILE.fullmatch, earlier.texts) if match]
    numbers = [entry.number for entry in told] + [int(match[1]) for match in paths_known]
    following = max(numbers, default=0)
    subjects: list[Subject] = []
    ended: list[tuple[Told, Subject | None]] = []
    for slug, entries in _subjects(design).items():
        chosen = _choice(entries)
        before = latest.get(slug)
        if before is not None and before.chosen == chosen:
            kept = before.text is not None and status(before.text) != "proposed"
            subjects.append(Subject(slug, before.number, "kept" if kept else "again", entries, chosen, before))
            continue
        following += 1
        made = Subject(slug, following, "superseding" if before else "new", entries, chosen, before)
        subjects.append(made)
        if before is not None:
            ended.append((before, made))
    slugs = {subject.slug for subject in subjects}
    holds = {decision: subject for subject in subjects for decision in subject.chosen}
    # what was decided alone may now be told with its layer, and the other way round
    ended += [(entry, next((holds[decision] for decision in entry.chosen if decision in holds), None))
              for slug, entry in latest.items() if slug not in slugs]
    generated = {entry.path for entry in told}
    return History(
        tuple(subjects), tuple(ended), tuple(entry for entry in told if not entry.open),
        tuple(path for path in sorted(earlier.texts)
              if path.startswith(f"{paths.DECISIONS}/") and path not in generated and path != paths.records_index()),
    )


def _subjects(design: Design) -> dict[str, tuple[Resolved, ...]]:
    found: dict[str, tuple[Resolved, ...]] = {}
    for entry in design.decisions:
        if entry.asked and entry.chosen:
            slug = record_slug(design, entry.decision)
            found[slug] = (*found.get(slug, ()), entry)
    return found


def _choice(entries: tuple[Resolved, ...]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for entry in entries:
        ids = sorted(entry.chosen)
        if ids not in found.setdefault(entry.decision, []):
            found[entry.decision].append(ids)
    return {decision: sorted(choices) for decision, choices in sorted(found.items())}


def comment(subject: Subject) -> str:
    """The comment by which a later export knows the record again."""
    said = json.dumps({"slug": subject.slug, "chosen": subject.chosen}, sort_keys=True, separators=(",", ":"))
    return f"<!-- {MARK} {said} -->"


def _told(earlier: Earlier) -> list[Told]:
    found: dict[int, Told] = {}
    for path in sorted(earlier.texts):
        match, text = _FILE.fullmatch(path), earlier.texts[path]
        said = _COMMENT.findall(text)
        if match is None or not said:
            continue
        try:
            data = json.loads(said[-1])
            chosen = {str(key): [[str(id_) for id_ in ids] for ids in value] for key, value in data["chosen"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if data.get("slug") == match[2]:
            over = status(text).startswith(("superseded", "deprecated", "rejected"))
            found[int(match[1])] = Told(int(match[1]), match[2], chosen, text, not over)
    for number, told in _locked(earlier):
        found.setdefault(number, told)
    return [found[number] for number in sorted(found)]


def _locked(earlier: Earlier) -> Iterator[tuple[int, Told]]:
    """Records in force by the lock; those of which a text is known are told by their text."""
    records = earlier.lock.get("records")
    for slug, data in records.items() if isinstance(records, dict) else ():
        try:
            number, chosen = int(data["number"]), dict(data["chosen"])
        except (KeyError, TypeError, ValueError):
            continue
        if isinstance(slug, str) and paths.record(number, slug) not in earlier.texts:
            yield number, Told(number, slug, chosen, None)


def status(text: str) -> str:
    """The status in the front matter; empty when there is none."""
    match = _STATUS.match(text.replace("\r\n", "\n"))
    return match[2].strip().strip("\"'") if match else ""


def closed(told: Told, by: Subject | None) -> str:
    """The old text with its new status and a line that leads on; everything else, line endings too, as it was."""
    assert told.text is not None
    if "\r\n" in told.text:
        return closed(replace(told, text=told.text.replace("\r\n", "\n")), by).replace("\n", "\r\n")
    if by is None:
        new, note = "deprecated", "> No longer part of the design."
    else:
        name = by.path.rsplit("/", 1)[1]
        new, note = f'"superseded by [{by.number:04d}]({name})"', f"> Superseded by [{by.number:04d}]({name})."
    text = _STATUS.sub(lambda match: f"{match[1]}{new}{match[3]}", told.text, count=1)
    # beside what the record itself superseded: two quotes after each other would be one with a hole in it
    return re.sub(r"(?m)^(# .*)\n\n(> )?", lambda match: f"{match[1]}\n\n{note}\n{'>' * bool(match[2])}\n{match[2] or ''}",
                  text, count=1)


def yours(text: str | None) -> str:
    """What somebody wrote below the marker, from the marker on; only the marker where there is nothing."""
    below = text.replace("\r\n", "\n").partition(YOURS)[2].rstrip("\n") if text else ""
    return YOURS + below


def links(design: Design, earlier: Earlier) -> dict[str, str]:
    """Decision to the exported path of its record, for pictures."""
    told = history(design, earlier)
    found = {entry.decision: told.path_of(design, entry.decision) for entry in design.decisions}
    return {decision: path for decision, path in found.items() if path is not None}
