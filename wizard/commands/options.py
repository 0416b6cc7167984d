"""`options ANSWERS [DECISION]`: what is available, implied and excluded, each exclusion with its reason in a line."""

from __future__ import annotations

import argparse

from catalog import words_json
from wizard.commands.common import (
    UNDOING,
    catalog_of,
    kinds_and_decision,
    not_asked,
    print_json,
    read,
    takes_answers,
    undoing,
    words_of,
)
from wizard.diagnostics import Exit
from wizard.solver import Engine


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("decision", metavar="DECISION", nargs="?",
                        help="a decision, or CLUSTER/DECISION; all of them without reasons when left out")


def run(arguments: argparse.Namespace) -> int:
    """Print the options; exit 1 when the answers themselves cannot stand."""
    catalog = catalog_of(arguments)
    space = Engine(catalog).space(read(arguments.answers, catalog))
    words = words_of(catalog, space)
    if arguments.decision is None:
        states = space.states()
    else:
        kinds, decision = kinds_and_decision(arguments.decision, catalog, space)
        states = {option: state for kind in kinds for option, state in space.states(decision, kind).items()}
    entries = []
    for option, state in states.items():
        reasons = space.why(option) if arguments.decision is not None and state != "available" else ()
        entries.append((option, state, reasons[0] if reasons else None))
    if arguments.json:
        print_json([{"decision": option.decision, "component": option.component, "cluster": option.kind, "state": state,
                     "undo": undoing(catalog, option.component),
                     "reason": words_json.reason(words, reason) if reason else None} for option, state, reason in entries])
    else:
        width = max((len(option.component) for option, _, _ in entries), default=0)
        heading, told = None, ""
        possible = {(option.decision, option.kind) for option, state, _ in entries if state != "excluded"}
        marks = {"available": " ", "implied": "*", "excluded": "x"}
        for option, state, reason in entries:
            if (option.decision, option.kind) != heading:
                heading = (option.decision, option.kind)
                told = "" if heading in possible or not space.stands else f" {not_asked(words, catalog, option.decision)}"
                print(f"{option.kind + '/' if option.kind and len(space.kinds) > 1 else ''}{option.decision}:{told}")
            if told and arguments.decision is None:
                continue
            line = f"  {marks[state]} {option.component:<{width}}  {state}"
            undo = undoing(catalog, option.component)
            door = undo is not None and undo["how"] != "reversible" and state != "excluded"
            if undo is not None and door and arguments.decision is None:
                line += f"  ({UNDOING[undo['how']]})"
            print(f"{line}  {words.line(reason)}" if reason else line.rstrip())
            if undo is not None and door and arguments.decision is not None:
                print(f"    {'':<{width}}  {UNDOING[undo['how']]}: {undo['because']}")
    return int(Exit.DONE if space.stands else Exit.FOUND)
