"""`explain ANSWERS DECISION[=COMPONENT]`: the chain of reasons, the ways out, and what was weighed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from catalog import words_json
from catalog.phrases import sentence
from catalog.reasons import Margin, Option
from catalog.words import PRIORITY_TITLES, Words
from wizard.commands.common import (
    UNDOING,
    catalog_of,
    kinds_and_decision,
    not_asked,
    option_of,
    print_json,
    read,
    takes_answers,
    undoing,
    words_of,
)
from wizard.diagnostics import Exit
from wizard.solver import Engine, Space


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_answers(parser)
    parser.add_argument("what", metavar="DECISION[=COMPONENT]", help="a decision, or one option of it")
    parser.add_argument("--all", action="store_true", help="every smallest reason, not only the first")
    parser.add_argument("--apply", type=int, metavar="N", help="apply the N-th way out, and choose the option")


def run(arguments: argparse.Namespace) -> int:
    """Explain one option, or what was recommended for a decision."""
    catalog = catalog_of(arguments)
    space = Engine(catalog).space(read(arguments.answers, catalog))
    words = words_of(catalog, space)
    if "=" in arguments.what:
        options = option_of(arguments.what, catalog, space)
    else:
        kinds, decision = kinds_and_decision(arguments.what, catalog, space)
        if not space.stands:
            from wizard.complete import Refused
            from wizard.contradiction import blame

            conflict = space.conflict()
            assert conflict is not None
            blame(conflict, catalog)
            raise Refused(conflict, catalog)
        made = space.complete()
        options = [Option(decision, name, kind) for kind in kinds for name in made.chosen(decision, kind)]
        if not options and arguments.json:
            print_json([])
            return int(Exit.DONE)
        if not options:
            print(f"{catalog.decisions[decision].title}: {not_asked(words, catalog, decision)}")
            return int(Exit.DONE)
    if arguments.apply is not None:
        from wizard.commands.applying import apply_repair

        return apply_repair(space, space.repairs(options[0]), arguments.apply, arguments.answers, options[0])
    found = [_explain(space, option, arguments.all) for option in options]
    if arguments.json:
        print_json([
            {"decision": option.decision, "component": option.component, "cluster": option.kind, "state": state,
             "undo": undoing(catalog, option.component),
             "reasons": [words_json.reason(words, reason) for reason in reasons],
             "margin": words.margin(option.decision, option.component, margin) if margin else None,
             "repairs": [words_json.repair(words, repair) for repair in repairs]}
            for option, state, reasons, margin, repairs in found])
        return int(Exit.DONE)
    for option, state, reasons, margin, repairs in found:
        if reasons:
            for reason in reasons:
                print(words.full(reason))
        else:
            print(f"{words.option(option)} is {state}.")
        if margin is not None:
            print(f"  {words.margin(option.decision, option.component, margin)}")
            for line in _next(space, words, option, margin):
                print(f"  {line}")
        for line in _instead(space, words, option) if state == "available" and margin is None else ():
            print(f"  {line}")
        if state == "available":
            _ratings(space, option)
        undo = undoing(catalog, option.component)
        if undo is not None and (state != "excluded" or undo["how"] != "reversible"):
            print(f"  {catalog.title(option.decision, option.component)} {UNDOING[undo['how']]}: {undo['because']}")
        if repairs:
            print("Ways to it:")
            for number, repair in enumerate(repairs, 1):
                print(f"  {number}. {words.repair(repair)}")
        elif state == "excluded":
            print(words.no_way(reasons, space.answers.pinned))
        for line in words.acceptable(reasons) if state == "excluded" else ():
            print(line)
    return int(Exit.DONE)


def _explain(space: Space, option: Option, all_: bool) -> tuple:  # type: ignore[type-arg]
    state = space.state(option)
    reasons = space.why(option, all=all_) if state != "available" else ()
    repairs = space.repairs(option) if state == "excluded" else ()
    margin = None
    if state == "available" and space.stands and option.component in space.complete().chosen(option.decision, option.kind):
        margin = space.margin(option)
    return option, state, reasons, margin, repairs


def _instead(space: Space, words: Words, option: Option) -> Iterator[str]:
    """What is taken in place of an option that could be, and why."""
    if not space.stands:
        return
    taken = [Option(option.decision, name, option.kind) for name in space.complete().chosen(option.decision, option.kind)]
    if not taken:
        yield not_asked(words, space.catalog, option.decision)
    for other in taken:
        name = words.component(other.component, other.decision)
        if space.state(other) == "implied":
            yield f"{sentence(name)[:-1]} follows, as an answer says so or nothing else is possible beside it."
        elif _answered(space, other):
            yield f"You chose {name} instead."
        else:
            yield f"Not what is recommended. {words.margin(other.decision, other.component, space.margin(other))}"


def _next(space: Space, words: Words, option: Option, margin: Margin) -> Iterator[str]:
    """What comes next where a recommendation decided, and by how much ratings part the two."""
    if margin.level != "recommended" or margin.runner_up is None:
        return
    ratings = space.machine.objective.rating
    name = words.component(margin.runner_up, option.decision)
    for priority in space.answers.order():
        mine, theirs = (ratings(option.decision, each, priority) for each in (option.component, margin.runner_up))
        if mine != theirs:
            better = ", which by ratings alone would win" if theirs > mine else ""
            yield f"Next comes {name}{better}: {theirs} against {mine} for {PRIORITY_TITLES[priority]}."
            return
    yield f"Next comes {name}, which is rated the same."


def _answered(space: Space, option: Option) -> bool:
    """Whether somebody chose this, for the design or for clusters of its kind."""
    kinds = [kind.choices for kind in space.kinds if option.kind in (None, kind.name)]
    return any(option.component in choices[option.decision].value
               for choices in (space.answers.choices, *kinds) if option.decision in choices)


def _ratings(space: Space, option: Option) -> None:
    """The ratings in the user's order, each with its reason."""
    component = space.catalog.components.get(option.component)
    if component is None:
        return
    for priority in space.answers.order():
        role = component.roles[option.decision]
        rating = role.ratings.get(priority) or component.ratings.get(priority)
        if rating is not None:
            print(f"  {priority:<12} {rating.score} of 4  {rating.because}")
