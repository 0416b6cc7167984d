"""`check ANSWERS...`: can these answers stand? States everything a reader has to know, optimises nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from catalog.catalog import Catalog
from catalog.conditions import Bound, Condition
from catalog.errors import AnswersError
from catalog.layers import NONE
from catalog.phrases import listed
from catalog.settings import Setting
from wizard.commands.common import catalog_of, print_json, read, takes_answers, undoing, words_of
from wizard.diagnostics import Exit, narrate
from wizard.kinds import KindAnswers
from wizard.solver import Engine, Space

DOORS = {"rebuild": "rebuild the cluster", "never": "never"}
"""What undoing takes, in two words."""


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
        if conflict is None:
            open_ = _open(space)
            one_way = _one_way(space, open_)
            unfilled = _unfilled(space)
            ageing = _ageing(space)
            ended = [said for said in answers.waivers if said.value.until < catalog.as_of]
            results.append({
                "file": path.as_posix(), "ok": True, "open": open_, "one-way": one_way, "placeholders": unfilled,
                "ageing": ageing, "waivers-ended": [
                    {"rule": said.value.rule, "until": said.value.until.isoformat(), "origin": said.origin} for said in ended],
            })
            if not arguments.json:
                print(f"{path.as_posix()}: can stand; {_count(len(open_), 'decision')} open")
                if one_way:
                    print("  still open and hard to undo:")
                for entry in one_way:
                    print(f"    {_door(catalog, entry)}")
                if unfilled:
                    print("  to be filled in under `settings:`, for what is already decided:")
                for name in unfilled:
                    print(f"    {name}: {catalog.settings[name].title}")
                if ageing:
                    print(f"  warning: out of support, retired, or within half a year of {catalog.as_of.isoformat()}:")
                for entry in ageing:
                    print(f"    {entry['on']}  {entry['text']} ({entry['source']})")
                for said in ended:
                    print(f"  warning: the risk of {said.value.rule} was accepted until {said.value.until.isoformat()} only; "
                          f"{said.value.owner} has to decide again [{said.origin}]")
            continue
        worst = max(worst, int(Exit.FOUND))
        from catalog import words_json
        from wizard.contradiction import blame

        blame(conflict, catalog)
        words = words_of(catalog, space)
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


def _sure(space: Space, decision: str) -> Iterator[tuple[KindAnswers | None, frozenset[str]]]:
    """What is chosen for a decision, or follows: for the design, or for each kind of cluster."""
    for kind in space.kinds if space.catalog.decisions[decision].scope == "cluster" else (None,):
        said = (space.answers if kind is None else kind).choices.get(decision)
        yield kind, frozenset(said.value) if said else frozenset(
            option.component for option, state in space.states(decision, kind.name if kind else None).items()
            if state == "implied")


def _unfilled(space: Space) -> list[str]:
    """Settings that would keep their placeholder: what they belong to is chosen, and nobody gave them a value."""
    catalog = space.catalog
    found = []
    for name, setting in catalog.settings.items():
        if setting.placeholder is not None and name not in space.answers.settings and not _may_settle(space, setting) and any(
            (sure & set(setting.only_for) if setting.only_for else sure - {NONE})
            for kind, sure in _sure(space, catalog.setting_decision[name]) if kind is None or name not in kind.settings
        ):
            found.append(name)
    return found


def _may_settle(space: Space, setting: Setting) -> bool:
    """Whether one of its defaults can still apply under what was said of the use case."""
    return any(not any(_ruled_out(space, condition) for condition in entry.when) for entry in setting.default)


def _ruled_out(space: Space, condition: Condition) -> bool:
    for question, wanted in (condition.context or {}).items():
        said = space.answers.context.get(question)
        if said is not None and not isinstance(wanted, Bound):
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            return not {str(value) for value in values} & set(said.value)
    return False


def _ageing(space: Space) -> list[dict[str, Any]]:
    """What ends of parts that are sure to be in the design, by the day of the catalog. A part whose version nobody named
    counts only when the release that lives longest ends."""
    catalog, versions = space.catalog, space.answers.versions
    names = catalog.ageing.keys()
    sure = {name for decision, options in catalog.options.items() if not names.isdisjoint(options)
            for _, chosen in _sure(space, decision) for name in chosen & names}
    found = []
    for name in sorted(sure):
        said = versions.get(name)
        found += [{"component": name, **entry} for entry in catalog.ageing[name].get(said.value if said else "", ())]
    return sorted(found, key=lambda entry: (entry["on"], entry["component"]))


def _one_way(space: Space, open_: list[str]) -> list[dict[str, Any]]:
    """Open decisions with an option, still possible, that cannot be undone in a running cluster."""
    catalog = space.catalog
    found = []
    for decision in open_:
        left = dict.fromkeys(option.component for option, state in space.states(decision).items() if state != "excluded")
        doors = [{"component": name, **undo} for name in left
                 if (undo := undoing(catalog, name)) is not None and undo["how"] != "reversible"]
        if doors:
            found.append({
                "decision": decision, "title": catalog.decisions[decision].title,
                "how": "never" if any(door["how"] == "never" for door in doors) else "rebuild",
                "options": doors, "all": len(doors) == len(left),
            })
    return found


def _door(catalog: Catalog, entry: dict[str, Any]) -> str:
    """`Node addresses: whatever is chosen` or the options that it is about, with how hard they are to undo."""
    same: dict[str, list[str]] = {}
    for door in entry["options"]:
        same.setdefault(door["how"], []).append(catalog.title(entry["decision"], door["component"]))
    if entry["all"] and len(same) == 1:
        return f"{entry['title']}, whatever is chosen ({DOORS[entry['how']]})"
    return f"{entry['title']}: " + "; ".join(f"{listed(names, 'or')} ({DOORS[how]})" for how, names in same.items())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


