"""`upgrade ANSWERS --to-kubernetes MINOR`: the hops to another minor, and which component moves when."""

from __future__ import annotations

import argparse

from catalog import words_json
from wizard.commands.common import catalog_of, print_json, read, takes_answers, words_of
from wizard.diagnostics import Exit
from wizard.solver import Engine
from wizard.upgrade import ending, lines, plan


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("--to-kubernetes", metavar="MINOR", required=True, help="the minor to arrive at, like 1.37")


def run(arguments: argparse.Namespace) -> int:
    """Print the plan; exit 1 when the way ends before the minor asked for."""
    catalog = catalog_of(arguments)
    engine = Engine(catalog)
    answers = read(arguments.answers, catalog)
    found = plan(answers, catalog, arguments.to_kubernetes, engine)
    words = words_of(catalog, engine.space(answers))
    if arguments.json:
        print_json({
            "to": found.to, "reached": found.refused is None,
            "steps": [{
                "component": step.component, "from": step.from_, "to": step.to, "when": step.when,
                "hop": step.minor, "clusters": list(step.clusters), "because": step.because, "source": step.source,
                "together": step.together,
            } for step in found.steps],
            "stops-at": found.at or None, "in-the-way": {minor: list(names) for minor, names in found.in_the_way},
            "instead": [{"of": name, "decision": decision, "take": list(others)} for name, decision, others in found.instead],
            "names-no-minors": list(found.silent),
            "conflict": words_json.conflict(words, found.refused) if found.refused else None,
        })
        return int(Exit.FOUND if found.refused else Exit.DONE)
    for line in (*lines(found, catalog), *ending(found, catalog, words)):
        print(line)
    return int(Exit.FOUND if found.refused else Exit.DONE)
