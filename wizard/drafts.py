"""Drafts: what a session would lose if its process died, kept in the state folder after every change.

Each running session owns one draft and holds a lock on it, which the operating system lets go of however the process
ends. A draft without a holder is offered at the next start; another holder of the same answers file is noticed.
"""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from catalog.errors import FaultsError, OutputError

if TYPE_CHECKING:
    from catalog.catalog import Catalog
    from wizard.answers import Answers
    from wizard.session import Session, Step

VERSION = 1
KEPT = 50
"""States of the history that a draft keeps on either side."""


def state_folder() -> Path:
    """Where drafts lie: `K8S_WIZARD_STATE`, else the user's state folder."""
    named = os.environ.get("K8S_WIZARD_STATE")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("k8s-wizard", appauthor=False)


@dataclass
class Draft:
    """The draft of a running session."""

    file: Path
    handle: IO[str] | None = field(repr=False)
    path: Path | None = None

    def save(self, session: Session) -> None:
        """Write the session, all or nothing. Raises OutputError when it cannot be kept."""
        self.path = session.path
        replace_text(self.file, json.dumps(_plain(session), ensure_ascii=False))

    def others(self) -> int:
        """How many other sessions have the same answers file open now."""
        if self.path is None:
            return 0
        return sum(1 for file in _files(self.file.parent)
                   if file != self.file and _about(file) == str(self.path.resolve()) and _held(file))

    def close(self, *, discard: bool) -> None:
        """Let go of the draft; with `discard` remove it."""
        if discard:
            self.file.unlink(missing_ok=True)
        if self.handle is not None:
            self.handle.close()
            self.handle = None
        if discard:
            _lock_file(self.file).unlink(missing_ok=True)


@dataclass(frozen=True)
class Left:
    """A draft whose session ended without saving."""

    file: Path
    name: str
    path: Path | None
    change: str
    changed: bool


def start(folder: Path | None = None) -> Draft:
    """A new draft, held by this process. Without a writable state folder nothing is kept, and `save` says so."""
    folder = folder or state_folder()
    file = folder / f"{uuid.uuid4().hex}.draft.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = _lock_file(file).open("w", encoding="utf-8")
        _lock(handle)
    except OSError:
        handle = None
    return Draft(file, handle)


def left(folder: Path | None = None) -> tuple[Left, ...]:
    """Drafts that nobody holds, newest first; drafts that cannot be read are passed over."""
    folder = folder or state_folder()
    found: list[tuple[float, Left]] = []
    for file in _files(folder):
        if _held(file):
            continue
        try:
            raw = json.loads(file.read_text("utf-8"))
            path = Path(raw["path"]) if raw["path"] else None
            found.append((file.stat().st_mtime, Left(
                file, str(raw["current"]["answers"]["name"]), path, str(raw["current"]["name"]), bool(raw["changed"]))))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(entry for _, entry in sorted(found, key=lambda each: (-each[0], str(each[1].file))))


def recover(entry: Left, catalog: Catalog) -> Session:
    """The session exactly as it was. Raises FaultsError when its present state cannot be understood any more."""
    from wizard.session import Session, Step

    raw = json.loads(entry.file.read_text("utf-8"))

    def step(each: dict[str, Any]) -> Step:
        return Step(str(each["name"]), _answers(each["answers"], catalog))

    saved = raw["saved"]
    return Session(
        step(raw["current"]), tuple(map(step, raw["past"])), tuple(map(step, raw["future"])),
        tuple(map(step, raw["bookmarks"])), entry.path,
        _answers(saved, catalog) if saved is not None else None, tuple(raw["faults"]), str(raw["read-only"]),
    )


def forget(entry: Left) -> None:
    """Remove a draft that was recovered or is not wanted."""
    entry.file.unlink(missing_ok=True)
    _lock_file(entry.file).unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """Put a text into a file in one step. Raises OutputError, with the file as it was."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            name = file.name
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror}; it is as it was") from None


def _plain(session: Session) -> dict[str, Any]:
    from wizard.session import Step

    def step(each: Step) -> dict[str, Any]:
        return {"name": each.name, "answers": each.plain}

    return {
        "version": VERSION,
        "path": str(session.path.resolve()) if session.path else None,
        "changed": session.changed,
        "current": step(session.current),
        "past": [step(each) for each in session.past[-KEPT:]],
        "future": [step(each) for each in session.future[:KEPT]],
        "bookmarks": [step(each) for each in session.bookmarks],
        "saved": Step("", session.saved).plain if session.saved is not None else None,
        "faults": list(session.faults),
        "read-only": session.read_only,
    }


def _answers(plain: dict[str, Any], catalog: Catalog) -> Answers:
    from catalog.reading import parse
    from wizard.answers_file import examine

    answers, faults = examine(parse(json.dumps(plain), "draft"), catalog)
    if faults and answers.name != plain.get("name"):
        raise FaultsError(faults)
    return said_here(answers)


def said_here(answers: Answers) -> Answers:
    """Lines of a draft mean nothing to anybody: what it says was said in the wizard."""
    return replace(
        answers,
        context={key: replace(said, origin="wizard") for key, said in answers.context.items()},
        choices={key: replace(said, origin="wizard") for key, said in answers.choices.items()},
        rejects={key: replace(said, origin="wizard") for key, said in answers.rejects.items()},
        settings={key: replace(said, origin="wizard") for key, said in answers.settings.items()},
    )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.draft.json")) if folder.is_dir() else []


def _about(file: Path) -> str | None:
    try:
        return str(json.loads(file.read_text("utf-8"))["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _lock_file(file: Path) -> Path:
    return file.with_suffix(".lock")


def _lock(handle: IO[str]) -> None:
    with suppress(ImportError):
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _held(file: Path) -> bool:
    """Whether a living process has the draft."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        with _lock_file(file).open("a", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
