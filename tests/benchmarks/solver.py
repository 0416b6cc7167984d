"""The decision engine measured: `python -m tests.benchmarks.solver [--factors 1,3]` prints a table.

Each row is one question to the engine after one more answer, over walks of somebody who takes what is available.

A process makes the catalog of a size, compiles it and walks through it; another one measures, and has the catalog and its
formula from the cache as every start but the first has, so that its memory is that of a user's process and not of what
made up the catalog.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.cache import recall, remember
from catalog.catalog import Catalog
from catalog.loader import load
from catalog.reasons import Option
from tests import tiny
from tests.benchmarks.synthetic import sessions, times
from wizard.answers import Answers
from wizard.solver import Engine, Space
from wizard.solver.sat import Sat

TARGETS = {
    "states of all options": {1: 8, 3: 50, 10: 400},
    "states, reasons of one decision": {1: 16},
    "one smallest reason": {1: 5, 3: 25, 10: 100},
    "five smallest repairs": {1: 50, 3: 50, 10: 50},
    "recommendation": {1: 100},
}
"""p99 in milliseconds that must not be passed, by factor."""

WALKS = {1: (8, 40), 3: (2, 40), 10: (1, 10)}
"""Walks and their length, by factor: a p99 says something from some hundred calls on. Ten times the catalog for forty
answers takes a quarter of an hour and tells nothing that a few do not."""

MEMORY = 150
"""Megabytes, whatever the size."""


def milliseconds(work: Callable[[], Any]) -> float:
    """The processor's time, so that other processes of a busy machine do not make the engine look slow."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def row(name: str, factor: int, values: list[float]) -> bool:
    """Print one row; whether it missed its aim."""
    values.sort()
    if not values:
        return False
    p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
    target = TARGETS.get(name, {}).get(factor)
    verdict = "" if target is None else f"{target:8d}  {'met' if p99 <= target else 'MISSED'}"
    print(
        f"{factor:3d}x  {name:34s} {len(values):5d} {statistics.median(values):9.2f} {p99:9.2f} {verdict}", flush=True
    )
    return target is not None and p99 > target


def literal_by_literal(space: Space, sat: Sat) -> None:
    """What the engine's states cost when each literal is simply asked for."""
    for scope, decision in space.encoded.slots:
        assumed = space.assumed(("choice", scope, decision))
        for option in space.catalog.options[decision]:
            literal = space.encoded.choice[scope, decision, option]
            sat.solve([*assumed, literal])
            sat.solve([*assumed, -literal])


def ready(catalog: Catalog, said: Answers) -> Engine:
    """An engine as a session has it after its first screen: solvers loaded, one reason told, one design completed."""
    engine = Engine(catalog)
    space = engine.space(said)
    excluded = ruled_out(space)
    space.complete()
    if excluded:
        space.why(excluded[0])
    return engine


def ruled_out(space: Space) -> list[Option]:
    """Every option that the answers exclude."""
    return [option for option, state in space.states().items() if state == "excluded"]


def prepare(factor: int, walks: int, length: int, place: Path) -> None:
    """Make the catalog of one size and walks through it, and leave both in `place`."""
    catalog = times(load(cached=False), factor)
    row("compile", factor, [milliseconds(lambda: Engine(catalog).machine(1).strict)])
    told = [sessions(catalog, 1, length, seed=11 + walk) for walk in range(walks)]
    walked = [[[{name: said.value[0] for name, said in part.items()} for part in (answers.context, answers.choices)]
               for answers in walk] for walk in told]
    (place / "walks.json").write_text(json.dumps(walked), encoding="utf-8")
    remember([place], catalog)
    Engine(catalog).machine(1)


def measure(factor: int, place: Path) -> bool:
    """Every row of one size; whether an aim was missed.

    What is kept between answers helps each row for itself: each has engines of its own."""
    found: list[Catalog | None] = []
    row("catalog from the cache", factor, [milliseconds(lambda: found.append(recall([place])))])
    catalog = found[0]
    assert catalog is not None
    row("formula from the cache", factor, [milliseconds(lambda: Engine(catalog).machine(1).strict)])
    walked = json.loads((place / "walks.json").read_text(encoding="utf-8"))
    told = [[tiny.answers(context, choices) for context, choices in walk] for walk in walked]
    # The command does the same: a catalog is large and never garbage, and looking through it again takes 20 ms.
    gc.collect()
    gc.freeze()
    states: list[float] = []
    seen: list[float] = []
    reasons: list[float] = []
    repairs: list[float] = []
    best: list[float] = []
    plain: list[float] = []
    for said in told:
        engine = ready(catalog, said[0])
        states += [milliseconds(lambda answers=answers: engine.space(answers).states()) for answers in said]  # type: ignore[misc]  # noqa: B023
        del engine  # a user's process has one
        engine = ready(catalog, said[0])
        seen += [milliseconds(lambda answers=answers: visible(engine.space(answers))) for answers in said]  # type: ignore[misc]  # noqa: B023
        del engine
        engine = ready(catalog, said[0])
        for place, answers in enumerate(said):
            space = engine.space(answers)
            excluded = ruled_out(space)
            for option in excluded[place % 3 :: max(1, len(excluded) // 3)][:3]:
                reasons.append(milliseconds(lambda space=space, option=option: space.why(option)))  # type: ignore[misc]
            if place % 4 == 0:
                for option in excluded[:2]:
                    repairs.append(milliseconds(lambda space=space, option=option: space.repairs(option)))  # type: ignore[misc]
            if place % 4 == 0 and factor < 10:
                best.append(milliseconds(space.complete))
                sat = Sat(
                    [*space.machine.structure, *(clause for _, clause in space.encoded.clauses)], space.machine.variables
                )
                plain.append(milliseconds(lambda space=space, sat=sat: literal_by_literal(space, sat)))  # type: ignore[misc]
    missed = [
        row("states of all options", factor, states),
        row("states, reasons of one decision", factor, seen),
        row("one smallest reason", factor, reasons),
        row("five smallest repairs", factor, repairs),
        row("recommendation", factor, best),
        row("states, one solve per literal", factor, plain),
    ]
    if plain:
        ratio = statistics.median(plain) / statistics.median(states)
        missed.append(ratio < 5)
        print(f"{factor:3d}x  {ratio:.1f} times as fast as one solve per literal (aim: 5, {'met' if ratio >= 5 else 'MISSED'})")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    missed.append(memory > MEMORY)
    print(f"{factor:3d}x  memory at most {memory} MB (aim: {MEMORY}, {'met' if memory <= MEMORY else 'MISSED'})", flush=True)
    return any(missed)


def visible(space: Space) -> None:
    """What a screen asks for after an answer: all states, and the reasons of the decision that it shows."""
    excluded = ruled_out(space)
    for option in excluded:
        if option.decision == excluded[0].decision:
            space.why(option)


def main() -> int:
    """Print the table; 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factors", default="1,3,10")
    parser.add_argument("--walks", type=int)
    parser.add_argument("--length", type=int)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    factors = [int(factor) for factor in options.factors.split(",")]
    if options.prepare:
        prepare(factors[0], options.walks, options.length, options.prepare)
        return 0
    if options.measure:
        return int(measure(factors[0], options.measure))
    print(f"{'':4}  {'milliseconds of processor time':34s} {'runs':>5s} {'median':>9s} {'p99':>9s} {'aim':>8s}", flush=True)
    codes = []
    for factor in factors:
        walks, length = WALKS.get(factor, (2, 40))
        walks, length = options.walks or walks, options.length or length
        with tempfile.TemporaryDirectory() as place:
            for step in ("--prepare", "--measure"):
                done = subprocess.run([
                    sys.executable, "-m", "tests.benchmarks.solver", "--factors", str(factor), "--walks", str(walks),
                    "--length", str(length), step, place,
                ], check=step == "--prepare", env={**os.environ, "K8S_WIZARD_CACHE": str(Path(place) / "cache")})
        codes.append(done.returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
