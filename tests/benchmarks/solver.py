"""The decision engine measured: `python -m tests.benchmarks.solver [--factors 1,3,10]` prints a table.

Each row is one question to the engine after one more answer, over walks of somebody who takes what is available.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

from catalog.loader import load
from tests.benchmarks.synthetic import sessions, times
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


def milliseconds(work: Callable[[], Any]) -> float:
    """The processor's time, so that other processes of a busy machine do not make the engine look slow."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def row(name: str, factor: int, values: list[float]) -> None:
    values.sort()
    if not values:
        return
    p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
    target = TARGETS.get(name, {}).get(factor)
    verdict = "" if target is None else f"{target:8d}  {'ok' if p99 <= target else 'TOO SLOW'}"
    print(
        f"{factor:3d}x  {name:34s} {len(values):5d} {statistics.median(values):9.2f} {p99:9.2f} {verdict}", flush=True
    )


def literal_by_literal(space: Space, sat: Sat) -> None:
    """What the engine's states cost when each literal is simply asked for."""
    for scope, decision in space.encoded.slots:
        assumed = space.assumed(("choice", scope, decision))
        for option in space.catalog.options[decision]:
            literal = space.encoded.choice[scope, decision, option]
            sat.solve([*assumed, literal])
            sat.solve([*assumed, -literal])


def measure(factor: int, walks: int, length: int) -> None:
    catalog = times(load(), factor)
    engine = Engine(catalog)
    row("compile", factor, [milliseconds(lambda: Engine(catalog).machine(1).strict)])
    said = sessions(catalog, walks, length)
    engine.space(said[0]).states()
    engine.space(said[0]).complete()
    # The solvers for reasons are loaded at the first one; what is measured is each one after it.
    first = engine.space(said[-1])
    excluded = [option for option, state in first.states().items() if state == "excluded"]
    if excluded:
        first.why(excluded[0])
    # The command does the same: a catalog is large and never garbage, and looking through it again takes 20 ms.
    gc.collect()
    gc.freeze()
    states, plain, seen, reasons, repairs, best = [], [], [], [], [], []
    for place, answers in enumerate(said):
        space = engine.space(answers)
        states.append(milliseconds(lambda space=space: space.states()))  # type: ignore[misc]
        excluded = [option for option, state in space.states().items() if state == "excluded"]

        def visible(answers: Any = answers, excluded: Any = excluded) -> None:
            fresh = engine.space(answers)
            fresh.states()
            for option in excluded:
                if option.decision == excluded[0].decision:
                    fresh.why(option)

        seen.append(milliseconds(visible))
        for option in excluded[place % 3 :: max(1, len(excluded) // 3)][:3]:
            reasons.append(milliseconds(lambda space=space, option=option: space.why(option)))  # type: ignore[misc]
        if place % 4 == 0 and factor < 10:
            best.append(milliseconds(lambda space=space: space.complete()))  # type: ignore[misc]
            for option in excluded[:2]:
                repairs.append(milliseconds(lambda space=space, option=option: space.repairs(option)))  # type: ignore[misc]
            sat = Sat(
                [*space.machine.structure, *(clause for _, clause in space.encoded.clauses)], space.machine.variables
            )
            plain.append(milliseconds(lambda space=space, sat=sat: literal_by_literal(space, sat)))  # type: ignore[misc]
    row("states of all options", factor, states)
    row("states, reasons of one decision", factor, seen)
    row("one smallest reason", factor, reasons)
    row("five smallest repairs", factor, repairs)
    row("recommendation", factor, best)
    row("states, one solve per literal", factor, plain)
    if plain:
        ratio = statistics.median(plain) / statistics.median(states)
        print(f"{factor:3d}x  {ratio:.1f} times faster than one solve per literal {'(target 5)' if ratio < 5 else ''}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factors", default="1,3")
    parser.add_argument("--walks", type=int, default=2)
    parser.add_argument("--length", type=int, default=40)
    options = parser.parse_args()
    print(f"{'':4}  {'milliseconds':34s} {'runs':>5s} {'median':>9s} {'p99':>9s} {'target':>8s}")
    for factor in map(int, options.factors.split(",")):
        measure(factor, options.walks, options.length)
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
