"""`check ANSWERS...`: can these answers stand? States everything a reader has to know, optimises nothing."""

from __future__ import annotations

import argparse
from typing import Any

from catalog.catalog import Catalog
from catalog.errors import AnswersError
from wizard.commands.common import catalog_of, print_json, read, takes_answers, words_of
from wizard.diagnostics import Exit, narrate
from wizard.solver import Engine, Space


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser, several=True)
    parser.add_argument("--apply", type=int, metavar="N", help="apply the N-th way out to the (one) answers file")


def run(arguments: argparse.Namespace) -> int:
    """Check each file; 2 wins over 1 wins over 0."""
    catalog = catalog_of(arguments)
    engine = Engine(catalog)
    results: list[dict[str, Any]] = []
    worst = 0
    for path in arguments.answers:
        try:
            answers = read(path, catalog)
        except AnswersError as error:
            worst = max(worst, int(Exit.USAGE))
            narrate(str(error))
            results.append({"file": path.as_posix(), "ok": False, "faults": [
                {"file": fault.file, "line": fault.line, "message": fault.message} for fault in error.faults]})
            continue
        space = engine.space(answers)
        conflict = space.conflict()
        words = words_of(catalog, space)
        if conflict is None:
            open_ = _open(space)
            one_way = _one_way(catalog, open_)
            results.append({"file": path.as_posix(), "ok": True, "open": open_, "one-way": one_way})
            if not arguments.json:
                print(f"{path.as_posix()}: can stand; {_count(len(open_), 'decision')} open")
                for entry in one_way:
                    print(f"  hard to undo, still open: {entry['title']} ({entry['how']})")
            continue
        worst = max(worst, int(Exit.FOUND))
        from catalog import words_json

        results.append({"file": path.as_posix(), "ok": False, "conflict": words_json.conflict(words, conflict)})
        if not arguments.json:
            print(f"{path.as_posix()}: refused")
            print(words.conflict(conflict))
        if arguments.apply is not None and len(arguments.answers) == 1:
            from wizard.commands.applying import apply_repair

            return apply_repair(space, conflict.repairs, arguments.apply, path)
    if arguments.json:
        print_json(results)
    return worst


def _open(space: Space) -> list[str]:
    """Decisions that still have more than one way to go."""
    return list(dict.fromkeys(decision for decision, _ in space.undecided()))


def _one_way(catalog: Catalog, open_: list[str]) -> list[dict[str, str]]:
    """Open decisions with an option that cannot be undone in a running cluster."""
    found = []
    for decision in open_:
        ways = {catalog.components[name].undo.how for name in catalog.options[decision] if name in catalog.components}
        if ways and "reversible" not in ways:
            found.append({"decision": decision, "title": catalog.decisions[decision].title,
                          "how": "never" if "never" in ways else "rebuild"})
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


