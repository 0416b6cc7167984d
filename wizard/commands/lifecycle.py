"""`lifecycle ANSWERS --on DATE`: what is out of support, retired or relicensed by a day, and what comes after it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.ageing import Ageing, ages
from catalog.errors import OutputError
from wizard.commands.common import catalog_of, print_json, read, takes_answers
from wizard.commands.days import day
from wizard.complete import Refused, resolve
from wizard.diagnostics import Exit, narrate
from wizard.solver.encode import version_key

if TYPE_CHECKING:
    from catalog.catalog import Catalog
    from catalog.components import Component
    from catalog.design import Design
    from catalog.lifecycle import Release
    from wizard.answers import Answers

PAST = ("ended", "retired")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("--on", type=day, metavar="DATE", required=True, help="the day asked about, like 2027-06-30")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also draw the chart for that day, as SVG")


def run(arguments: argparse.Namespace) -> int:
    """Print what ages; exit 1 when something is out of support or retired by then, or an accepted risk has to be
    decided again."""
    catalog = catalog_of(arguments)
    answers = read(arguments.answers, catalog)
    try:
        design = resolve(answers, catalog, reasons=False)
        if arguments.picture is not None:
            _picture(design, arguments.on, arguments.picture)
        parts = [(component, design.release(component.id)) for component in design.selected()]
        whole = True
    except Refused:
        # What was built years ago may be refused today, and that is when this question is asked.
        narrate(f"{arguments.answers.as_posix()}: the answers cannot stand today; only what they name is looked at")
        parts, whole = named(answers, catalog), False
    found = ages(parts, arguments.on, catalog.components)
    waived = [said.value for said in answers.waivers if said.value.until < arguments.on]
    if arguments.json:
        print_json({"on": arguments.on.isoformat(), "whole": whole, "components": len(parts),
                    "findings": [_data(catalog, entry, arguments.on) for entry in found],
                    "waivers": [{"rule": entry.rule, "until": entry.until.isoformat(), "owner": entry.owner}
                                for entry in waived]})
    else:
        _print(catalog, found, arguments.on, [component for component, _ in parts])
        if waived:
            print(f"Risks that were accepted until a day before {arguments.on.isoformat()}:")
        for entry in waived:
            print(f"  {entry.until.isoformat()}  {entry.rule}: {entry.owner} has to decide again ({entry.reason})")
    return int(Exit.FOUND if waived or any(entry.what in PAST for entry in found) else Exit.DONE)


def _picture(design: Design, on: date, path: Path) -> None:
    """Draw the chart of a day into a file. Raises OutputError when it cannot be written."""
    from exporters.pictures import lifecycle

    text = lifecycle.draw(design, on)
    if text is None:
        narrate(f"{path.as_posix()}: not written; no part of the design has a published end of support")
        return
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError(f"{path.as_posix()}: cannot be written: {error.strerror or error}") from None


def named(answers: Answers, catalog: Catalog) -> list[tuple[Component, Release | None]]:
    """The components that answers name, with the release that they ask for or else the newest one listed."""
    said = [*answers.choices.values(), *(entry for each in answers.clusters for entry in each.choices.values())]
    ids = {name for entry in said for name in entry.value}
    found: list[tuple[Component, Release | None]] = []
    for component in catalog.components.values():
        if component.id in ids:
            wanted = answers.versions.get(component.id)
            releases = [entry for entry in component.releases if wanted is None or entry.version == wanted.value]
            found.append((component, max(releases, key=lambda entry: version_key(entry.version), default=None)))
    return found


def _data(catalog: Catalog, entry: Ageing, on: date) -> dict[str, Any]:
    return {
        "component": entry.component, "title": catalog.components[entry.component].title, "what": entry.what,
        "on": entry.on.isoformat(), "days": (entry.on - on).days, "text": entry.text, "source": entry.source,
        "successor": entry.successor, "move": entry.move, "next": list(entry.next),
    }


def _print(catalog: Catalog, found: Sequence[Ageing], on: date, parts: Sequence[Component]) -> None:
    past = [entry for entry in found if entry.what in PAST]
    relicensed = [entry for entry in found if entry.what == "relicensed"]
    ahead = [entry for entry in found if entry.what in ("ends", "retires")]
    for title, group in ((f"Out of support or retired by {on.isoformat()}", past), ("Licence changes", relicensed),
                         (f"Known to end after {on.isoformat()}", ahead)):
        if group:
            print(f"{title}:")
        for entry in group:
            print(f"  {entry.on.isoformat()}  {entry.text}")
            if entry.successor:
                move = f": {entry.move}" if entry.move else ""
                print(f"              {catalog.components[entry.successor].title} succeeds it{move}")
            if entry.next:
                print(f"              supported then: {', '.join(entry.next)}")
            elif entry.what in ("ended", "ends"):
                print("              the catalog knows no release that is supported longer")
            print(f"              {entry.source}")
    if not past:
        print(f"Nothing of {len(parts)} components is known to be out of support or retired on {on.isoformat()}.")
    dated = {entry.component for entry in found if entry.what != "relicensed"}
    patterns = sum(component.pattern for component in parts if component.id not in dated)
    print(f"Days of support or retirement are published of {len(dated)} of these {len(parts)} components"
          + (f"; {patterns} are ways of working that no maker ends" if patterns else "") + "; of the others nothing is known.")
