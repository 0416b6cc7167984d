"""Designs of the built-in catalog for proving manifests: every installable component several times and in each of its
roles, on every platform.

Always the same designs in the same order: choices rotate, nothing is random.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from typing import NamedTuple

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Design, Waiver
from catalog.errors import CatalogError
from catalog.loader import load
from catalog.workloads import Cluster
from tests.exporters.manifests.standins import EXTERNALS, WORKLOADS
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.complete import Refused, resolve
from wizard.solver import Engine

CLOUDS = ("gcp", "aws", "azure", "on-premises", "other-cloud")
AVAILABILITY = ("99.9", "99.99", "99", "99.95", "99.5")
TIMES = 5


class Generated(NamedTuple):
    """A design and what it was made for."""

    name: str
    design: Design


@cache
def real_catalog() -> Catalog | None:
    """The built-in catalog, or None while it has faults (its own tests say which)."""
    try:
        return load()
    except CatalogError:
        return None


@cache
def engine() -> Engine:
    """One engine for all of them."""
    catalog = real_catalog()
    assert catalog is not None
    return Engine(catalog)


def clusters(cloud: str, at: int) -> tuple[ClusterAnswers, ...]:
    """One cluster, or every third time two environments."""
    disks = {"raw": 2, "size": "1Ti"} if cloud in ("on-premises", "other-cloud") else {}
    pools = [{"name": "general", "nodes": 4, "zones": 3, "disks": disks}] if cloud != "gcp" else []
    ranges = {"nodes": f"10.{at % 200}.0.0/20", "pods": f"10.{at % 200}.128.0/17", "services": "172.20.0.0/16"}
    names = (("prod", "prod"), ("dev", "dev"))[: 2 if at % 3 == 0 else 1]
    found = []
    for place, (name, environment) in enumerate(names):
        said: dict[str, object] = {
            "name": name,
            "environment": environment,
            "cloud": cloud,
            "region": f"region-{at % 3}",
            "pools": pools,
        }
        if place == 0:
            said["ranges"] = ranges
        found.append(ClusterAnswers(Cluster.model_validate(said)))
    return tuple(found)


def answers(cloud: str, at: int, choices: dict[str, tuple[str, ...]]) -> Answers:
    """Answers that leave most to completion."""
    context = {
        "availability": AVAILABILITY[at % len(AVAILABILITY)],
        "platform-team": "yes" if cloud in ("on-premises", "other-cloud") or at % 2 else "no",
        "services": ("tens", "few", "hundreds")[at % 3],
        "compliance": ("none", "personal-data", "regulated")[at % 3],
    }
    return Answers(
        name="shop",
        waivers=tuple(Said(_accepted(entry)) for value in choices.values() for entry in value if _lapsed(entry)),
        context={name: Said((value,)) for name, value in context.items()},
        clusters=clusters(cloud, at),
        choices={name: Said(value) for name, value in choices.items()},
        workloads=tuple(Said(workload) for workload in WORKLOADS if at % 4 or not workload.volumes),
        externals=tuple(Said(external) for external in EXTERNALS),
    )


def _lapsed(component: str) -> bool:
    """Whether somebody has to accept that it is no longer supported."""
    catalog = real_catalog()
    assert catalog is not None
    return catalog.components[component].status(catalog.as_of) not in ("active", "deprecated")


def _accepted(component: str) -> Waiver:
    return Waiver(rule=f"status:{component}", reason="a test", owner="a test", until=date(2099, 1, 1))


def made(cloud: str, at: int, choices: dict[str, tuple[str, ...]]) -> Design | None:
    """The design, or None where the catalog refuses it."""
    catalog = real_catalog()
    assert catalog is not None
    # Most of them deny by default, so that there are policies to prove.
    denying = {"network-policy": ("default-deny",), **choices}
    for said in (denying, choices) if at % 4 else (choices,):
        with suppress(Refused):
            return resolve(answers(cloud, at, said), catalog, engine(), reasons=False)
    return None


def places(component: Component) -> tuple[str, ...]:
    """Clouds where it may run, in an order."""
    return tuple(cloud for cloud in CLOUDS if not component.clouds or cloud in component.clouds)


def pairs() -> tuple[tuple[str, str], ...]:
    """Every delivery tool with every platform that runs Kubernetes."""
    catalog = real_catalog()
    assert catalog is not None
    return tuple(itertools.product(catalog.options["deployment"], catalog.options["kubernetes"]))


@cache
def designs(times: int = TIMES) -> tuple[Generated, ...]:
    """Every installable component in at least so many designs, and in each of its roles; every delivery tool in every cloud
    and on every platform (where they can be had)."""
    return tuple(_designs(times))


@cache
def others(times: int = TIMES) -> tuple[Generated, ...]:
    """A design for each component of which only the hand-over is told, and for each of its roles, that none of those has."""
    return tuple(_roles({pair for entry in designs(times) for pair in played(entry.design)}, "hand-over"))


def played(design: Design) -> set[tuple[str, str]]:
    """Components of a design and the decisions that they answer."""
    return {(component, entry.decision) for entry in design.decisions for component in entry.chosen}


def _roles(seen: set[tuple[str, str]], support: str) -> Iterator[Generated]:
    """A design for each role of components of that support that none of the others has."""
    catalog = real_catalog()
    assert catalog is not None
    numbers = itertools.count(1)
    for component in catalog.components.values():
        for role in component.roles if component.support == support else ():
            for cloud in places(component) if (component.id, role) not in seen else ():
                design = made(cloud, next(numbers), {role: (component.id,)})
                if design is not None and (component.id, role) in played(design):
                    seen |= played(design)
                    yield Generated(f"{component.id} as {role} on {cloud}", design)
                    break


def _designs(times: int) -> Iterator[Generated]:
    catalog = real_catalog()
    if catalog is None:
        return
    seen: Counter[str] = Counter()
    roles: set[tuple[str, str]] = set()
    numbers = itertools.count()
    for tool, cloud in itertools.product(catalog.options["deployment"], CLOUDS):
        design = made(cloud, next(numbers), {"deployment": (tool,)})
        if design is not None:
            seen.update(component.id for component in design.selected())
            roles |= played(design)
            yield Generated(f"{tool} on {cloud}", design)
    for tool, platform in pairs():
        for cloud in places(catalog.components[platform]):
            design = made(cloud, next(numbers), {"deployment": (tool,), "kubernetes": (platform,)})
            if design is not None:
                seen.update(component.id for component in design.selected())
                roles |= played(design)
                yield Generated(f"{tool} to {platform} on {cloud}", design)
                break
    for component in catalog.components.values():
        if component.support != "installable":
            continue
        tries = itertools.cycle(itertools.product(places(component), component.roles))
        for cloud, role in itertools.islice(tries, 4 * times):
            if seen[component.id] >= times:
                break
            design = made(cloud, next(numbers), {role: (component.id,)})
            if design is not None:
                seen.update(entry.id for entry in design.selected())
                roles |= played(design)
                yield Generated(f"{component.id} as {role} on {cloud} ({seen[component.id]})", design)
    yield from _roles(roles, "installable")
