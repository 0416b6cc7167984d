"""`recommend ANSWERS`: the whole design that is recommended, or alternatives that are each best under one priority."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from catalog import words_json
from catalog.availability import paths_of
from catalog.bill import one_way_doors
from catalog.design import Design
from catalog.errors import UsageError
from catalog.phrases import listed, sentence
from catalog.reasons import Margin
from catalog.rules import PRIORITIES
from catalog.words import Words
from catalog.words_path import target_of, verdict
from wizard.as_data import design_data
from wizard.commands.common import UNDOING, catalog_of, print_json, read, takes_answers, words_of
from wizard.complete import complete
from wizard.contradiction import blame
from wizard.diagnostics import Exit, narrate
from wizard.solver import Engine


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("--alternatives", type=int, metavar="N",
                        help="beside the recommended design N others, each the best for one priority")


def run(arguments: argparse.Namespace) -> int:
    """Print the recommendation; exit 1 when the answers cannot stand."""
    catalog = catalog_of(arguments)
    space = Engine(catalog).space(read(arguments.answers, catalog))
    words = words_of(catalog, space)
    conflict = space.conflict()
    if conflict is not None:
        blame(conflict, catalog)
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
    for line in (*_assumed(design, words), *_decisions(design, words)):
        print(line)
    for line in (*_availability(design, words), *_doors(design)):
        print(line)
    for warning in design.warnings:
        print(f"warning: {words.warning(warning)}")
    return int(Exit.DONE)


def _assumed(design: Design, words: Words) -> Iterator[str]:
    """What nobody said of the use case, and what is therefore taken for granted."""
    found: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for clusters, context in (((), design.context), *((kind.clusters, kind.context) for kind in design.kinds)):
        for question, value in context.items():
            if value.origin == "assumed":
                values = value.value if isinstance(value.value, tuple) else (str(value.value),)
                found.setdefault(question, {}).setdefault(values, []).extend(clusters)
    if found:
        yield "Assumed, since nobody said it (an answer under `context:` or in a cluster changes it)"
    for question, answers in found.items():
        told = [", ".join(words.value(question, value) for value in values) +
                (f" ({listed(clusters)})" if len(answers) > 1 else "") for values, clusters in answers.items()]
        yield f"  {design.catalog.questions[question].title} {'; '.join(told)}"


def _decisions(design: Design, words: Words) -> Iterator[str]:
    """Every decision under its layer; clusters that decide alike share a line."""
    catalog = design.catalog
    alike: dict[str, dict[tuple[tuple[str, ...], str, tuple[str, ...]], list[str]]] = {}
    for entry in design.decisions:
        if entry.asked:
            whys = tuple(_why(words, entry.decision, name, margin) for name, margin in entry.margins)
            clusters = next((kind.clusters for kind in design.kinds if kind.name == entry.kind), ())
            alike.setdefault(entry.decision, {}).setdefault((entry.chosen, entry.origin, whys), []).extend(clusters)
    for layer in catalog.layers.values():
        if any(decision.id in alike for decision in layer.decisions):
            yield layer.title
        for decision in layer.decisions:
            groups = alike.get(decision.id, {})
            for (chosen, origin, whys), among in groups.items():
                place = f" ({listed(among)})" if len(groups) > 1 else ""
                names = ", ".join(catalog.title(decision.id, name) for name in chosen) or "nothing"
                yield f"  {decision.title + place}: {names}  [{origin}]"
                yield from (f"      {why}" for why in whys)


def _why(words: Words, decision: str, component: str, margin: Margin) -> str:
    """The reason of a choice beside its name: what the catalog says where it recommends it, else what decided."""
    if margin.level == "recommended" and margin.because:
        return sentence(margin.because)
    return words.margin(decision, component, margin)


def _availability(design: Design, words: Words) -> Iterator[str]:
    """What the path of a request gives, and what breaks the target."""
    target = target_of(design)
    paths = paths_of(design)
    if paths:
        said = "assumed" if target and design.context["availability"].origin == "assumed" else "asked for"
        yield f"Availability{f', {said}: {target} %' if target else ''}"
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
    if len(found) - 1 < min(wanted, len(PRIORITIES)):
        narrate(f"{len(found) - 1} of {wanted}: every other priority leads to one of these designs")
    places = [(choice.decision, choice.kind) for choice in found[0].resolution.choices]
    differing = [place for place in places if len({each.resolution.chosen(*place) for each in found}) > 1]
    if arguments.json:
        print_json([
            {"priority": each.first, "costs": dict(each.costs),
             "choices": {f"{kind + '/' if kind else ''}{decision}": list(each.resolution.chosen(decision, kind))
                         for decision, kind in differing}} for each in found])
        return int(Exit.DONE)
    columns = [f"best for {each.first}" if each.first else "recommended" for each in found]
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for decision, kind in differing:
        cells = tuple(", ".join(space.catalog.title(decision, name) for name in each.resolution.chosen(decision, kind)) or "-"
                      for each in found)
        clusters = next((each.clusters for each in space.kinds if each.name == kind), ())
        alike.setdefault((decision, cells), []).extend(clusters)
    every = sum(len(kind.clusters) for kind in space.kinds)
    rows = [[space.catalog.decisions[decision].title + (f" ({listed(clusters)})" if 0 < len(clusters) < every else ""), *cells]
            for (decision, cells), clusters in alike.items()]
    table = [["", *columns], *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return int(Exit.DONE)
