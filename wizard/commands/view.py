"""`view ANSWERS [--view NAME]`: a picture of the design in the terminal, as an image where it can, else as text."""

from __future__ import annotations

import argparse
import sys

from catalog.errors import UsageError
from catalog.faults import did_you_mean
from wizard.commands.common import catalog_of, read, takes_answers
from wizard.complete import resolve


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("--view", metavar="NAME", default="overview", help="which picture (default: overview)")
    parser.add_argument("--format", choices=("text", "image", "mermaid", "dot", "svg", "drawio"), default=None,
                        help="text or image in the terminal, or a picture's source on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Show the picture."""
    from exporters.pictures import terminal

    catalog = catalog_of(arguments)
    design = resolve(read(arguments.answers, catalog), catalog, reasons=False)
    known = terminal.views(design)
    if arguments.view not in known:
        raise UsageError(f"unknown view {arguments.view!r}{did_you_mean(arguments.view, known)}; this design has "
                         f"{', '.join(known)}")
    form = arguments.format or "text"
    if form == "image":
        from rich.console import Console
        from textual_image.renderable import Image

        Console().print(Image(terminal.image(design, arguments.view)))
        return 0
    sys.stdout.write(terminal.source(design, arguments.view, form))
    return 0
