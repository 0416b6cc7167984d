"""`build ANSWERS... -o DIR`: export a design into a folder made to be committed."""

from __future__ import annotations

import argparse
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import UsageError
from exporters.base import Stamp
from wizard.building import artifacts
from wizard.commands.common import catalog_of, print_json, read, takes_answers
from wizard.complete import Refused, resolve
from wizard.diagnostics import Exit, narrate
from wizard.output import Plan, earlier, plan, write
from wizard.solver import Engine


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser, several=True)
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True,
                        help="the folder to write to; with several files, one folder each in it, by the design's name")
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="one exporter (repeatable)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and list what is stale")
    parser.add_argument("--dry-run", action="store_true", help="write nothing; list what would be written")
    parser.add_argument("--format", metavar="NAME", action="append", default=[],
                        help="a further format: html for one page, or of every picture png, 2x.png, dark.svg (repeatable)")
    parser.add_argument("--author", default="", help="decision makers named in new records")
    parser.add_argument("--date", default="", help="day of new records, such as 2026-11-23")
    parser.add_argument("--status", choices=("proposed", "accepted"), default="accepted", help="status of new records")


def run(arguments: argparse.Namespace) -> int:
    """Build each file; all or nothing per folder."""
    _day(arguments.date)
    catalog = catalog_of(arguments)
    engine = Engine(catalog)
    worst = 0
    for path in arguments.answers:
        folder = arguments.output if len(arguments.answers) == 1 else arguments.output / path.parent.name
        worst = max(worst, _build(path, folder, catalog, engine, arguments))
    return worst


def _build(path: Path, folder: Path, catalog: Catalog, engine: Engine, arguments: argparse.Namespace) -> int:
    answers = read(path, catalog)
    try:
        design = resolve(answers, catalog, engine)
    except Refused as refused:
        from catalog.words import Words

        print(f"{path.as_posix()}: refused")
        print(Words(catalog).conflict(refused.conflict))
        return int(Exit.FOUND)
    before = earlier(folder)
    stamp = Stamp(arguments.author, arguments.date, arguments.status)
    made = artifacts(design, before, stamp, only=arguments.only, formats=arguments.format)
    planned = plan(folder, made.artifacts, before, removing=not arguments.only)
    for missing in made.missing:
        narrate(f"{missing.path}: not made: {missing.why}")
    if not (arguments.check or arguments.dry_run):
        write(folder, planned)
    _tell(folder, planned, arguments)
    if arguments.check and planned.stale:
        return int(Exit.FOUND)
    return int(Exit.MISSING) if made.missing else int(Exit.DONE)


def _tell(folder: Path, planned: Plan, arguments: argparse.Namespace) -> None:
    if arguments.json:
        print_json({"folder": folder.as_posix(), "files": dict(planned.fates)})
        return
    if arguments.check or arguments.dry_run:
        for path in planned.stale:
            print(f"{planned.fates[path]:<9} {path}")
    counts = ", ".join(f"{planned.count(fate)} {fate}" for fate in ("new", "changed", "unchanged", "removed")
                       if planned.count(fate))
    narrate(f"{folder.as_posix()}: {counts or 'nothing'}")


def _day(text: str) -> None:
    from datetime import date

    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--date {text}: is not a day such as 2026-11-23") from None
