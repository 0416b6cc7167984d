"""What a change of the design leaves behind in a running cluster: charts and objects that it no longer has.

A delivery tool that follows Git takes away what Git no longer says, where it may. Everything else stays until a person takes
it away: what the bootstrap installed, and with helmfile whatever went. In the order of the removal: what is installed last
goes first, a chart before the objects beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from catalog.design import Design
from exporters.manifests import bootstrap, check_kinds, kubectl, through
from exporters.manifests.commands import uninstall_command
from exporters.manifests.order import Release
from exporters.manifests.overlays import key
from exporters.manifests.plan import objects_by_folder, plans
from exporters.manifests.references import Obj
from exporters.manifests.through import Plan


class Gone(NamedTuple):
    """Something that a design no longer has in a cluster that stays."""

    cluster: str
    what: str
    """`chart loki`, or `3 objects`."""
    command: str
    """What takes it away; empty where the delivery tool does."""


def gone(before: Design, after: Design) -> tuple[Gone, ...]:
    """What the second design no longer has, cluster by cluster, to be taken away once it is applied.

    Clusters that go are not meant: their removal is a runbook of the first design.
    """
    now = {plan.view.cluster.name: plan for plan in plans(after)}
    objects = {name: [body for part in parts.values() for body in part] for name, parts in objects_by_folder(after).items()}
    past = objects_by_folder(before)
    return tuple(
        entry
        for plan in plans(before) if plan.view.cluster.name in now
        for entry in _of(plan, now[plan.view.cluster.name], past[plan.view.cluster.name], objects[plan.view.cluster.name])
    )


def _of(old: Plan, new: Plan, folders: Mapping[str, Sequence[Obj]], there: Sequence[Obj]) -> Iterator[Gone]:
    name, module = old.view.cluster.name, through.module(old.view)
    kept = {_named(release) for release in _all(new)}
    stays = {key(body)[1:] for body in there}
    leaving = [body for part in folders.values() for body in part if key(body)[1:] not in stays]
    spaces = {body["metadata"]["name"] for body in leaving if body["kind"] == "Namespace"}
    by_itself = module.FOLLOWS_GIT and through.prune(new.view) and through.name(old.view) == through.name(new.view)
    for folder in reversed(old.folders):
        charts = [release for _, release in reversed(old.releases(folder)) if _named(release) not in kept]
        for release in charts:
            yield Gone(name, f"chart {release.chart.release}", "" if by_itself else module.removed(old, release)[0])
        bodies = [body for body in folders.get(folder.name, ()) if key(body)[1:] not in stays]
        if by_itself and bodies:
            yield Gone(name, _counted(bodies), "")
        elif bodies:
            yield from (Gone(name, _counted(some), _delete(name, some)) for some in _by_space(bodies, spaces))
    for release in reversed(bootstrap.releases(old.view)):
        if _named(release) not in kept:
            yield Gone(name, f"chart {release.chart.release}", uninstall_command(name, release))
    by_hand, still = bootstrap.handed_over(old.view), bootstrap.handed_over(new.view)
    titles = {step.title for step in (*still.rest, *still.network)}
    for step in (*reversed(by_hand.rest), *reversed(by_hand.network)):
        if step.title not in titles and "apply --server-side" in step.command:
            yield Gone(name, step.title, step.command.replace("apply --server-side", "delete --ignore-not-found"))


def _all(plan: Plan) -> Iterator[Release]:
    """Every chart of a cluster, by whichever way it comes."""
    yield from bootstrap.releases(plan.view)
    for folder in plan.folders:
        yield from (release for _, release in plan.releases(folder))


def _named(release: Release) -> tuple[str, str]:
    return release.namespace, release.chart.release


def _by_space(bodies: Sequence[Obj], spaces: set[str]) -> Iterator[list[Obj]]:
    """Objects by namespace, those of no namespace last. What a namespace takes along goes with it."""
    found: dict[str, list[Obj]] = {}
    for body in bodies:
        space = body["metadata"].get("namespace", "")
        if space not in spaces or not check_kinds.is_core(body["apiVersion"]):
            found.setdefault(space, []).append(body)
    yield from (found[space] for space in sorted(found, key=lambda space: (not space, space)))


def _delete(cluster: str, bodies: Sequence[Obj]) -> str:
    space = bodies[0]["metadata"].get("namespace", "")
    place = f" --namespace {space}" if space else ""
    names = " ".join(sorted(kubectl.printed(body) for body in bodies))
    return f"kubectl --context {cluster}{place} delete --ignore-not-found --wait {names}"


def _counted(bodies: Sequence[Obj]) -> str:
    if len(bodies) == 1:
        return f"{bodies[0]['kind']} {bodies[0]['metadata']['name']}"
    spaces = sorted({body["metadata"].get("namespace", "") for body in bodies} - {""})
    return f"{len(bodies)} objects" + (f" in {', '.join(spaces)}" if spaces else "")
