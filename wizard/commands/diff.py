"""`diff A B`: what differs between two designs, or between a design and the one after a proposed change."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import UsageError
from wizard.commands.common import catalog_of, print_json, read, takes_catalog, takes_json
from wizard.compare import Changed, compare
from wizard.complete import resolve
from wizard.diagnostics import Exit
from wizard.solver import Engine


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("before", metavar="A", type=Path, help="an answers file")
    parser.add_argument("after", metavar="B", type=Path, nargs="?", help="another answers file")
    parser.add_argument("--choose", metavar="DECISION=COMPONENT", action="append", default=[],
                        help="instead of B: A with this choice (repeatable)")
    parser.add_argument("--picture", metavar="FILE", type=Path, help="also draw the difference as an SVG")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what differs; exit 1 when something does."""
    catalog = catalog_of(arguments)
    engine = Engine(catalog)
    if (arguments.after is None) == (not arguments.choose):
        raise UsageError("diff: name a second answers file, or what to --choose")
    answers = read(arguments.before, catalog)
    before = resolve(answers, catalog, engine, reasons=False)
    if arguments.after is not None:
        after = resolve(read(arguments.after, catalog), catalog, engine, reasons=False)
    else:
        from wizard.answers_change import choose
        from wizard.commands.common import option_of

        space = engine.space(answers)
        for text in arguments.choose:
            for option in option_of(text, catalog, space):
                answers = choose(answers, catalog, option, {kind.name: kind.clusters for kind in space.kinds}, "flag")
        after = resolve(answers, catalog, engine, reasons=False)
    found = compare(before, after)
    if arguments.picture is not None:
        from exporters.pictures.difference import picture_of_difference

        arguments.picture.write_bytes(picture_of_difference(before, after))
    if arguments.json:
        print_json(asdict(found))
    elif found.empty:
        print("the designs are the same")
    else:
        _print(found.context, "Context", catalog)
        _print(found.decisions, "Decisions", catalog)
        _print(found.settings, "Settings", catalog)
        _print(found.versions, "Versions", catalog)
        for name in found.added:
            print(f"  + {catalog.components[name].title}")
        for name in found.removed:
            print(f"  - {catalog.components[name].title}")
    return int(Exit.DONE if found.empty else Exit.FOUND)


def _print(changes: tuple[Changed, ...], title: str, catalog: Catalog) -> None:
    if changes:
        print(title)
    for change in changes:
        name = catalog.decisions[change.what].title if change.what in catalog.decisions else change.what
        place = f" ({change.kind})" if change.kind else ""
        print(f"  {name}{place}: {', '.join(change.before) or '-'} -> {', '.join(change.after) or '-'}")


