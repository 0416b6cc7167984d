"""An export in a process of its own: what it takes of memory goes with it.

Everything that an export loads and makes together is more than a session needs otherwise, and most of it would stay. So a
process is started with the catalog, or with the function that loads it, and with an order; it asks before each step
whether to go on, and ends with its parent. Where no process can be had, the same is done here.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import OutputError, WizardError
from exporters.base import Missing, Stamp
from wizard.answers import Answers
from wizard.output import Plan
from wizard.tui.sparing import environment

if TYPE_CHECKING:
    from catalog.catalog import Catalog

NICE = 5
"""The keys come first."""


@dataclass(frozen=True)
class Order:
    """What to export, and where to."""

    answers: Answers
    folder: Path
    only: tuple[str, ...]
    """Exporters; empty for all of them."""
    stamp: Stamp
    writing: bool
    """Not only planned."""


@dataclass(frozen=True)
class Made:
    """What was written, or would be; without the bytes."""

    planned: Plan
    missing: tuple[Missing, ...]


class Given(Exception):
    """The other side wants no more of it."""


def make(catalog: Catalog, order: Order, step: Callable[[str], None]) -> Made:
    """Carry out an order. `step` is told each exporter, then each path; what it raises ends all, with the folder as it was.
    Raises WizardError."""
    from wizard.building import artifacts
    from wizard.complete import complete
    from wizard.output import earlier, plan, write
    from wizard.solver import Engine

    design = complete(Engine(catalog).space(order.answers))
    before = earlier(order.folder)
    made = artifacts(design, before, order.stamp, only=order.only, step=step)
    planned = plan(order.folder, made.artifacts, before, removing=not order.only)
    if order.writing:
        write(order.folder, planned, step)
    return Made(replace(planned, artifacts={}), made.missing)


def make_apart(source: Catalog | Callable[[], Catalog], order: Order, step: Callable[[str], None]) -> Made:
    """The same in a process of its own. Raises WizardError too where that process comes to an end before its order does."""
    mine, its = socket.socketpair()
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "wizard.tui.making", str(its.fileno())], pass_fds=(its.fileno(),),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, **environment()})
    line: Connection[Any, Any] = Connection(mine.detach())
    try:
        line.send((source, order))
        while isinstance(told := line.recv(), str):
            step(told)
            line.send(True)
    except (OSError, EOFError):
        raise OutputError("This export failed: its process ended; the folder is as it was") from None
    finally:
        line.close()  # it asks before each step: without an answer it cleans up and ends
        process.wait()
    if isinstance(told, WizardError):
        raise told
    assert isinstance(told, Made)
    return told


def main() -> None:
    """The process."""
    line: Connection[Any, Any] = Connection(int(sys.argv[1]))

    def step(what: str) -> None:
        try:
            line.send(what)
            line.recv()
        except (OSError, EOFError):
            raise Given from None

    with suppress(Given, OSError, EOFError):
        os.nice(NICE)
        source, order = line.recv()
        try:
            told: Made | WizardError = make(source() if callable(source) else source, order, step)
        except WizardError as error:
            told = OutputError(str(error))
        except (Given, OSError):
            raise
        except Exception as error:  # one exporter's fault must not end the session
            told = OutputError(f"This export failed: {type(error).__name__}: {error}")
        line.send(told)


if __name__ == "__main__":
    from wizard.tui import making

    making.main()  # what is sent is of the module that both sides know
