"""Designs that cover every pair of components on different decisions that the engine calls compatible.

`python -m tests.pairs [SHARE]` builds manifests and records of all of them (or of a share, such as 0.05) and stops at
the first that fails. Greedy and deterministic: pairs are taken in catalog order, and each design is counted for every
pair that it happens to contain.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from catalog.catalog import Catalog
from catalog.layers import NONE
from catalog.loader import load
from catalog.workloads import Cluster, Workload
from exporters.base import Earlier, Stamp
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.building import artifacts
from wizard.complete import complete
from wizard.solver import Engine

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


def picks(catalog: Catalog) -> list[Pick]:
    """Every real option of every decision."""
    return [(decision, component) for decision, options in catalog.options.items()
            for component in options if component != NONE]


def covering(catalog: Catalog, engine: Engine) -> Iterator[tuple[Answers, set[tuple[Pick, Pick]]]]:
    """Answers of designs that together contain every compatible pair, each with the pairs that it is for."""
    covered: set[tuple[Pick, Pick]] = set()
    for cloud in CLOUDS:
        free = engine.space(base(cloud))
        possible = [(option.decision, option.component) for option, state in free.states().items()
                    if state != "excluded" and option.component != NONE]
        for first in possible:
            chosen = _chosen(base(cloud), [first])
            partners = {(option.decision, option.component) for option, state in engine.space(chosen).states().items()
                        if state != "excluded" and option.component != NONE and option.decision != first[0]}
            wanted = [other for other in possible if other in partners and _pair(first, other) not in covered]
            while wanted:
                answers = _fill(engine, base(cloud), first, wanted)
                design = complete(engine.space(answers), reasons=False)
                found = {(entry.decision, name) for entry in design.decisions for name in entry.components}
                fresh = {_pair(one, other) for one, other in combinations(sorted(found), 2) if one[0] != other[0]} - covered
                covered |= fresh
                yield answers, fresh
                left = [other for other in wanted if _pair(first, other) not in covered]
                if len(left) == len(wanted):
                    raise AssertionError(f"{first} and {wanted[0]} are called compatible, but no design contains both")
                wanted = left


def _pair(one: Pick, other: Pick) -> tuple[Pick, Pick]:
    return (one, other) if one < other else (other, one)


def _chosen(answers: Answers, wanted: list[Pick]) -> Answers:
    choices: dict[str, tuple[str, ...]] = {}
    for decision, component in wanted:
        choices[decision] = (*choices.get(decision, ()), component)
    return replace(answers, choices={key: Said(value, "pairs") for key, value in choices.items()})


def _fill(engine: Engine, answers: Answers, first: Pick, wanted: list[Pick]) -> Answers:
    """The first pick with as many of the wanted ones as go together, in order; at least the first of them."""
    taken = [first]
    states = engine.space(_chosen(answers, taken)).states()
    for other in wanted:
        if any(other[0] == decision for decision, _ in taken):
            continue
        if any(state != "excluded" and (option.decision, option.component) == other for option, state in states.items()):
            taken.append(other)
            states = engine.space(_chosen(answers, taken)).states()
    return _chosen(answers, taken)


def main() -> int:
    """Build them all, or every n-th."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    catalog = load()
    engine = Engine(catalog)
    every = max(1, round(1 / share))
    start, built, pairs = time.perf_counter(), 0, 0
    for at, (answers, fresh) in enumerate(covering(catalog, engine)):
        pairs += len(fresh)
        if at % every:
            continue
        made = artifacts(complete(engine.space(answers)), Earlier(), Stamp(), only=("manifests", "records"))
        if made.missing:
            raise SystemExit("\n".join(f"{each.path}: {each.why}" for each in made.missing))
        built += 1
    print(f"{pairs} pairs in {at + 1} designs, {built} of them built, {time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
