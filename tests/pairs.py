"""Designs that cover every pair of components on different decisions that the engine calls compatible.

`python -m tests.pairs [SHARE]` builds manifests and records of all of them, or with a share (such as 0.05) of those that
cover the pairs of every n-th component, and lists all that fails. Greedy and deterministic: a design takes next what
adds most pairs that no design has yet, and is counted for every pair that it happens to contain.
`--part 2/8` builds every eighth design only, beginning with the second: a long run in pieces that can be taken up
again, or side by side.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from catalog.catalog import Catalog
from catalog.layers import NONE
from catalog.loader import load
from catalog.reasons import Option
from catalog.workloads import Cluster, Workload
from exporters.base import Earlier, Stamp
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.building import artifacts
from wizard.complete import complete
from wizard.solver import Engine, Space

CLOUDS = ("gcp", "aws", "azure", "on-premises", "other-cloud")
WORKLOADS = tuple(Said(Workload.model_validate(entry), "pairs") for entry in (
    {"name": "web", "image": "registry.example.com/web:1.0.0", "port": 8080, "host": "shop.example.com", "calls": ["api"]},
    {"name": "api", "image": "registry.example.com/api:1.0.0", "port": 9090, "metrics-port": 9091, "slo": "99.9"},
))

Pick = tuple[str, str]
"""A decision and a component."""


def base(cloud: str) -> Answers:
    """One cluster with one cloud, two workloads, and nothing else said."""
    return Answers(name="pairs", clusters=(ClusterAnswers(Cluster(name="prod", cloud=cloud), "pairs"),), workloads=WORKLOADS)


def covering(catalog: Catalog, engine: Engine, share: float = 1.0) -> Iterator[tuple[Answers, set[tuple[Pick, Pick]]]]:
    """Answers of designs that together contain every compatible pair, each with the pairs that only it has so far.

    With a share: every pair of each n-th component with any other."""
    every = max(1, round(1 / share))
    covered: set[tuple[Pick, Pick]] = set()
    for cloud in CLOUDS:
        free = engine.space(base(cloud))
        possible = _possible(free)
        left: dict[Pick, set[Pick]] = {pick: set() for pick in possible}
        for first in possible[::every]:
            for other in _possible(engine.space(_chosen(base(cloud), [first]))):
                if other[0] != first[0] and other in left and _pair(first, other) not in covered:
                    left[first].add(other)
                    left[other].add(first)
        while any(left.values()):
            answers, asked = _fill(free, left)
            design = complete(engine.space(answers), reasons=False)
            found = {(entry.decision, name) for entry in design.decisions for name in entry.components}
            fresh = {_pair(one, other) for one, other in combinations(sorted(found), 2) if one[0] != other[0]} - covered
            if asked not in fresh:
                raise AssertionError(f"{asked[0]} and {asked[1]} are called compatible, but no design contains both")
            covered |= fresh
            for one, other in fresh:
                if one in left and other in left:
                    left[one].discard(other)
                    left[other].discard(one)
            yield answers, fresh


def _possible(space: Space) -> list[Pick]:
    """Every real option that is not excluded, in catalog order."""
    return [(option.decision, option.component) for option, state in space.states().items()
            if state != "excluded" and option.component != NONE]


def _pair(one: Pick, other: Pick) -> tuple[Pick, Pick]:
    return (one, other) if one < other else (other, one)


def _chosen(answers: Answers, wanted: list[Pick]) -> Answers:
    choices: dict[str, tuple[str, ...]] = {}
    for decision, component in wanted:
        choices[decision] = (*choices.get(decision, ()), component)
    return replace(answers, choices={key: Said(value, "pairs") for key, value in choices.items()})


def _fill(free: Space, left: dict[Pick, set[Pick]]) -> tuple[Answers, tuple[Pick, Pick]]:
    """Answers with as many pairs that are left as go together, taking what adds most next; and the first such pair."""
    place = {pick: at for at, pick in enumerate(left)}
    gains = dict.fromkeys(left, 0)
    open_ = {pick for pick, others in left.items() if others}
    taken: list[Pick] = []
    literals: list[int] = []
    while open_:
        best = max(open_, key=lambda pick: (gains[pick], len(left[pick]), -place[pick]))
        open_.discard(best)
        if taken and not free.solves([*literals, *_literals(free, best)]):
            continue
        taken.append(best)
        literals += _literals(free, best)
        open_ = {pick for pick in open_ if pick[0] != best[0]}
        for other in left[best]:
            gains[other] += 1
    # Every pair that is left stands by itself, so that what adds to the first pick is never refused.
    asked = _pair(taken[0], taken[1])
    return _chosen(free.answers, taken), asked


def _literals(space: Space, pick: Pick) -> tuple[int, ...]:
    kind = space.kind_names[0] if space.catalog.decisions[pick[0]].scope == "cluster" else None
    return space.aim(Option(*pick, kind)).literals


@dataclass
class Outcome:
    """What building the designs came to."""

    pairs: int = 0
    designs: int = 0
    built: int = 0
    failures: dict[str, Answers] = field(default_factory=dict)
    """By what went wrong: the first answers with which it did."""


def build(
    catalog: Catalog, share: float = 1.0, told: Callable[[str, Answers], None] = lambda *_: None,
    part: tuple[int, int] = (1, 1),
) -> Outcome:
    """Build manifests and records of the covering designs, or of every n-th; `told` hears of each new kind of failure
    at once."""
    engine, outcome = Engine(catalog), Outcome()
    for number, (answers, fresh) in enumerate(covering(catalog, engine, share)):
        outcome.pairs += len(fresh)
        outcome.designs += 1
        if number % part[1] != part[0] - 1:
            continue
        outcome.built += 1
        for complaint in _complaints(engine, answers):
            if complaint not in outcome.failures:
                outcome.failures[complaint] = answers
                told(complaint, answers)
    return outcome


def _complaints(engine: Engine, answers: Answers) -> list[str]:
    try:
        made = artifacts(complete(engine.space(answers)), Earlier(), Stamp(), only=("manifests", "records"))
    except Exception as error:  # whatever an exporter raises is what this looks for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return [f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {error}"]
    return [f"{each.path}: {each.why}" for each in made.missing]


def _tell(complaint: str, answers: Answers) -> None:
    choices = {decision: list(said.value) for decision, said in answers.choices.items()}
    print(f"{complaint}\n  with {answers.clusters[0].cluster.cloud}, {choices}", file=sys.stderr, flush=True)


def main() -> int:
    """Build all, or a share, or a part; 1 when anything failed."""
    parser = argparse.ArgumentParser(description="Build designs that cover every compatible pair of components.")
    parser.add_argument("share", type=float, nargs="?", default=1.0)
    parser.add_argument("--part", default="1/1", metavar="N/OF")
    arguments = parser.parse_args()
    first, of = map(int, arguments.part.split("/"))
    start = time.perf_counter()
    outcome = build(load(), arguments.share, _tell, (first, of))
    print(f"{outcome.pairs} pairs in {outcome.designs} designs, {outcome.built} built, {len(outcome.failures)} kinds of "
          f"failure, {time.perf_counter() - start:.0f} s")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
