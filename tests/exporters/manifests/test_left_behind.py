"""`diff` tells what a change leaves behind in a running cluster: all that the two exported trees say, and nothing else.
`make test-changes` tries many more."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import pytest

from catalog.catalog import Catalog
from catalog.design import Design
from exporters.base import Earlier, Stamp
from exporters.manifests import again, gone, handing_on, in_place
from exporters.manifests.bootstrap import BootstrapStep
from samples import rebuild
from tests.exporters.manifests import generated
from tests.exporters.manifests.changed import changes
from tests.exporters.manifests.running import Key, Running, asked, kept_as_made, left, running, sealed
from wizard import answers_file
from wizard.answers import Said
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.solver import Engine

MANY = int(os.environ.get("CHANGES", "3"))
SEED = int(os.environ.get("SEED", "21"))


@lru_cache(maxsize=4)
def designed(sample: str, tool: str = "", name: str = "", clusters: int = 9) -> tuple[Design, dict[str, Running]]:
    """A sample with other choices, another name or fewer clusters, and its tree."""
    catalog = generated.real_catalog()
    assert catalog is not None
    answers = answers_file.load(rebuild.HERE / sample / "answers.yaml", catalog, sample)
    # What needs the old tool goes with it.
    choices = {key: said for key, said in answers.choices.items() if not tool or key not in ("deployment", "multi-cluster")}
    if tool:
        choices["deployment"] = Said((tool,))
    answers = replace(answers, choices=choices, name=name or answers.name, clusters=answers.clusters[:clusters])
    design = resolve(answers, catalog, generated.engine(), reasons=False)
    return design, tree(design)


def tree(design: Design) -> dict[str, Running]:
    made = artifacts(design, Earlier(), Stamp(), only=("manifests", "runbooks")).artifacts
    return running({each.path: each.data.decode() for each in made if not each.path.endswith(".png")})


def faults(before: Design, after: Design, trees: tuple[dict[str, Running], dict[str, Running]]) -> list[str]:
    """What `diff` says otherwise than the two trees."""
    one, other = trees
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
        lines = {
            " ".join(line.split()) for step in by_hand if step.cluster == name
            for line in step.command.splitlines() if not fetches(line) and not SECRET.match(line)
        }
        values = {
            f"{said[1]} {said[2]} {said[3]}" for step in by_hand if step.cluster == name
            for said in SEALED.finditer(step.command)
        }
        found += [f"{name}: sealed: {value}" for value in sorted(values ^ sealed(one[name], other[name]))]
        wanted_lines = {line for line in asked(one[name], other[name]) if not fetches(line)}
        found += [f"{name}: by hand: {line}" for line in sorted(lines ^ wanted_lines)]
    # What is fetched into the repository is fetched once, for whichever cluster.
    lines = {line for step in by_hand for line in step.command.splitlines() if fetches(line)}
    past = "\n".join(command for cluster in one.values() for command in cluster.done)
    wanted_lines = {
        line for name in one.keys() & other.keys() for line in asked(one[name], other[name]) if fetches(line) and line not in past
    }
    return found + [f"fetched: {line}" for line in sorted(lines ^ wanted_lines)]


SEALED = re.compile(r"^kubeseal .*--namespace (\S+) --name (\S+) --from-file=<FILE WITH (\S+)>$", re.MULTILINE)
SECRET = re.compile(r"kubeseal |kubectl .* annotate secret ")


def fetches(line: str) -> bool:
    return line.startswith(("helm pull", "curl ")) or ("kubectl kustomize" in line and ">" in line)


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
    space, _, name = text.partition("/")
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
        second = tree(changed.design)
        wrong += [f"{changed.what}: {text}" for text in faults(design, changed.design, (first, second))]
        wrong += [f"{changed.what}, back: {text}" for text in faults(changed.design, design, (second, first))]
    assert wrong == []


PLACES = (("on-premises", "push-from-ci"), ("aws", "flux"), ("azure", "argo-cd"), ("gcp", "flux"), ("other-cloud", "argo-cd"))
"""Of generated designs two by default, and with many changes all of them."""


@pytest.mark.slow
@pytest.mark.parametrize(("cloud", "tool"), PLACES if MANY > 9 else PLACES[:2])
def test_what_is_told_is_what_the_trees_of_generated_designs_say(
    cloud: str, tool: str, catalog: Catalog, engine: Engine
) -> None:
    said = generated.answers(cloud, 1, {"network-policy": ("default-deny",), "deployment": (tool,)})
    design = resolve(said, catalog, engine, reasons=False)
    first = tree(design)
    wrong = []
    for changed in islice(changes(said, design, catalog, engine, SEED), max(1, MANY // 3)):
        second = tree(changed.design)
        wrong += [f"{changed.what}: {text}" for text in faults(design, changed.design, (first, second))]
        wrong += [f"{changed.what}, back: {text}" for text in faults(changed.design, design, (second, first))]
    assert wrong == []


# ---- another delivery tool

TOOLS = ("argo-cd", "flux", "push-from-ci")
OTHER = [
    (name, tool)
    for name, own in (("bank", "argo-cd"), ("start-up", "flux"), ("small-team", "push-from-ci"))
    for tool in TOOLS
    if tool != own
]


def through_steps(steps: Sequence[BootstrapStep], old: dict[str, Running]) -> list[str]:
    """What goes wrong when the steps are done in their order: what takes running objects along, and what the old tool still
    knows when the new export is merged. An Application that has its finalizer, or a Kustomization or HelmRelease that is not
    suspended, takes along what it brought."""
    wrong: list[str] = []
    known = {
        name: dict(cluster.labels)
        | {key[1]: {} for key in cluster.roots | cluster.lists if key[1] not in cluster.labels}
        for name, cluster in old.items()
    }
    biting = {(name, what) for name, found in known.items() for what in found}
    alive = set(biting)
    listing = {(name, key[1]) for name, cluster in old.items() for key in cluster.roots if key[1].startswith("application.")}

    def meant(line: str) -> set[tuple[str, str]]:
        """What a command is about."""
        said = re.search(r"--selector app.kubernetes.io/part-of=(\S+)", line)
        if said:
            own = {(name, what) for name, found in known.items() for what, labels in found.items()
                   if labels.get("app.kubernetes.io/part-of") == said[1] and what.startswith("application.")}
            return own & alive
        return {(name, what) for name, what in alive if re.search(rf"\b{re.escape(what.partition('/')[2])}(?![\w-])", line)}

    for step in steps:
        if step.title == "Merge the new export":
            wrong += [f"{name}: {what} is still known when the new export is merged" for name, what in sorted(alive)
                      if not what.startswith(("appproject", "gitrepository"))]
        for line in step.command.splitlines():
            if "finalizers" in line:
                biting -= meant(line)
            elif "suspend" in line:
                kind = "helmrelease" if "helmrelease" in line else "kustomization"
                biting = {(name, what) for name, what in biting if name != step.cluster or not what.startswith(kind)}
            elif "applicationset" in line:
                wrong += [] if "--cascade=orphan" in line else [f"{line}: takes along every root"]
                alive = {(name, what) for name, what in alive if not what.startswith("applicationset")}
            elif re.search(r"delete applications? ", line):
                children = meant(line) - listing
                wrong += [f"{line}: {what} takes along what it brought" for name, what in sorted(meant(line) & biting)]
                alive -= meant(line)
                wrong += [f"{line}: {what} puts it back" for _, what in sorted(alive & listing) if children]
            elif " --all " in line:
                named = line.split(" delete ")[1].split()[0].split(",")
                kinds = {re.sub(r"ies\.", "y.", kind).replace("s.", ".", 1) for kind in named}
                gone_now = {(name, what) for name, what in alive if name == step.cluster and what.partition("/")[0] in kinds}
                brings = {(name, what) for name, what in gone_now if "source.toolkit.fluxcd.io" not in what}
                wrong += [f"{line}: {what} takes along what it brought" for _, what in sorted(brings & biting)]
                alive -= gone_now
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize(("name", "tool"), OTHER)
def test_another_delivery_tool_takes_over_what_runs_and_what_the_old_one_leaves_is_told(
    name: str, tool: str
) -> None:
    (before, one), (after, other) = designed(name), designed(name, tool)
    assert faults(before, after, (one, other)) == []
    steps = handing_on.steps(before, after, gone.gone(before, after))
    assert [step.title for step in steps].count("Merge the new export") == 1
    assert through_steps(steps, one) == []
    back = handing_on.steps(after, before, gone.gone(after, before))
    assert through_steps(back, other) == []
    assert faults(after, before, (other, one)) == []


def test_steps_left_out_or_in_another_order_are_seen_to_delete_what_runs() -> None:
    for name, tool in (("bank", "flux"), ("start-up", "argo-cd")):
        (before, one), (after, _) = designed(name), designed(name, tool)
        steps = handing_on.steps(before, after, ())
        merge = next(at for at, step in enumerate(steps) if step.title == "Merge the new export")
        assert through_steps(steps, one) == []
        for at in range(merge):
            assert through_steps((*steps[:at], *steps[at + 1 :]), one), steps[at].title
        assert through_steps((steps[merge], *steps[:merge], *steps[merge + 1 :]), one)
        assert through_steps((*steps[merge - 1 : merge], *steps[: merge - 1], *steps[merge:]), one)


def test_the_same_tool_with_other_names_is_let_go_of_too() -> None:
    (before, one), (after, _) = designed("bank", clusters=1), designed("bank")
    steps = handing_on.steps(before, after, gone.gone(before, after))
    assert through_steps(steps, one) == []
    assert "Let everything loose" in [step.title for step in steps]


@pytest.mark.parametrize("name", ["bank", "start-up", "small-team"])
def test_a_design_of_another_name_leaves_its_roots_behind(name: str) -> None:
    (before, one), (after, other) = designed(name), designed(name, name="another")
    assert faults(before, after, (one, other)) == []
    assert handing_on.steps(before, after, ()) == ()
    for entry in gone.gone(before, after):
        if "application" in entry.command or "kustomization" in entry.command:
            assert "finalizers" in entry.command or "suspend" in entry.command or "--cascade=orphan" in entry.command


@pytest.mark.parametrize("name", ["bank", "start-up"])
def test_where_nothing_is_pruned_everything_is_told_with_its_command(name: str, catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name)
    answers = replace(answers, settings={**answers.settings, "delivery.prune": Said(False)})
    before = resolve(answers, catalog, engine, reasons=False)
    for changed in islice(changes(answers, before, catalog, engine, SEED), 1 + MANY // 4):
        trees = tree(before), tree(changed.design)
        assert faults(before, changed.design, trees) == [], changed.what
        assert faults(changed.design, before, trees[::-1]) == [], changed.what
        assert all(entry.command for entry in gone.gone(before, changed.design))
