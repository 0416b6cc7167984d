"""How many designs remain: an estimate by random walks (Knuth), the same for the same answers.

A walk takes the decisions in catalog order and picks one of the ways left at random; the product of how many were left
is an unbiased guess of the number of combinations of choices. Layer by layer it says where the freedom is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.solver.space import Space


@dataclass(frozen=True)
class Count:
    """About how many designs remain, and about how many ways each layer leaves once those before it are decided."""

    designs: float
    layers: Mapping[str, float]


def count(space: Space, walks: int = 16) -> Count:
    """The estimate; all zero where the answers cannot stand."""
    layers = list(space.catalog.layers)
    if not space.stands:
        return Count(0.0, dict.fromkeys(layers, 0.0))
    random = Random(0)
    designs = 0.0
    means = dict.fromkeys(layers, 0.0)
    for _ in range(walks):
        walk = _walk(space, random, layers)
        product = 1.0
        for layer, ways in walk.items():
            product *= ways
            means[layer] += ways / walks
        designs += product / walks
    return Count(designs, means)


def _walk(space: Space, random: Random, layers: Sequence[str]) -> dict[str, float]:
    sat, base = space.binding
    taken = [*base, *space.assumed()]
    ways = dict.fromkeys(layers, 1.0)
    for scope, decision in space.encoded.slots:
        options = [space.encoded.choice[scope, decision, name] for name in space.catalog.options[decision]]
        layer = space.catalog.layer_of[decision]
        if space.catalog.decisions[decision].many == "several":
            steps = [[[option], [-option]] for option in options]
        else:
            steps = [[*([option] for option in options), [-option for option in options]]]
        for step in steps:
            left = [literals for literals in step if sat.solve([*taken, *literals])]
            ways[layer] *= len(left)
            taken.extend(random.choice(left))
    return ways
