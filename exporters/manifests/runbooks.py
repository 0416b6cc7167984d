"""The other runbooks as data: another version of Kubernetes, taking everything out, and bringing a lost cluster back."""

from __future__ import annotations

from catalog import handover
from catalog.design import Design
from exporters import nodes
from exporters.manifests import through
from exporters.manifests.bootstrap import BootstrapStep as Step
from exporters.manifests.bootstrap import releases, start, uninstall_command
from exporters.manifests.modules import hook
from exporters.manifests.plan import plans
from exporters.manifests.view import views


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
                    for step in handover.steps(design, component)
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


def removal(design: Design) -> tuple[Step, ...]:
    """Taking everything out of each cluster, in the reverse order of installation."""
    found = []
    for plan in plans(design):
        view, name = plan.view, plan.view.cluster.name
        how = through.name(view)
        if how == "argocd" and through.hub(view):
            kind = "applicationset" if through.central(view) else "application"
            found.append(
                Step(
                    name,
                    "Stop the delivery tool",
                    "Delete the root first, or it puts back what you take out.",
                    f"kubectl --context {name} -n {through.namespace(view)} delete {kind} --all --cascade=orphan",
                    "Nothing is listed any more.",
                    "https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/",
                )
            )
        elif how == "flux":
            found.append(
                Step(
                    name,
                    "Stop the delivery tool",
                    "Suspend it, or it puts back what you take out.",
                    f"flux --context {name} suspend kustomization --all",
                    "Every line says suspended.",
                    "https://fluxcd.io/flux/cmd/flux_suspend_kustomization/",
                )
            )
        for folder in reversed(plan.folders):
            for _, release in reversed(plan.releases(folder)):
                found.append(
                    Step(
                        name,
                        f"Remove {release.chart.release}",
                        "Uninstall the chart.",
                        uninstall_command(name, release),
                        f'release "{release.chart.release}" uninstalled',
                        "https://helm.sh/docs/helm/helm_uninstall/",
                    )
                )
            if folder.name in plan.paths:
                found.append(
                    Step(
                        name,
                        f"Remove {folder.name}",
                        "Delete its objects. Volumes and buckets stay where their classes retain them.",
                        f"kubectl --context {name} delete -k {plan.paths[folder.name]} --ignore-not-found --wait",
                        "Nothing of it is listed any more.",
                        "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_delete/",
                    )
                )
        for release in reversed(releases(view)):
            found.append(
                Step(
                    name,
                    f"Remove {release.chart.release}",
                    "Uninstall what the bootstrap installed.",
                    uninstall_command(name, release),
                    f'release "{release.chart.release}" uninstalled',
                    "https://helm.sh/docs/helm/helm_uninstall/",
                )
            )
    return tuple(found)


def restore(design: Design) -> tuple[Step, ...]:
    """Bringing a lost cluster back: the cluster itself, what the bootstrap installs, then its data, then a look."""
    found = []
    for plan in plans(design):
        view, name = plan.view, plan.view.cluster.name
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
                "Follow the bootstrap runbook up to and without the step that starts the delivery tool.",
                see="Every pod of the bootstrap is Running.",
                link="https://kubernetes.io/docs/reference/using-api/server-side-apply/",
                decision="deployment",
            )
        )
        for component in view.providers("cluster-backup"):
            ask = hook(component.id, "restore")
            for do, command, see in ask(view.of(component)) if ask is not None else ():
                found.append(Step(name, component.title, do, command, see, component.documentation, "backup"))
        found.extend(
            step for step in start(plan) if step.title in ("Start", "Watch", "Join the delivery tool", "Everything else")
        )
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
