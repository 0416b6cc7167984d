"""The one writer: artifacts into a folder, all or nothing, nothing outside it, unchanged files untouched.

The lock names every file that an export wrote; a file that an earlier export wrote and this one does not is removed,
unless somebody changed it since. Whatever else lies in the folder is left alone.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from catalog.errors import OutputError
from exporters.base import Artifact, Earlier
from exporters.paths import DECISIONS, FILLED, IMAGES, LOCK, SEALED, safe

_MOST = 1_000_000
"""Bytes of a file that a pipeline writes; a larger one is not one of ours."""

Fate = Literal["new", "changed", "unchanged", "removed"]


@dataclass(frozen=True)
class Plan:
    """What writing would do, by path in the output folder."""

    fates: Mapping[str, Fate]
    artifacts: Mapping[str, bytes] = field(repr=False, default_factory=dict)

    @property
    def stale(self) -> tuple[str, ...]:
        """Paths that are not as they would be written."""
        return tuple(path for path, fate in self.fates.items() if fate != "unchanged")

    def count(self, fate: Fate) -> int:
        """How many files meet a fate."""
        return sum(1 for each in self.fates.values() if each == fate)


def earlier(folder: Path) -> Earlier:
    """The lock and the records that an earlier export left in a folder, and what a pipeline delivered there; empty for a
    new or foreign folder.

    Raises OutputError when the folder is a file or a lock cannot be understood."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; name a folder to write to")
    lock: dict[str, Any] = {}
    try:
        path = folder / LOCK
        if path.is_file():
            found = json.loads(path.read_bytes().decode("utf-8"))
            if not isinstance(found, dict):
                raise ValueError("not a mapping")
            lock = found
        # Bytes, decoded: reading as text would turn CRLF into LF, and an accepted record is kept byte for byte.
        texts: dict[str, str] = {}
        records = folder / DECISIONS
        if records.is_dir():
            for record in sorted(records.glob("*.md")):
                texts[f"{DECISIONS}/{record.name}"] = record.read_bytes().decode("utf-8")
        delivered = {
            path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8")
            for path in sorted(folder.glob(IMAGES))
            if path.is_file() and path.stat().st_size <= _MOST
        } | _filled(folder)
    except (ValueError, UnicodeDecodeError) as error:
        raise OutputError(f"{folder}/{LOCK}: cannot be understood ({error}); restore it or name another folder") from None
    except OSError as error:
        raise OutputError(f"{folder}: cannot be read: {error.strerror}") from None
    return Earlier(lock, texts, delivered)


def _filled(folder: Path) -> dict[str, str]:
    """Files of an earlier export in which people seal values; one that nobody can read as text is none of them."""
    found = {}
    for path in (path for pattern in FILLED for path in sorted(folder.glob(pattern))):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST:
            text = path.read_bytes().decode("utf-8", errors="replace")
            if any(mark in text for mark in SEALED):
                found[path.relative_to(folder).as_posix()] = text
    return found


def plan(folder: Path, artifacts: Iterable[Artifact], before: Earlier, *, removing: bool = True) -> Plan:
    """Compare artifacts with what lies in the folder; `removing` counts what an earlier export wrote and this one does
    not. Raises ValueError for a path that would leave the folder."""
    found = {artifact.path: artifact.data for artifact in artifacts}
    safe(list(found))
    fates: dict[str, Fate] = {}
    for path in sorted(found):
        target = folder / path
        try:
            same = target.is_file() and not target.is_symlink() and target.read_bytes() == found[path]
            fates[path] = "unchanged" if same else "changed" if target.exists() else "new"
        except OSError as error:
            raise OutputError(f"{target}: cannot be read: {error.strerror}") from None
    for path, digest in (_written_before(before) if removing else {}).items():
        if path not in found and _digest(folder / path) == digest:
            fates[path] = "removed"
    return Plan(fates, found)


def write(folder: Path, planned: Plan, step: Callable[[str], None] = lambda path: None) -> None:
    """Carry a plan out: everything is written beside the folder first, then put in place, the lock last.

    Raises OutputError, with the folder as it was, when the disk is full or the folder cannot be written.
    A KeyboardInterrupt on the way puts back what was already replaced."""
    _refuse_links(folder, planned)
    staging: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".k8s-wizard-", dir=folder.parent))
        pending = [path for path, fate in planned.fates.items() if fate in ("new", "changed")]
        for path in pending:
            step(path)
            target = staging / "new" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(planned.artifacts[path])
        _put_in_place(folder, staging, planned, pending)
    except OSError as error:
        what = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)
        raise OutputError(f"{folder}: cannot be written: {what}; nothing there was changed") from None
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _put_in_place(folder: Path, staging: Path, planned: Plan, pending: list[str]) -> None:
    """Move files over one by one, keeping what they replace, and undo it all when anything fails half way."""
    done: list[tuple[Path, Path | None]] = []
    made: list[Path] = []
    removed = [path for path, fate in planned.fates.items() if fate == "removed"]
    try:
        for path in [*(path for path in pending if path != LOCK), *removed, *(path for path in pending if path == LOCK)]:
            target, kept = folder / path, None
            made.extend(_make_parents(target.parent))
            if target.exists():
                kept = staging / "old" / path
                kept.parent.mkdir(parents=True, exist_ok=True)
                target.replace(kept)
            done.append((target, kept))
            if path in planned.artifacts:
                (staging / "new" / path).replace(target)
    except BaseException:
        for target, kept in reversed(done):
            if kept is not None:
                kept.replace(target)
            else:
                target.unlink(missing_ok=True)
        for parent in reversed(made):
            _remove_if_empty(parent)
        raise
    for path in removed:
        parent = (folder / path).parent
        while parent != folder and _remove_if_empty(parent):
            parent = parent.parent


def _make_parents(folder: Path) -> list[Path]:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
    return list(reversed(missing))


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _refuse_links(folder: Path, planned: Plan) -> None:
    """A symbolic link inside the output folder could lead a file out of it."""
    for path, fate in planned.fates.items():
        if fate == "unchanged":
            continue
        target = folder
        for part in path.split("/"):
            target = target / part
            if target.is_symlink():
                raise OutputError(f"{target}: is a symbolic link; remove it or name another folder")
        if target.is_dir():
            raise OutputError(f"{target}: is a folder where a file has to be written")


def _written_before(before: Earlier) -> dict[str, str]:
    files = before.lock.get("files")
    if not isinstance(files, dict):
        return {}
    good = {}
    for path, digest in files.items():
        try:
            safe([path])
        except ValueError:
            continue
        good[path] = str(digest)
    return good


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None
