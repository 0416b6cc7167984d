"""`diff` tells what a change leaves behind in a running cluster: all that the two exported trees say, and nothing else.
`make test-changes` tries many more."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import pytest

from catalog.catalog import Catalog
from catalog.design import Design
from exporters.base import Earlier, Stamp
from exporters.manifests import again, gone, handing_on, in_place
from samples import rebuild
from tests.exporters.manifests import generated
from tests.exporters.manifests.changed import changes
from tests.exporters.manifests.running import Key, Running, asked, kept_as_made, left, running
from wizard import answers_file
from wizard.answers import Answers, Said
from wizard.building import artifacts
from wizard.complete import Refused, resolve
from wizard.solver import Engine

MANY = int(os.environ.get("CHANGES", "4"))
SEED = int(os.environ.get("SEED", "21"))


def tree(design: Design) -> dict[str, Running]:
    made = artifacts(design, Earlier(), Stamp(), only=("manifests", "runbooks")).artifacts
    return running({each.path: each.data.decode() for each in made if not each.path.endswith(".png")})


def faults(before: Design, after: Design, trees: Sequence[dict[str, Running]] = ()) -> list[str]:
    """What `diff` says otherwise than the two trees."""
    one, other = trees or (tree(before), tree(after))
    told = gone.gone(before, after)
    anew = in_place.kept(before, after)
    by_hand = again.steps(before, after)
    found: list[str] = []
    for name in one.keys() & other.keys():
        entries = [entry for entry in told if entry.cluster == name]
        found += [f"{name}: {text}" for text in _behind(entries, one[name], other[name])]
        expected = kept_as_made(one[name], other[name])
        said = {(entry.namespace, entry.kind.lower(), entry.name): set(entry.fields) for entry in anew if entry.cluster == name}
        wanted = {
            (space, kind.partition(".")[0], called): fields
            for (space, what), fields in expected.items()
            for kind, _, called in (what.partition("/"),)
        }
        found += [f"{name}: made anew: {said} instead of {wanted}"] if said != wanted else []
        lines = {line for step in by_hand if step.cluster == name for line in step.command.splitlines()}
        found += [f"{name}: by hand: {line}" for line in sorted(lines ^ asked(one[name], other[name]))]
    return found


def _behind(entries: Sequence[gone.Gone], old: Running, new: Running) -> Iterator[str]:
    expected = left(old, new)

    def compared(what: str, told: set[str] | set[Key], wanted: set[str] | set[Key]) -> Iterator[str]:
        for name in sorted(told ^ wanted, key=str):  # type: ignore[operator]
            yield f"{what}: {name} is {'told' if name in told else 'not told'}"

    tool = [entry for entry in entries if not entry.command]
    hand = [entry for entry in entries if entry.command]
    charts = {entry.what: entry.what.removeprefix("chart ") for entry in entries if entry.what.startswith("chart ")}
    yield from compared("chart by the tool", {charts[e.what] for e in tool if e.what in charts}, expected.charts_by_tool)
    yield from compared("chart by hand", {charts[e.what] for e in hand if e.what in charts}, expected.charts_by_hand)
    yield from compared("object by the tool", {_key(text) for e in tool for text in e.objects}, expected.by_tool)
    mine = {_key(text) for e in hand for text in e.objects}
    # A namespace takes along what is in it, but where a controller has a word in it.
    along = {name for name in expected.by_hand - mine if name[0] in expected.spaces}
    # An Application or HelmRelease of a chart goes by the chart's own command.
    own = {name for name in expected.lists - mine if any(f"{name[1].partition('/')[2]}" in e.command for e in hand)}
    yield from compared("object by hand", mine, (expected.by_hand - along) | expected.roots | (expected.lists - own))
    for entry in hand:
        words = entry.command.split()
        for text in entry.objects:
            space, name = _key(text)
            called = name.partition("/")[2]
            if name not in words and called not in words:
                yield f"{entry.what}: its command does not name {name}"
            if space and space not in words:
                yield f"{entry.what}: its command does not name {space}"
    steps = {e.what for e in hand if not e.objects and e.what not in charts and not e.what.startswith(("kinds of", "volumes of"))}
    yield from compared("step", steps, expected.applied)
    volumes = {
        e.what.removeprefix("volumes of ").removesuffix(", if these are any") for e in hand if e.what.startswith("volumes of ")
    }
    yield from compared("volumes", volumes, expected.volumes)
    kinds = {name for e in hand if e.what.startswith("kinds of ") for name in _listed(e.what)}
    yield from compared("kinds", kinds, _groups(old) - _groups(new) - {_group(name) for name in new.objects})
    order = [e.what for e in hand if not e.before]
    spaces = [at for at, what in enumerate(order) if what.startswith("Namespace ") or "namespace/" in " ".join(hand[at].objects)]
    if spaces and any(what.startswith("chart ") for what in order[spaces[0]:]):
        yield "a namespace goes before a chart"


def _key(text: str) -> Key:
    space, slash, name = text.partition("/")
    return (space, name) if "/" in name else ("", text)


def _group(name: Key) -> str:
    return name[1].partition("/")[0].partition(".")[2]


def _listed(text: str) -> set[str]:
    return set(text.removeprefix("kinds of ").replace(" and ", ", ").split(", "))


def _groups(cluster: Running) -> set[str]:
    """API groups that the charts of a cluster bring, by the catalog."""
    catalog = generated.real_catalog()
    assert catalog is not None
    names = {release for _, release in cluster.charts}
    return {
        group
        for component in catalog.components.values()
        if component.install is not None and any(chart.release in names for chart in component.install.charts)
        for group in component.install.crds
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", rebuild.names())
def test_what_is_told_is_what_the_two_trees_say(name: str, catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name)
    design = resolve(answers, catalog, engine, reasons=False)
    first = tree(design)
    wrong = []
    for changed in islice(changes(answers, design, catalog, engine, SEED), MANY):
        wrong += [f"{changed.what}: {text}" for text in faults(design, changed.design, (first, tree(changed.design)))]
        wrong += [f"{changed.what}, back: {text}" for text in faults(changed.design, design, (tree(changed.design), first))]
    assert wrong == []


TOOLS = ("argo-cd", "flux", "push-from-ci")
