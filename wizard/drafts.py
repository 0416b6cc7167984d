"""Drafts: what a session would lose if its process died, kept in the state folder after every change.

Each running session owns one draft and holds a lock on it, which the operating system lets go of however the process
ends. A draft without a holder is offered at the next start; another holder of the same answers file is noticed.

A draft is two lines: what it is about, and the session. It is in its place before anything is shown, which is safe
against the end of the process; `settle` makes it safe against the end of the machine too, and may take its time. The
lock file says which answers file is open.
"""

from __future__ import annotations

import glob
import json
import os
import re
import stat
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from catalog.errors import FaultsError, OutputError

if TYPE_CHECKING:
    from catalog.catalog import Catalog
    from wizard.answers import Answers
    from wizard.session import Session, Step

VERSION = 2
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
    _texts: dict[int, tuple[Step, str]] = field(default_factory=dict, repr=False)
    """Steps that the last draft held, as they were written: most of the next one."""
    unsettled: bool = False
    """Whether `settle` has something to do."""

    def save(self, session: Session) -> None:
        """Write the session, all or nothing. Raises OutputError when it cannot be kept."""
        if session.path != self.path or session.path is None:
            self._open(session.path)
        texts: dict[int, tuple[Step, str]] = {}

        def step(each: Step) -> str:
            known = self._texts.get(id(each))
            texts[id(each)] = known if known is not None and known[0] is each else (each, _text(_step(each)))
            return texts[id(each)][1]

        head = _head(session)
        parts = {
            "current": step(session.current), "past": _list(map(step, session.past[-KEPT:])),
            "future": _list(map(step, session.future[:KEPT])), "bookmarks": _list(map(step, session.bookmarks)),
            "saved": _text(_answers_of(session.saved)), "faults": _text(list(session.faults)),
            "read-only": _text(session.read_only),
        }
        body = ", ".join(f'"{key}": {text}' for key, text in parts.items())
        replace_text(self.file, f"{_text(head)}\n{_text(head)[:-1]}, {body}}}\n", private=True, durable=False)
        self._texts, self.unsettled = texts, True

    def settle(self) -> None:
        """Make what was saved last safe against the end of the machine. May take long; never raises."""
        if self.unsettled:
            self.unsettled = False
            for place in (self.file, self.file.parent):
                with suppress(OSError):
                    _to_disk(place)

    def _open(self, path: Path | None) -> None:
        self.path = path
        if self.handle is not None:
            with suppress(OSError):
                self.handle.seek(0)
                self.handle.truncate()
                self.handle.write(str(path.resolve()) if path is not None else "")
                self.handle.flush()

    def others(self) -> int:
        """How many other sessions have the same answers file open now."""
        if self.path is None:
            return 0
        mine = str(self.path.resolve())
        return sum(1 for file in _files(self.file.parent)
                   if file != self.file and _says(_lock_file(file)) == mine and _held(file))

    def close(self, *, discard: bool) -> None:
        """Let go of the draft; with `discard` remove it."""
        if discard:
            self.file.unlink(missing_ok=True)
        else:
            self.settle()
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
            with file.open(encoding="utf-8") as lines:
                raw = json.loads(lines.readline())
            path = Path(raw["path"]) if raw["path"] else None
            found.append((file.stat().st_mtime, Left(
                file, str(raw["name"]), path, str(raw["change"]), bool(raw["changed"]))))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(entry for _, entry in sorted(found, key=lambda each: (-each[0], str(each[1].file))))


def recover(entry: Left, catalog: Catalog) -> Session:
    """The session exactly as it was. Raises FaultsError when its present state cannot be understood any more."""
    from wizard.session import Session, Step

    raw = json.loads(entry.file.read_text("utf-8").splitlines()[-1])

    def step(each: dict[str, Any]) -> Step:
        return Step(str(each["name"]), _answers(each["answers"], catalog))

    saved = raw["saved"]
    return Session(
        step(raw["current"]), tuple(map(step, raw["past"])), tuple(map(step, raw["future"])),
        tuple(map(step, raw["bookmarks"])), entry.path,
        _answers(saved, catalog) if saved is not None else None, tuple(raw["faults"]), str(raw["read-only"]),
    )


def forget(entry: Left) -> None:
    """Remove a draft that was recovered or is not wanted, and what was half written when its session ended."""
    for half in entry.file.parent.glob(f".{entry.file.name}.*"):
        half.unlink(missing_ok=True)
    entry.file.unlink(missing_ok=True)
    _lock_file(entry.file).unlink(missing_ok=True)


def replace_text(path: Path, text: str, *, private: bool = False, durable: bool = True) -> None:
    """Put a text into a file in one step: its owner, group and others keep what they could do with it, a link stays
    one. `private` is for its owner only, `durable` waits for the disk. Raises OutputError, with the file as it was."""
    name = ""
    try:
        target = path.resolve()
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        made = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666), "wb") as file:
            name = str(made)
            if mode is not None and not private:
                made.chmod(mode)
            file.write(text.encode())
            file.flush()
            if durable:
                os.fsync(file.fileno())
        made.replace(target)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        why = f"{target.parent} is no folder" if isinstance(error, FileExistsError) else error.strerror
        raise OutputError(f"{path}: cannot be written: {why}; it is as it was") from None


HALF = re.compile(r"\.[0-9a-f]{8}")
"""How the name of what is not in its place yet ends."""
SETTLED = 60.0
"""Seconds after which nobody writes such a file any more."""


def sweep(path: Path) -> None:
    """Remove what saves of a file left half written beside it when their process ended: regular files of its owner, named as
    those are, that nobody has written to for a minute. For when no other session has the file. Never raises."""
    with suppress(OSError):
        target = path.resolve()
        mine = target.stat().st_uid
        for half in target.parent.glob(f".{glob.escape(target.name)}.*"):
            with suppress(OSError):
                status = half.lstat()
                if HALF.fullmatch(half.name.removeprefix(f".{target.name}")) and stat.S_ISREG(status.st_mode) \
                        and status.st_uid == mine and time.time() - status.st_mtime > SETTLED:
                    half.unlink()


def _to_disk(place: Path) -> None:
    at = os.open(place, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)


def _head(session: Session) -> dict[str, Any]:
    return {
        "version": VERSION, "path": str(session.path.resolve()) if session.path else None, "changed": session.changed,
        "name": session.answers.name, "change": session.current.name,
    }


def _step(each: Step) -> dict[str, Any]:
    return {"name": each.name, "answers": each.plain}


def _answers_of(answers: Answers | None) -> dict[str, Any] | None:
    from wizard.answers_dump import plain

    return plain(answers) if answers is not None else None


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"


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


def _says(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError):
        return ""


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
