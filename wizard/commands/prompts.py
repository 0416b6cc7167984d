"""`prompts ANSWERS`: the same questions line by line, for screen readers and dumb terminals."""

from __future__ import annotations

import argparse
from pathlib import Path

from catalog.errors import UsageError
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
    Prompting(catalog, session).run()
    print(f"Kept in {arguments.answers}." if arguments.answers.exists() else "Nothing was answered.")
    return int(Exit.DONE)
