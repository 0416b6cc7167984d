"""What several verbs share: loading catalog and answers, refusals, JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import UsageError

if TYPE_CHECKING:
    from catalog.catalog import Catalog
    from catalog.reasons import Conflict, Option
    from catalog.words import Words
    from wizard.answers import Answers
    from wizard.solver import Space


def takes_catalog(parser: argparse.ArgumentParser) -> None:
    """Add `--catalog DIR`."""
    parser.add_argument("--catalog", metavar="DIR", type=Path, action="append", default=[],
                        help="lay a folder over the built-in catalog (repeatable)")


def takes_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def takes_answers(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Add the answers file, `--catalog` and `--json`."""
    parser.add_argument("answers", metavar="ANSWERS", type=Path, nargs="+" if several else None, help="an answers file")
    takes_catalog(parser)
    takes_json(parser)


def catalog_of(arguments: argparse.Namespace) -> Catalog:
    """The catalog with the overlays named. Raises UsageError for a folder that is not there."""
    from catalog.loader import load

    for folder in arguments.catalog:
        if not folder.is_dir():
            raise UsageError(f"--catalog {folder}: is not a folder")
    return load(arguments.catalog)


def read(path: Path, catalog: Catalog) -> Answers:
    """The answers in a file, with the name under which it was given in messages."""
    from wizard import answers_file

    return answers_file.load(path, catalog, path.as_posix())


def words_of(catalog: Catalog, space: Space) -> Words:
    """Words that name clusters where there are several kinds."""
    from catalog.words import Words

    return Words(catalog, {kind.name: kind.clusters for kind in space.kinds})


def print_json(value: Any) -> None:
    """Print data for programs: sorted only where we order nothing ourselves."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def option_of(text: str, catalog: Catalog, space: Space) -> list[Option]:
    """The options that `DECISION=COMPONENT`, or `CLUSTER/DECISION=COMPONENT`, means: one, or one per kind.

    Raises UsageError with the nearest names."""
    from catalog.faults import did_you_mean
    from catalog.reasons import Option

    left, equals, component = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} says no component; say DECISION=COMPONENT")
    kinds, decision = kinds_and_decision(left, catalog, space)
    known = catalog.options[decision]
    if component not in known:
        raise UsageError(f"unknown component {component!r} for {decision!r}"
                         f"{did_you_mean(component, known)}; it takes {', '.join(known)}")
    return [Option(decision, component, kind) for kind in kinds]


def kinds_and_decision(text: str, catalog: Catalog, space: Space) -> tuple[Sequence[str | None], str]:
    """`DECISION` or `CLUSTER/DECISION`: the kinds meant and the decision. Raises UsageError with the nearest names."""
    from catalog.faults import did_you_mean

    cluster, slash, decision = text.rpartition("/")
    if decision not in catalog.decisions:
        raise UsageError(f"unknown decision {decision!r}{catalog.decision_meant(decision)}")
    if catalog.decisions[decision].scope == "design":
        if slash:
            raise UsageError(f"{decision!r} is decided for the whole design, not for a cluster")
        return (None,), decision
    found = [kind.name for kind in space.kinds if not slash or cluster in kind.clusters]
    if not found:
        names = [name for kind in space.kinds for name in kind.clusters]
        raise UsageError(f"unknown cluster {cluster!r}{did_you_mean(cluster, names)}")
    return found, decision


UNDOING = {
    "reversible": "can be undone in a running cluster", "rebuild": "means rebuilding the cluster to undo",
    "never": "can never be undone",
}
"""How hard an option is to undo, said of it."""


def undoing(catalog: Catalog, component: str) -> dict[str, str] | None:
    """How hard an option is to undo, with why; None for an absence, which is undone by choosing something."""
    found = catalog.undo.get(component)
    return {"how": found[0], "because": found[1]} if found is not None else None


def not_asked(words: Words, catalog: Catalog, decision: str) -> str:
    """Why a decision of which no option is possible is none: `not asked here; it is where ...`."""
    from catalog.phrases import listed

    where = [words.condition(condition) for condition in catalog.decisions[decision].asked_when]
    return f"not asked here{f'; it is where {listed(where)}' if where else ''}"


def refuse(conflict: Conflict, words: Words, path: Path, repairs: Iterable[str]) -> str:
    """The text of a refusal."""
    return f"{path.as_posix()}: refused\n{words.conflict(conflict)}"
