"""The other runbooks as data: another version of Kubernetes, taking everything out, and bringing a lost cluster back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog import handover
from catalog.components import Component
from catalog.design import Design
from exporters import nodes, paths
from exporters.manifests import through, units
from exporters.manifests.bootstrap import BootstrapStep as Step
from exporters.manifests.bootstrap import components, handed_over, is_network, namespaces, start
from exporters.manifests.bootstrap import objects as first_objects
from exporters.manifests.commands import here, turned, uninstall_command
from exporters.manifests.modules import hook
from exporters.manifests.order import Folder
from exporters.manifests.plan import plans
from exporters.manifests.through import Plan
from exporters.manifests.view import View, views


def upgrade(design: Design) -> tuple[Step, ...]:
    """Bringing each cluster to another minor, those that are not production first: what the distribution or the
    chosen way of upgrading says, then a look."""
    found: list[Step] = []
    for view in sorted(views(design), key=lambda view: view.production):
        name = view.cluster.name
        own = nodes.upgrade(view)
        found.extend(Step(name, *step, "cluster-upgrades") for step in own)
        if not own:
            for id_ in view.chosen("cluster-upgrades"):
                component = design.catalog.components[id_]
                found.extend(
                    Step(name, component.title, step.do, step.command or "", step.see or "", step.link or "", "cluster-upgrades")
                    for step in handover.steps(design, component, view.kind)
                )
        found.append(
            Step(
                name,
                "See that it is whole",
                "Look at nodes and pods, and at what the alerts say, before the next cluster is touched.",
                f"kubectl --context {name} get nodes && kubectl --context {name} get pods -A "
                "--field-selector=status.phase!=Running,status.phase!=Succeeded",
                "Every node is Ready at the new version, and no pod is listed.",
                "https://kubernetes.io/releases/version-skew-policy/",
            )
        )
    return tuple(found)


_DELETED = "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_delete/"


def removal(design: Design) -> tuple[Step, ...]:
    """Taking everything out of each cluster, in the reverse order of installation; the one that serves others last."""
    found: list[Step] = []
    for plan in reversed(plans(design)):
        view, name = plan.view, plan.view.cluster.name
        module = through.module(view)
        found.extend(Step(name, *step) for step in module.stop(plan, design.clusters[0].name if design.clusters else name))
        for folder in reversed(plan.folders):
            for unit, release in reversed(plan.releases(folder)):
                if release is unit.releases[-1]:
                    found.extend(_agreed(view, unit.id))
                command, see, link = module.removed(plan, release)
                found.append(Step(name, f"Remove {release.chart.release}", "Uninstall the chart.", command, see, link))
            if folder.name in plan.paths and (module.KEEPS_NAMESPACES or folder is not _first(plan)):
                do = "Delete its objects. Volumes and buckets stay where their classes retain them."
                see = "Nothing of it is listed any more"
                if folder is _first(plan):
                    do, see = "Delete what stands in the namespaces.", f"{see}, but for the namespaces"
                found.append(Step(name, f"Remove {folder.name}", do, module.emptied(plan, folder), f"{see}.", _DELETED))
        found.extend(Step(name, *step) for step in module.forgotten(plan))
        found.extend(_taken_back(plan))
    return tuple(found)


def _agreed(view: View, id_: str) -> list[Step]:
    """What a person does before a component is taken out."""
    component = view.design.catalog.components[id_]
    return [
        Step(view.cluster.name, f"Agree to lose {component.title}", step.do, here(view, step.command or ""), step.see or "",
             step.link)
        for step in handover.back(view.design, component, view.kind)
    ]


def _first(plan: Plan) -> Folder | None:
    """The folder that has the namespaces: who deletes these deletes what charts remember of themselves, too."""
    return next((folder for folder in plan.folders if folder.name in plan.paths), None)


def _taken_back(plan: Plan) -> list[Step]:
    """The bootstrap backwards: its charts, then the namespaces that hold what Helm knows of them, then the network."""
    view, name = plan.view, plan.view.cluster.name
    by_hand = handed_over(view)
    first = _first(plan)
    spaces = [plan.paths[first.name]] if first is not None else []
    if namespaces(view):
        spaces.append(f"{paths.BOOTSTRAP}/namespaces")
    rest, network = (
        [step for component in reversed(components(view)) if is_network(view, component) is carries
         for step in _installed_back(view, component)]
        for carries in (False, True)
    )
    emptied = Step(
        name,
        "Remove the namespaces",
        "Delete them, with everything that is still in them: Secrets that were made by hand, claims of volumes, what Helm "
        "remembers.",
        "\n".join(f"kubectl --context {name} delete -k {path} --ignore-not-found --wait" for path in spaces),
        f"`kubectl --context {name} get namespaces` lists the platform's own alone.",
        _DELETED,
    )
    left = Step(
        name,
        "See what stays",
        "List the kinds that are left: Helm leaves those that a chart brings as a whole. Delete the ones of what you removed; "
        "every object of such a kind goes with it. Hooks without a Service behind them refuse what they are asked: delete "
        "them, too.",
        f"kubectl --context {name} get crds,validatingwebhookconfigurations,mutatingwebhookconfigurations,apiservices",
        "What the platform itself brings is listed, and what you decide to keep.",
        "https://helm.sh/docs/chart_best_practices/custom_resource_definitions/",
    )
    return [*rest, *([emptied] if spaces else []), *_deleted(by_hand.rest), *network, *_deleted(by_hand.network), left]


def _installed_back(view: View, component: Component) -> list[Step]:
    """A component of the bootstrap: its charts, then what they needed first."""
    name = view.cluster.name
    found = [
        Step(
            name,
            f"Remove {release.chart.release}",
            "Uninstall what the bootstrap installed.",
            uninstall_command(name, release),
            f'release "{release.chart.release}" uninstalled',
            "https://helm.sh/docs/helm/helm_uninstall/",
        )
        for release in reversed(units.first_releases(view, component))
    ]
    if component.id in first_objects(view):
        command = f"kubectl --context {name} delete --ignore-not-found -f {paths.bootstrap(component.id)}.yaml"
        do = "Delete what the bootstrap applied for it."
        found.append(Step(name, f"Remove {component.title}", do, command, "Each object is said to be deleted.", _DELETED))
    return found


def _deleted(steps: Sequence[Step]) -> list[Step]:
    """The commands of the catalog that applied something, turned around."""
    return [
        Step(
            step.cluster,
            f"Remove {step.title}",
            "Delete what its step of the bootstrap applied; objects of its kinds go with it.",
            turned(step.command),
            "Each object is said to be deleted.",
            step.link,
        )
        for step in reversed(steps) if "apply --server-side" in step.command
    ]


def etcd(design: Design) -> tuple[Step, ...]:
    """Bringing back what lay in etcd on machines of one's own, from a copy: everything else of the cluster is still there."""
    return tuple(Step(view.cluster.name, *step, "etcd-backup") for view in views(design) for step in nodes.restore(view))


def restore(design: Design) -> tuple[Step, ...]:
    """Bringing a lost cluster back: itself, the platform without workloads, then their data, then the workloads."""
    found: list[Step] = []
    every = plans(design)
    for plan in every:
        view, name = plan.view, plan.view.cluster.name
        hub = view.design.clusters[0].name if view.design.clusters else name
        found.append(
            Step(
                name,
                "Make the cluster again",
                "Create it as it was first created, with the same name, version and address ranges.",
                see=f"`kubectl --context {name} get nodes` lists every node.",
                link="https://kubernetes.io/docs/tasks/administer-cluster/",
            )
        )
        found.append(
            Step(
                name,
                "Bootstrap it",
                "Follow the bootstrap runbook up to and without the step that starts the delivery tool. Keys that were saved "
                "come back first: those of the secrets tool, and of etcd.",
                see="Every pod of the bootstrap is Running.",
                link="https://kubernetes.io/docs/reference/using-api/server-side-apply/",
                decision="deployment",
            )
        )
        backups = _brought_back(view, "cluster-backup")
        # What everything else reads its secrets from: the platform waits for it.
        secrets = _brought_back(view, "secret-store")
        module = through.module(view)
        if backups:
            # What saves comes through the delivery tool, and workloads must not make empty volumes before it.
            held = [Step(name, *step) for step in module.held(plan, hub)]
            found.extend(_before_waiting(_held_back(_without_workloads(plan), held), secrets))
            found.extend(backups)
            found.extend(Step(name, *step) for step in module.let_go(plan, hub))
        else:
            found.extend(_before_waiting([step for step in start(plan) if step.title != through.FILLED], secrets))
        if name == hub:
            found.extend(_joined_again(name, every))
        for workload in view.workloads:
            if workload.serves:
                namespace = view.workload_namespace(workload)
                kind = workload.kind
                found.append(
                    Step(
                        name,
                        f"See that {workload.name} serves",
                        "Wait until it is available; then ask for something that needs its data.",
                        f"kubectl --context {name} -n {namespace} rollout status {kind}/{workload.name}",
                        "successfully rolled out" if kind == "deployment" else "roll out complete",
                        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/",
                    )
                )
    return tuple(found)


def _brought_back(view: View, capability: str) -> list[Step]:
    """The steps by which what provides a capability comes back with its data."""
    return [
        Step(view.cluster.name, component.title, do, here(view, command), see, component.documentation, "backup")
        for component in view.providers(capability)
        if (ask := hook(component.id, "restore")) is not None
        for do, command, see in ask(view.of(component))
    ]


def _before_waiting(steps: list[Step], others: list[Step]) -> list[Step]:
    """The steps with others before the one that waits for everything."""
    at = next((at for at, step in enumerate(steps) if step.title in through.WAITING), len(steps))
    return [*steps[:at], *others, *steps[at:]]


def _held_back(starting: list[Step], held: list[Step]) -> list[Step]:
    """Both in one order: a root is applied before its project can hold anything back, but what waits for a cluster comes to it
    as soon as that is joined, so there the holding is first."""
    if any(step.title == through.JOINING for step in starting):
        return _before_waiting(held, starting)
    return [*starting, *held]


def _joined_again(hub: str, others: Sequence[Plan]) -> list[Step]:
    """The clusters that a lost one served: its delivery tool no longer knows how to reach them."""
    return [
        replace(step, cluster=hub, title=f"Join {plan.view.cluster.name} again")
        for plan in others
        if plan.view.cluster.name != hub
        for step in start(plan)
        if step.title == through.JOINING
    ]


def _without_workloads(plan: Plan) -> list[Step]:
    """The steps that start the delivery, but for the waiting: what holds the workloads back comes first."""
    module = through.module(plan.view)
    return [step for step in start(plan) if step.title in ("Start", through.JOINING)] if module.FOLLOWS_GIT else []
