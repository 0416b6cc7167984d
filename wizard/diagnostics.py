"""Errors become exit codes and plain lines here, and nowhere else. stdout is data, stderr is narration."""

from __future__ import annotations

import os
import sys
from enum import IntEnum

from catalog.errors import AnswersError, CatalogError, FaultsError, MissingProgram, OutputError, UsageError


class Exit(IntEnum):
    """What the exit codes mean."""

    DONE = 0
    FOUND = 1
    """The design is refused, or a check, diff or verification found something."""
    USAGE = 2
    CATALOG = 3
    MISSING = 4
    INTERRUPTED = 130


def report(error: BaseException) -> int:
    """Print what went wrong to stderr and return the exit code. An unforeseen error is raised on."""
    if isinstance(error, KeyboardInterrupt):
        narrate("interrupted; nothing was left half done")
        return Exit.INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has enough; a second flush at exit must not complain again.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return Exit.DONE
    if isinstance(error, CatalogError):
        narrate(str(error))
        return Exit.CATALOG
    if isinstance(error, AnswersError | FaultsError | UsageError | OutputError):
        narrate(str(error))
        return Exit.USAGE
    if type(error).__name__ == "Refused":
        # Not imported: the engine behind it is loaded only by the verbs that solve.
        print(refusal(error))
        return Exit.FOUND
    if isinstance(error, MissingProgram):
        narrate(str(error))
        return Exit.MISSING
    raise error


def refusal(error: BaseException) -> str:
    """The text of a Refused that no verb took care of."""
    from catalog.words import Words
    from wizard.complete import Refused

    assert isinstance(error, Refused)
    return Words(error.catalog).conflict(error.conflict)


def narrate(line: str) -> None:
    """Say something to the person, not to the pipe."""
    print(line, file=sys.stderr)
