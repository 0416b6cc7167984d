"""`recommend ANSWERS`: the whole design that is recommended, or alternatives that are each best under one priority."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from catalog import words_json
from catalog.availability import paths_of
from catalog.bill import one_way_doors
from catalog.components import PRIORITIES
from catalog.design import Design
from catalog.errors import UsageError
from catalog.phrases import listed
from catalog.words import Words
from catalog.words_path import target_of, verdict
from wizard.as_data import design_data
from wizard.commands.common import UNDOING, catalog_of, print_json, read, takes_answers, words_of
from wizard.complete import complete
from wizard.diagnostics import Exit, narrate
from wizard.solver import Engine


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("--alternatives", type=int, metavar="N", help="N designs, each best under another priority")


def run(arguments: argparse.Namespace) -> int:
    """Print the recommendation; exit 1 when the answers cannot stand."""
    catalog = catalog_of(arguments)
    space = Engine(catalog).space(read(arguments.answers, catalog))
    words = words_of(catalog, space)
    conflict = space.conflict()
    if conflict is not None:
        if arguments.json:
            print_json({"conflict": words_json.conflict(words, conflict)})
        else:
            print(words.conflict(conflict))
        return int(Exit.FOUND)
    if arguments.alternatives is not None:
        return _alternatives(arguments, space, words)
    design = complete(space)
    if arguments.json:
        print_json(design_data(design, words))
        return int(Exit.DONE)
    layer = ""
    for entry in design.decisions:
        if not entry.asked:
            continue
        title = catalog.layers[catalog.layer_of[entry.decision]].title
        if title != layer:
            layer = title
            print(layer)
        place = f" ({entry.kind})" if entry.kind and len(design.kinds) > 1 else ""
        chosen = ", ".join(catalog.title(entry.decision, name) for name in entry.chosen) or "nothing"
        print(f"  {catalog.decisions[entry.decision].title + place}: {chosen}  [{entry.origin}]")
        for name, margin in entry.margins:
            print(f"      {words.margin(entry.decision, name, margin)}")
    for line in (*_availability(design, words), *_doors(design)):
        print(line)
    for warning in design.warnings:
        print(f"warning: {words.warning(warning)}")
    return int(Exit.DONE)


def _availability(design: Design, words: Words) -> Iterator[str]:
    """What the path of a request gives, and what breaks the target."""
    target = target_of(design)
    paths = paths_of(design)
    if paths:
        yield f"Availability{f', asked for: {target} %' if target else ''}"
    for path in paths:
        names = f"{listed(list(path.clusters))}: " if len(paths) > 1 else ""
        yield f"  {names}{path.percent} %  ({', '.join(f'{link.title} {link.percent}' for link in path.links)})"
    if paths and paths[0].together:
        yield f"  together: {paths[0].together} %, {listed(list(paths[0].places))} standing in for each other"
    for found in dict.fromkeys(verdict(design, words, path, target) for path in paths) if target else ():
        yield "  meets the target" if found.met else f"  misses the target. {found.breaks} {found.mends}"


def _doors(design: Design) -> Iterator[str]:
    """What a running cluster cannot take back."""
    doors = one_way_doors(design)
    if doors:
        yield "One-way doors"
    for door in doors:
        title = design.catalog.title(door.decision, door.component)
        yield f"  {title} ({design.decision(door.decision).title}) {UNDOING[door.how]}: {door.because}"


def _alternatives(arguments: argparse.Namespace, space, words) -> int:  # type: ignore[no-untyped-def]
    wanted = arguments.alternatives
    if wanted < 1:
        raise UsageError("recommend: --alternatives takes a number from 1")
    found = space.alternatives(wanted)
    if len(found) < min(wanted, len(PRIORITIES)):
        narrate(f"{len(found)} of {wanted}: every {'other ' if len(found) > 1 else ''}priority leads to "
                f"{'one of these designs' if len(found) > 1 else 'the same design'}")
    places = [(choice.decision, choice.kind) for choice in found[0].resolution.choices]
    differing = [place for place in places if len({each.resolution.chosen(*place) for each in found}) > 1]
    if arguments.json:
        print_json([
            {"priority": each.first, "costs": dict(each.costs),
             "choices": {f"{kind + '/' if kind else ''}{decision}": list(each.resolution.chosen(decision, kind))
                         for decision, kind in differing}} for each in found])
        return int(Exit.DONE)
    columns = [f"best for {each.first}" for each in found]
    rows = [[space.catalog.decisions[decision].title + (f" ({kind})" if kind and len(space.kinds) > 1 else ""),
             *(", ".join(space.catalog.title(decision, name) for name in each.resolution.chosen(decision, kind)) or "-"
               for each in found)] for decision, kind in differing]
    table = [["", *columns], *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return int(Exit.DONE)
