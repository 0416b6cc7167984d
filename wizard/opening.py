"""Opening an answers file for a person: what can be understood opens, with every fault beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import FaultsError
from catalog.faults import Fault
from catalog.reading import parse
from wizard.answers import Answers
from wizard.answers_file import VERSION, NewerVersion, examine
from wizard.session import Session, begin


@dataclass(frozen=True)
class Opened:
    """A session on a file, and what is wrong with the file."""

    session: Session
    faults: tuple[Fault, ...] = ()


def open_file(path: Path, catalog: Catalog) -> Opened:
    """Open a file; one that is not there yet is a new design. Raises OSError where it cannot be read at all."""
    if not path.exists():
        name = path.stem if path.stem.isidentifier() and path.stem.islower() and path.stem != "answers" else "design"
        return Opened(begin(Answers(name=name), f"Begin {path.name}", path))
    return understood(path.read_bytes(), path, catalog)


def understood(text: bytes | str, path: Path, catalog: Catalog) -> Opened:
    """What a text says, as far as it can be understood; never raises for its contents."""
    try:
        document = parse(text, path.name)
    except FaultsError as error:
        session = begin(Answers(name="design"), f"Open {path.name}", path)
        return Opened(replace(session, faults=tuple(map(str, error.faults))), error.faults)
    read_only = ""
    try:
        answers, faults = examine(document, catalog)
    except NewerVersion as error:
        read_only = str(error.faults[0])
        assert isinstance(document.value, dict)
        answers, faults = examine(replace(document, value={**document.value, "version": VERSION}), catalog)
    session = begin(answers, f"Open {path.name}", path, saved=not faults)
    return Opened(replace(session, faults=tuple(map(str, sorted(set(faults)))), read_only=read_only),
                  tuple(sorted(set(faults))))


def unreadable(text: str, path: Path) -> list[str]:
    """Why a text is no answers file at all, a line for each fault; nothing where its entries can be looked at one by one."""
    try:
        parse(text, path.name)
    except FaultsError as error:
        return [str(fault) for fault in error.faults]
    return []
