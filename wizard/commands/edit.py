"""`edit ANSWERS`: the wizard in this terminal."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.commands.common import takes_catalog


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("answers", metavar="ANSWERS", type=Path, help="an answers file")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open the wizard."""
    from wizard.commands.interactive import open_wizard

    return int(open_wizard(arguments.answers, tuple(arguments.catalog)))
