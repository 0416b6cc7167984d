"""`catalog export`: the formula that the engine solves, for other people's tools to check us."""

from __future__ import annotations

import argparse
from pathlib import Path

from wizard.answers import Answers
from wizard.commands.common import catalog_of, read, takes_catalog


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("answers", metavar="ANSWERS", type=Path, nargs="?", help="state these answers as facts")
    parser.add_argument("--format", choices=("uvl", "dimacs"), default="uvl", help="default: uvl")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the formula."""
    from wizard.solver import Engine
    from wizard.solver.export import dimacs, uvl

    catalog = catalog_of(arguments)
    answers = read(arguments.answers, catalog) if arguments.answers else Answers(name="catalog")
    space = Engine(catalog).space(answers)
    print(uvl(space) if arguments.format == "uvl" else dimacs(space), end="")
    return 0
