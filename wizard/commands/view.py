"""`view ANSWERS [--view NAME]`: a picture of the design in the terminal, as an image where it can, else as text."""

from __future__ import annotations

import argparse
import shutil
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
    from exporters.pictures.subject import subject

    catalog = catalog_of(arguments)
    about = subject(resolve(read(arguments.answers, catalog), catalog, reasons=False))
    known = terminal.views(about)
    if arguments.view not in known:
        raise UsageError(f"unknown view {arguments.view!r}{did_you_mean(arguments.view, known)}; this design has "
                         f"{', '.join(known)}")
    shown = sys.stdout.isatty()
    form = arguments.format or ("image" if shown and _paints() else "text")
    if form == "image":
        from rich.console import Console
        from textual_image.renderable import Image

        Console().print(Image(terminal.image(about, arguments.view)))
        return 0
    text = terminal.source(about, arguments.view, form)
    if shown and form == "text":
        text = terminal.broken(text, shutil.get_terminal_size().columns)
    sys.stdout.write(text)
    return 0


def _paints() -> bool:
    """True for a terminal that shows pictures dot by dot; one that has only blocks of colour shows no words in them."""
    from textual_image.renderable import Image, SixelImage, TGPImage

    return Image in (SixelImage, TGPImage)
