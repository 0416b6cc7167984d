"""Writing a way out, or another change, into an answers file: comments kept, nothing half written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import OutputError, UsageError
from wizard.answers import Answers
from wizard.diagnostics import Exit, narrate

if TYPE_CHECKING:
    from catalog.reasons import Option, Repair
    from wizard.solver import Space


def apply_repair(space: Space, repairs: Sequence[Repair], number: int, path: Path, wanted: Option | None = None) -> int:
    """Apply the `number`-th way out (from 1) to the file; then choose `wanted`, if any.

    Raises UsageError when there is no such way out or only a person can make the change."""
    from wizard.answers_change import choose
    from wizard.solver.changing import Unchangeable

    if not 1 <= number <= len(repairs):
        raise UsageError(f"--apply {number}: there {'is 1 way' if len(repairs) == 1 else f'are {len(repairs)} ways'} out")
    try:
        answers = space.applied(repairs[number - 1], "flag")
    except Unchangeable as error:
        raise UsageError(f"--apply {number}: {error}") from None
    if wanted is not None:
        answers = choose(answers, space.catalog, wanted, {kind.name: kind.clusters for kind in space.kinds}, "flag")
    save(answers, path)
    narrate(f"{path.as_posix()}: way out {number} applied")
    return int(Exit.DONE)


def save(answers: Answers, path: Path) -> None:
    """Put answers into a file atomically, keeping the comments that are there. Raises OutputError."""
    from wizard.answers_dump import dump

    try:
        before = path.read_text("utf-8") if path.exists() else ""
        text = dump(answers, before)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.",
                                         delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise OutputError(f"{path.as_posix()}: cannot be written: {error.strerror}; it is as it was") from None
