"""`prompts ANSWERS`: the same questions line by line, for screen readers and dumb terminals."""

from __future__ import annotations

import argparse
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap

from catalog.errors import OutputError, UsageError
from wizard.commands.common import takes_catalog
from wizard.commands.interactive import catalog_with, opened
from wizard.diagnostics import Exit


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("answers", metavar="ANSWERS", type=Path, nargs="?", default=Path("answers.yaml"),
                        help="the answers file to write (default: answers.yaml)")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask."""
    from wizard.prompting import Prompting

    catalog = catalog_with(tuple(arguments.catalog))
    session = opened(arguments.answers, catalog)
    if session.read_only or session.faults:
        raise UsageError("\n".join([*session.faults, session.read_only]).strip())
    talk = Prompting(catalog, session, say=_say)
    talk.run()
    if talk.unkept:
        raise OutputError(f"{talk.session.path}: not kept, it does not say what was answered")
    print(f"Kept in {talk.session.path}." if talk.session.path and talk.session.path.exists() else "Nothing was answered.")
    return int(Exit.DONE)


def _say(text: str) -> None:
    """Lines that break between words, below where they began."""
    wide = max(get_terminal_size().columns, 40)
    for line in text.split("\n"):
        before = len(line) - len(line.lstrip())
        print("\n".join(wrap(line, wide, subsequent_indent=" " * (before + 3 if before else 0), break_long_words=False,
                             break_on_hyphens=False)) or "")
