"""Gathers everything that one cluster gets, as units with what they wait for; `order` puts them into folders."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from catalog.components import Component
from exporters.manifests import cluster, network, pods, reliability, routes, security, through, workloads
from exporters.manifests.labels import dressed
from exporters.manifests.modules import hook
from exporters.manifests.order import Release, Unit
from exporters.manifests.references import Obj
from exporters.manifests.view import View

NAMESPACES = "namespaces"
WORKLOADS = "workloads"


def of_cluster(view: View) -> tuple[Unit, ...]:
    """Every unit of one cluster, objects dressed with labels and decisions; what bootstraps is left out."""
    found = [*_framework(view), *_components(view), *_workloads(view)]
    providers = _kind_providers(view)
    return tuple(_waiting(view, unit, providers) for unit in found if unit.objects or unit.releases)


def releases(view: View, component: Component) -> tuple[Release, ...]:
    """The charts of a component that come through the delivery tool, with their final values."""
    assert component.install is not None
    return () if component.install.bootstrap else _released(view, component, first=False)


def first_releases(view: View, component: Component) -> tuple[Release, ...]:
    """The charts of a component that are there before the delivery tool, with their final values."""
    assert component.install is not None
    rest = _released(view, component, first=False) if component.install.bootstrap else ()
    return (*_released(view, component, first=True), *rest)


def _released(view: View, component: Component, *, first: bool) -> tuple[Release, ...]:
    decision = view.roles_of(component.id)[0]
    found = []
    for mine in cluster.charts(view, component):
        assert mine.chart is not None
        if mine.chart.bootstrap != first:
            continue
        chart = _pinned(view, mine)
        carried = through.vendored(view, chart) if view.yes("air-gap") else None
        found.append(Release(chart, mine.namespace, values(mine), component.id, decision, carried))
    return tuple(found)


def _pinned(view: View, mine: View) -> Any:
    """The chart at the version that installs the chosen release of its component."""
    assert mine.chart is not None
    release = view.design.release(mine.me.id)
    version = release.charts.get(mine.chart.chart) if release is not None else None
    return mine.chart.model_copy(update={"version": version}) if version else mine.chart


def values(view: View) -> dict[str, Any]:
    """Values of the view's chart: the fixed ones, what settings and facts give, what the component's module says."""
    assert view.chart is not None
    found: dict[str, Any] = copy.deepcopy(view.chart.values)
    for path, source in view.chart.values_from.items():
        kind, _, name = source.partition(":")
        if kind == "version":
            if view.other_version is None:
                continue
            value: Any = f"{name}{view.other_version}"
        else:
            value = {"setting": view.setting, "fact": view.fact, "context": view.context}[kind](name)
        step = found
        *above, last = path.split(".")
        for part in above:
            step = step.setdefault(part, {})
        step[last] = value
    ask = hook(view.me.id, "values")
    return laid_over(found, ask(view)) if ask is not None else found


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` over `below`, as Helm does: mappings merge, everything else replaces, None removes."""
    found = dict(below)
    for name, value in above.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(found.get(name), Mapping):
            found[name] = laid_over(found[name], value)
        else:
            found[name] = laid_over({}, value) if isinstance(value, Mapping) else value
    return found


# ---- what the framework itself makes


def _framework(view: View) -> Iterator[Unit]:
    spaces = cluster.namespaces(view)
    own = routes.own_namespace(view)
    if own is not None:
        spaces.append(cluster.namespace(own, "restricted", {}, {}))
    yield _unit(view, NAMESPACES, NAMESPACES, "pod-security", "Namespaces and the Pod Security level of each", spaces)
    yield _unit(view, "priorities", NAMESPACES, "kubernetes", "Who goes first when room is short", cluster.priorities(view))
    yield _unit(view, "quotas", NAMESPACES, "kubernetes", "Defaults and limits of workload namespaces", cluster.quotas(view))
    yield _unit(view, "roles", NAMESPACES, "access-roles", "Rights of groups of people", security.groups(view))
    yield _unit(
        view,
        "network-policies",
        "cluster-network",
        "network-policy",
        "Which traffic is allowed",
        network.objects(view),
        after={NAMESPACES},
    )
    yield _unit(
        view,
        "entrance",
        "cluster-network",
        "ingress",
        "Where requests enter",
        routes.entrance(view),
        after={NAMESPACES, *view.chosen("certificates")}
        | _installing(view, "gateway-api", "ingress", "certificate-automation"),
    )
    yield _unit(
        view,
        "authorization",
        "cluster-network",
        "mesh",
        "Who may call whom",
        security.authorization(view),
        after={NAMESPACES} | _installing(view, "mesh"),
    )
    yield _unit(
        view,
        "objectives",
        "reliability",
        "objectives",
        "Monitors and objectives of workloads",
        reliability.objects(view),
        after={NAMESPACES},
    )
    policies = [obj for answer in view.gather("policies", "policy-engine") for obj in answer]
    yield _unit(
        view,
        "policies",
        "security",
        "policy-engine",
        "What is admitted",
        policies,
        after={NAMESPACES} | _installing(view, "policy-engine"),
    )


def _installing(view: View, *capabilities: str) -> set[str]:
    """Units of the components that provide any of these."""
    return {
        name
        for word in capabilities
        for component in view.providers(word)
        for name in (component.id, f"{component.id}-configuration")
    }


def _unit(
    view: View,
    name: str,
    layer: str,
    decision: str,
    title: str,
    objects: Iterable[Obj],
    after: set[str] | frozenset[str] = frozenset(),
    last: bool = False,
    part: str | None = None,
    released: tuple[Release, ...] = (),
) -> Unit:
    known = decision if decision in view.design.catalog.decisions else ""
    made = tuple(dressed(view, obj, known, part or _part(obj, name)) for obj in objects)
    return Unit(name, layer, known, title, made, released, frozenset(after), last=last)


def _part(obj: Obj, name: str) -> str:
    """`app.kubernetes.io/name` of an object of the framework."""
    return str(obj["metadata"]["labels"].get("app.kubernetes.io/name", name)) if "labels" in obj["metadata"] else name


def _components(view: View) -> Iterator[Unit]:
    for component in cluster.installed(view):
        assert component.install is not None
        decision = view.roles_of(component.id)[0]
        layer = view.design.catalog.layer_of[decision]
        mine = view.of(component)
        ask = hook(component.id, "objects")
        objects: list[Obj] = ask(mine) if ask is not None else []
        # What bootstraps has its charts already; its configuration comes through the delivery tool like any other.
        charts = releases(view, component)
        kinds = _secret_kinds(view) if component.id in _under_the_store(view) else set()
        last = [obj for obj in objects if group(obj) in kinds]
        later = [obj for obj in objects if group(obj) in component.install.crds]
        now = [obj for obj in objects if group(obj) not in {*kinds, *component.install.crds}]
        after = {NAMESPACES} | {name for word in component.install.after for name in _installing(view, word)}
        if component.stores and not (mine.provides("block-storage") or mine.provides("distributed-storage")):
            after |= set(_installing(view, "block-storage", "distributed-storage"))
        after -= {component.id, f"{component.id}-configuration"}
        yield _unit(view, component.id, layer, decision, component.title, now, after, part=component.id, released=charts)
        yield _unit(
            view,
            f"{component.id}-configuration",
            layer,
            decision,
            f"{component.title}: configuration",
            later,
            {NAMESPACES, component.id} | _asked_by(mine),
            part=component.id,
        )
        name = f"{component.title}: secrets"
        yield _unit(view, f"{component.id}-secrets", layer, decision, name, last, {component.id}, part=component.id)
    yield from _handed_over(view)


def _under_the_store(view: View) -> set[str]:
    """What a store of secrets in the cluster stands on: it cannot wait for a Secret from there."""
    wanted = {component.id for component in view.providers("secret-store")}
    installed = {component.id: component for component in cluster.installed(view) if component.install is not None}
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        component = installed.get(name)
        if component is None or component.install is None:
            continue
        words = [*component.install.after, *(("block-storage", "distributed-storage") if component.stores else ())]
        below = _installing(view, *words) & set(installed)
        wanted |= below - found - {name}
        found |= below
    return found


def _secret_kinds(view: View) -> set[str]:
    """API groups of the kinds that bring Secrets."""
    return {kind for entry in view.providers("secrets-delivery") if entry.install is not None for kind in entry.install.crds}


def _handed_over(view: View) -> Iterator[Unit]:
    """Objects in the cluster that a managed or outside part needs (an issuer, a StorageClass, a snapshot class)."""
    for component in view.design.selected(view.kind.name):
        ask = hook(component.id, "objects") if component.support != "installable" else None
        if ask is None:
            continue
        decision = view.roles_of(component.id)[0]
        layer = view.design.catalog.layer_of[decision]
        mine = view.of(component)
        after = {NAMESPACES} | _asked_by(mine)
        yield _unit(view, component.id, layer, decision, component.title, ask(mine), after, part=component.id)


def _asked_by(mine: View) -> set[str]:
    """Units that a component's objects ask as soon as they are there."""
    ask = hook(mine.me.id, "asks")
    return _installing(mine, *ask(mine)) - {mine.me.id, f"{mine.me.id}-configuration"} if ask is not None else set()


def _workloads(view: View) -> Iterator[Unit]:
    for workload in view.workloads:
        objects = [*workloads.objects(view, workload), *routes.routes(view, workload)]
        yield _unit(
            view,
            f"{WORKLOADS}-{workload.name}",
            WORKLOADS,
            "deployment",
            workload.title or f"Workload {workload.name}",
            objects,
            last=True,
            part=workload.name,
        )
    namespaces = cluster.workload_namespaces(view)
    secrets = [pull for name in namespaces if (pull := pods.pull_secret(view, name)) is not None]
    yield _unit(
        view,
        f"{WORKLOADS}-pull-secrets",
        WORKLOADS,
        "registry",
        "Secrets that images are pulled with",
        [obj for secret in secrets for obj in secret.objects],
        last=True,
    )


# ---- what waits for which kinds


def group(obj: Mapping[str, Any]) -> str:
    """The API group of an object; empty for the core group."""
    return str(obj.get("apiVersion", "")).rpartition("/")[0]


def _kind_providers(view: View) -> dict[str, str]:
    """API group to the unit that installs its kinds; groups of bootstrap components are there from the start."""
    found: dict[str, str] = {}
    for component in cluster.installed(view):
        assert component.install is not None
        for name in component.install.crds:
            if component.install.bootstrap or any(chart.bootstrap for chart in component.install.charts):
                found[name] = ""
            else:
                found.setdefault(name, component.id)
    return found


def _waiting(view: View, unit: Unit, providers: Mapping[str, str]) -> Unit:
    kinds = {providers.get(group(obj), "") for obj in unit.objects} - {"", unit.id}
    # An object of somebody's kind also waits for how that somebody is configured: a reference for its store.
    ready = {f"{name}-configuration" for name in kinds} - {unit.id}
    return replace(unit, kinds_from=frozenset(kinds), after=unit.after | ready)
