"""What a change of the design leaves behind in a running cluster: charts and objects that it no longer has.

A delivery tool that follows Git takes away what Git no longer says, where it may. Everything else stays until a person takes
it away: what the bootstrap installed, with helmfile whatever went, namespaces and what holds data, kinds, volumes that a
StatefulSet claimed. In the order of the removal: what is installed last goes first, a chart before the objects beside it,
namespaces at the very end.

What each tool leaves: Argo CD no CRD ever and nothing that says Delete=false
(https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-resource-deletion), Flux nothing that says prune is
disabled (https://fluxcd.io/flux/components/kustomize/kustomizations/#prune), Helm the CRDs of a chart
(https://helm.sh/docs/chart_best_practices/custom_resource_definitions/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from catalog.design import Design
from catalog.phrases import listed
from exporters.manifests import bootstrap, check_kinds, cluster, kubectl, secrets_moved, through, units
from exporters.manifests.commands import turned, uninstall_command
from exporters.manifests.labels import is_kept
from exporters.manifests.order import Release
from exporters.manifests.overlays import key
from exporters.manifests.plan import objects_by_folder, plans
from exporters.manifests.references import Obj
from exporters.manifests.through import Plan
from exporters.manifests.view import View


class Gone(NamedTuple):
    """Something that a design no longer has in a cluster that stays."""

    cluster: str
    what: str
    """`chart loki`, or `3 objects`."""
    command: str
    """What takes it away; empty where the delivery tool does."""
    objects: tuple[str, ...] = ()
    """Each object as kubectl prints it, after its namespace where it has one: `shop/deployment.apps/web`."""
    before: bool = False
    """True where it has to go before the new export is applied: what takes it away goes with that."""


def gone(before: Design, after: Design) -> tuple[Gone, ...]:
    """What the second design no longer has, cluster by cluster, to be taken away once it is applied (or before, where an
    entry says so).

    Clusters that go are not meant: their removal is a runbook of the first design.
    """
    now = {plan.view.cluster.name: plan for plan in plans(after)}
    present, past = objects_by_folder(after), objects_by_folder(before)
    spaces = _first_spaces(before), _first_spaces(after)
    return tuple(
        entry
        for plan in plans(before)
        if (name := plan.view.cluster.name) in now
        for entry in _Leaving(plan, now[name], past[name], present[name], spaces).told()
    )


class _Leaving:
    """One cluster, before and after."""

    def __init__(
        self,
        old: Plan,
        new: Plan,
        folders: Mapping[str, Sequence[Obj]],
        now: Mapping[str, Sequence[Obj]],
        spaces: tuple[Sequence[Obj], Sequence[Obj]],
    ) -> None:
        self.old, self.new, self.folders = old, new, folders
        self.name = old.view.cluster.name
        self.module = through.module(old.view)
        self.other_tool = not through.same(old.view, new.view)
        self.by_itself = self.module.FOLLOWS_GIT and through.prune(new.view) and not self.other_tool
        self.there = [body for part in now.values() for body in part] + _first_objects(new.view, spaces[1])
        stays = {_same(body) for body in self.there}
        # How a chart comes (a HelmRelease) goes with the chart.
        means = {_same(body) for folder in old.folders for part in through.beside(old, folder).values() for body in part}
        self.leaving = {
            folder: [body for body in part if _same(body) not in stays | means] for folder, part in folders.items()
        }
        self.first = [
            body for body in _first_objects(old.view, spaces[0])
            if _same(body) not in stays | {_same(other) for part in folders.values() for other in part}
        ]
        self.spaces = {_name(body) for part in (*self.leaving.values(), self.first) for body in part if _is_space(body)}
        self.groups = _brought(old.view) - _brought(new.view) - {units.group(body) for body in self.there}
        self.handed = secrets_moved.handed(old, new)
        """Objects whose Secret outlives them."""
        kept = {_named(release) for release in _all(new)}
        self.charts = {_named(release) for release in _all(old)} - kept

    def told(self) -> Iterator[Gone]:
        yield from self._before()
        for folder in reversed(self.old.folders):
            yield from self._charts([release for _, release in reversed(self.old.releases(folder))])
            yield from self._objects([body for body in self.leaving.get(folder.name, ()) if not self._late(body)])
        yield from self._means()
        for release in reversed(bootstrap.releases(self.old.view)):
            if _named(release) in self.charts:
                yield Gone(self.name, f"chart {release.chart.release}", uninstall_command(self.name, release))
        yield from self._by_hand([body for body in self.first if not _is_space(body)])
        yield from self._secrets()
        yield from self._applied()
        yield from self._roots()
        yield from self._kinds()
        yield from self._volumes()
        yield from self._by_hand([body for body in self._every() if self._late(body) and not _is_space(body)])
        yield from self._by_hand([body for body in (*self._every(), *self.first) if _is_space(body)])

    def _every(self) -> Iterator[Obj]:
        for folder in reversed(self.old.folders):
            yield from self.leaving.get(folder.name, ())

    def _late(self, body: Obj) -> bool:
        """Namespaces, which take everything else along, and what the delivery tool leaves of all that it takes away."""
        return _is_space(body) or (self.by_itself and is_kept(body))

    def _before(self) -> Iterator[Gone]:
        """What holds data in kinds whose controller goes: without it nothing finishes its deletion."""
        for some in _by_space([body for body in self._every() if self._deleted_first(body)], set()):
            yield Gone(self.name, _counted(some), _delete(self.name, some), _told(some), before=True)

    def _deleted_first(self, body: Obj) -> bool:
        return is_kept(body) and units.group(body) in self.groups and (self.by_itself or self.other_tool)

    def _charts(self, releases: Sequence[Release]) -> Iterator[Gone]:
        for release in releases:
            if _named(release) not in self.charts:
                continue
            what = f"chart {release.chart.release}"
            if self.by_itself:
                yield Gone(self.name, what, "")
            elif self.other_tool:
                yield Gone(self.name, what, self.module.removed(self.old, release)[0], before=self.module.RENDERS)
            else:
                yield Gone(self.name, what, self.module.dropped(self.old, release))

    def _objects(self, bodies: Sequence[Obj]) -> Iterator[Gone]:
        if self.by_itself and bodies:
            yield Gone(self.name, _counted(bodies), "", _told(bodies))
        else:
            yield from self._by_hand(bodies)

    def _by_hand(self, bodies: Iterable[Obj]) -> Iterator[Gone]:
        rest = [body for body in bodies if not self._deleted_first(body)]
        for leaves in (True, False):
            of_these = [body for body in rest if (key(body) in self.handed) is leaves]
            for some in _by_space(of_these, self.spaces):
                command = _delete(self.name, some, "--cascade=orphan" if leaves else "--wait")
                yield Gone(self.name, f"{_counted(some)}{', but for its Secrets' if leaves else ''}", command, _told(some))

    def _secrets(self) -> Iterator[Gone]:
        """Secrets that a person made, where their namespace does not take them along."""
        for space, name in secrets_moved.dropped(self.old, self.new):
            if space not in self.spaces:
                command = f"kubectl --context {self.name} --namespace {space} delete --ignore-not-found secret/{name}"
                yield Gone(self.name, f"Secret {name}, made by hand", command, (f"{space}/secret/{name}",))

    def _means(self) -> Iterator[Gone]:
        """Where the same tool takes nothing away: what it knows the folders by, but charts by which it took them out."""
        if self.by_itself or self.other_tool:
            return
        now = {_same(body) for body in self.module.lists(self.new)}
        bodies = [body for body in self.module.lists(self.old) if _same(body) not in now]
        for some in _by_space(bodies, set()):
            yield Gone(self.name, _counted(some), _delete(through.home(self.old.view), some), _told(some))

    def _applied(self) -> Iterator[Gone]:
        """What a step of the bootstrap applied."""
        by_hand, still = bootstrap.handed_over(self.old.view), bootstrap.handed_over(self.new.view)
        titles = {step.title for step in (*still.rest, *still.network)}
        for step in (*reversed(by_hand.rest), *reversed(by_hand.network)):
            if step.title not in titles and "apply --server-side" in step.command:
                yield Gone(self.name, step.title, turned(step.command))

    def _roots(self) -> Iterator[Gone]:
        """What started everything, where that is called otherwise now. It must not take along what it lists."""
        if self.other_tool:
            return
        names = {_same(body) for body in self.module.roots(self.new)}
        bodies = [body for body in self.module.roots(self.old) if _same(body) not in names]
        for body in bodies:
            yield Gone(self.name, _counted([body]), self.module.unrooted(self.old, body), _told([body]))

    def _kinds(self) -> Iterator[Gone]:
        """Kinds that charts brought: deleting a chart leaves them, and deleting them deletes every object of theirs."""
        if self.groups:
            names = sorted(self.groups)
            pattern = "|".join(name.replace(".", r"\.") for name in names)
            ask = f"kubectl --context {self.name}"
            command = rf"{ask} get crd -o name | grep -E '/[^.]+\.({pattern})$' | xargs -r {ask} delete"
            yield Gone(self.name, f"kinds of {listed(names)}", command)

    def _volumes(self) -> Iterator[Gone]:
        """Volumes that a StatefulSet claimed, where their namespace does not take them along."""
        for body in self._every():
            space = body["metadata"].get("namespace", "")
            if body["kind"] == "StatefulSet" and body["spec"].get("volumeClaimTemplates") and space not in self.spaces:
                labels = ",".join(f"{name}={value}" for name, value in body["spec"]["selector"]["matchLabels"].items())
                command = f"kubectl --context {self.name} --namespace {space} delete pvc --selector {labels}"
                yield Gone(self.name, f"volumes of {_name(body)}", command)
        for release in _all(self.old):
            if _named(release) in self.charts and release.namespace not in self.spaces and _stores(release.values):
                selector = f"app.kubernetes.io/instance={release.chart.release}"
                command = f"kubectl --context {self.name} --namespace {release.namespace} get pvc --selector {selector}"
                yield Gone(self.name, f"volumes of chart {release.chart.release}, if these are any", command)


def _stores(values: Any) -> bool:
    """Whether a chart's values name a class of volumes."""
    if isinstance(values, Mapping):
        return any(name in ("storageClass", "storageClassName") or _stores(inner) for name, inner in values.items())
    return isinstance(values, (list, tuple)) and any(map(_stores, values))


def _brought(view: View) -> set[str]:
    """API groups that charts bring. What a step applied goes by that step."""
    return {
        name
        for component in cluster.installed(view)
        if component.install is not None and component.install.charts
        for name in component.install.crds
    }


def _first_spaces(design: Design) -> list[Obj]:
    """Namespaces of the bootstrap: one file for all clusters."""
    return list({_same(body): body for plan in plans(design) for body in bootstrap.namespaces(plan.view)}.values())


def _first_objects(view: View, spaces: Sequence[Obj]) -> list[Obj]:
    """What the bootstrap applies of its own."""
    return [*spaces, *(body for part in bootstrap.objects(view).values() for body in part)]


def _same(body: Obj) -> tuple[str, str, str, str]:
    """What makes an object one and the same in a cluster, whatever the version of its group."""
    return (units.group(body), *key(body)[1:])


def _name(body: Obj) -> str:
    return str(body["metadata"]["name"])


def _is_space(body: Obj) -> bool:
    return bool(body["kind"] == "Namespace")


def _all(plan: Plan) -> Iterator[Release]:
    """Every chart of a cluster, by whichever way it comes."""
    yield from bootstrap.releases(plan.view)
    for folder in plan.folders:
        yield from (release for _, release in plan.releases(folder))


def _named(release: Release) -> tuple[str, str]:
    return release.namespace, release.chart.release


def _by_space(bodies: Iterable[Obj], spaces: set[str]) -> Iterator[list[Obj]]:
    """Objects by namespace, those of no namespace last. What a namespace takes along goes with it."""
    found: dict[str, list[Obj]] = {}
    for body in bodies:
        space = body["metadata"].get("namespace", "")
        if space not in spaces or not check_kinds.is_core(body["apiVersion"]):
            found.setdefault(space, []).append(body)
    yield from (found[space] for space in sorted(found, key=lambda space: (not space, space)))


def _delete(context: str, bodies: Sequence[Obj], how: str = "--wait") -> str:
    space = bodies[0]["metadata"].get("namespace", "")
    place = f" --namespace {space}" if space else ""
    names = " ".join(sorted(kubectl.printed(body) for body in bodies))
    return f"kubectl --context {context}{place} delete --ignore-not-found {how} {names}"


def _told(bodies: Sequence[Obj]) -> tuple[str, ...]:
    found = ((body["metadata"].get("namespace", ""), kubectl.printed(body)) for body in bodies)
    return tuple(f"{space}/{name}" if space else name for space, name in sorted(found))


def _counted(bodies: Sequence[Obj]) -> str:
    if len(bodies) == 1:
        return f"{bodies[0]['kind']} {bodies[0]['metadata']['name']}"
    spaces = sorted({body["metadata"].get("namespace", "") for body in bodies} - {""})
    return f"{len(bodies)} objects" + (f" in {', '.join(spaces)}" if spaces else "")
