"""Plans to another Kubernetes minor, held to what releases say of minors and of each other, without the engine."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from catalog.catalog import Catalog
from tests import tiny
from wizard.answers import Answers, Said
from wizard.upgrade import Plan, plan

MINORS = ("1.35", "1.36", "1.37")
PARTS = ("disk", "keeper", "web")
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

Versions = dict[str, str]


def release(version: str, minors: Any, **said: Any) -> dict[str, Any]:
    return {"version": version, "kubernetes": sorted(minors), **tiny.SOURCE, **said}


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """A platform and three parts with up to three releases each, one of which needs releases of its neighbour."""
    parts = []
    for name in PARTS:
        versions = [str(at) for at in range(draw(st.integers(1, 3)), 0, -1)]
        found = []
        for version in versions:
            supports = {"disk": draw(st.lists(st.sampled_from(["1", "2"]), min_size=1, unique=True))}
            needs = supports if name == "keeper" and draw(st.booleans()) else {}
            found.append(release(version, draw(st.sets(st.sampled_from(MINORS))), supports=needs))
        parts.append(tiny.component(name, [f"{name}-role"], releases=found))
    setting = {"id": "kubernetes.version", "title": "Kubernetes minor", "type": "choice", "why": "It matters.",
               "choices": list(MINORS), "default": [{"value": "1.35"}]}
    decisions = [tiny.decision("platform", scope="cluster", settings=[setting]),
                 *(tiny.decision(f"{name}-role") for name in PARTS)]
    platform = tiny.component("platform", ["platform"], provides=["kubernetes"],
                              releases=[release(minor, [minor]) for minor in reversed(MINORS)])
    environment = tiny.question("environment", ["prod", "dev"], scope="cluster")
    return tiny.catalog(tiny.layer(decisions, [environment]), [platform, *parts])


def fits(catalog: Catalog, versions: Versions, minors: set[str]) -> bool:
    """Whether releases fit every minor that runs and each other, as their makers say."""
    for name, version in versions.items():
        said = next(entry for entry in catalog.components[name].releases if entry.version == version)
        if said.kubernetes and not minors <= set(said.kubernetes):
            return False
        if any(other in versions and versions[other] not in fitting for other, fitting in said.supports.items()):
            return False
    return True


def choices(catalog: Catalog) -> list[Versions]:
    return [dict(zip(PARTS, found, strict=True)) for found in product(
        *([entry.version for entry in catalog.components[name].releases] for name in PARTS))]


def answers(clusters: int, versions: Versions) -> Answers:
    said = {"versions": versions}
    if clusters == 1:
        return tiny.answers(settings={"kubernetes.version": "1.35"}, **said)
    own = [tiny.cluster(name=name, environment=name, settings={"kubernetes.version": "1.35"}) for name in ("dev", "prod")]
    return tiny.answers(clusters=tuple(own), **said)


def replayed(found: Plan, catalog: Catalog, versions: Versions, clusters: list[str]) -> dict[str, str]:
    """Every state on the way has to fit; the minors that the clusters end at. What happens with a hop is one step."""
    minors, now = dict.fromkeys(clusters, "1.35"), dict(versions)
    for at, step in enumerate(found.steps):
        if step.clusters:
            assert all(int(step.to.split(".")[1]) == int(minors[name].split(".")[1]) + 1 for name in step.clusters)
            minors.update(dict.fromkeys(step.clusters, step.to))
        else:
            assert now[step.component] == step.from_
            now[step.component] = step.to
        if at + 1 == len(found.steps) or not found.steps[at + 1].together:
            assert fits(catalog, now, set(minors.values())), (step, now, minors)
    return minors


@QUICK
@given(st.data(), st.sampled_from([1, 2]))
def test_every_state_on_the_way_fits_and_the_way_ends_only_where_none_does(data: st.DataObject, clusters: int) -> None:
    catalog = data.draw(catalogs())
    now = [found for found in choices(catalog) if fits(catalog, found, {"1.35"})]
    if not now:
        return
    versions = data.draw(st.sampled_from(now))
    found = plan(answers(clusters, versions), catalog, "1.37")
    names = sorted({name for step in found.steps for name in step.clusters}) or ["main"]
    event(f"{clusters} clusters, {'refused' if found.refused else 'reached'}")
    event(f"at once: {any(step.together for step in found.steps)}")
    minors = replayed(found, catalog, versions, names)
    if found.refused is None:
        assert set(minors.values()) == {"1.37"}
    else:
        assert not any(fits(catalog, each, {found.at}) for each in choices(catalog))
        for minor, ids in found.in_the_way:
            for name in PARTS:
                without = all(entry.kubernetes and minor not in entry.kubernetes for entry in catalog.components[name].releases)
                assert (name in ids) == without


def test_said_versions_are_where_the_way_starts() -> None:
    parts = [tiny.component("web", ["web-role"], releases=[release("2", ["1.36"]), release("1", ["1.35", "1.36"])])]
    setting = {"id": "kubernetes.version", "title": "Kubernetes minor", "type": "choice", "why": "It matters.",
               "choices": ["1.35", "1.36"], "default": [{"value": "1.35"}]}
    platform = tiny.component("platform", ["platform"], provides=["kubernetes"],
                              releases=[release(minor, [minor]) for minor in ("1.36", "1.35")])
    catalog = tiny.catalog(tiny.layer([tiny.decision("platform", scope="cluster", settings=[setting]),
                                       tiny.decision("web-role")]), [platform, *parts])
    said = tiny.answers(settings={"kubernetes.version": "1.35"}, versions={"web": "1"})
    assert [step.component for step in plan(said, catalog, "1.36").steps] == ["platform"]
    assert said.versions == {"web": Said("1")}
