"""What cannot come through the delivery tool: network, kinds, the tool itself, the first secret; and the way back.

Gives files for manifests/00-bootstrap and the steps of the runbooks as data; the words around them are the records'.
Commands are literal text for a person; nothing here runs anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from shlex import quote
from typing import TYPE_CHECKING

from catalog import handover
from exporters import nodes, paths
from exporters.manifests import authority, cluster, pods, sign_on, through, units
from exporters.manifests.commands import carried, carry_commands, helm_command, here
from exporters.manifests.labels import dressed
from exporters.manifests.modules import hook
from exporters.manifests.order import Release
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

if TYPE_CHECKING:
    from catalog.components import Component
    from catalog.design import Design
    from exporters.manifests.through import Plan


CARRY = "Carry the charts in"
"""Title of the step each of whose lines fetches something."""


@dataclass(frozen=True)
class BootstrapStep:
    """Something a person does for one cluster, in order."""

    cluster: str
    title: str
    do: str
    command: str = ""
    see: str = ""
    link: str = ""
    decision: str = ""


def components(view: View) -> tuple[Component, ...]:
    """What is installed by hand, network first and the delivery tool last, in between what kinds others need."""
    chosen = [
        entry
        for entry in cluster.installed(view)
        if entry.install is not None
        and (entry.install.bootstrap or any(chart.bootstrap for chart in entry.install.charts))
    ]
    delivery = set(view.chosen("deployment"))

    def rank(component: Component) -> int:
        if component.id in delivery:
            return 2
        return 0 if is_network(view, component) else 1

    return tuple(sorted(chosen, key=rank))


def is_network(view: View, component: Component) -> bool:
    """True for what pods need to reach each other: first in, last out."""
    return "cni" in component.provides or "cni" in view.roles_of(component.id)


def namespaces(view: View) -> list[Obj]:
    """Namespaces that the bootstrap needs before the delivery tool makes the others."""
    wanted = {release.namespace for component in components(view) for release in units.first_releases(view, component)}
    wanted |= {component.install.namespace for component in components(view) if component.install}
    wanted.add(through.namespace(view))
    wanted |= {secret.namespace for secret in by_hand(view)}
    if not through.hub(view):
        wanted.discard(through.namespace(view))
    return [
        dressed(view, obj, "deployment", obj["metadata"]["name"])
        for obj in cluster.namespaces(view)
        if obj["metadata"]["name"] in wanted
    ]


def objects(view: View) -> dict[str, list[Obj]]:
    """Component to objects that it needs before the delivery tool works."""
    found: dict[str, list[Obj]] = {}
    for component in components(view):
        ask = hook(component.id, "bootstrap")
        made = ask(view.of(component)) if ask is not None else []
        if made:
            decision = view.roles_of(component.id)[0]
            found[component.id] = [dressed(view, obj, decision, component.id) for obj in made]
    return found


def releases(view: View) -> tuple[Release, ...]:
    """The charts that are installed by hand, in order."""
    return tuple(release for component in components(view) for release in units.first_releases(view, component))


def values_file(view: View, release: Release, differing: frozenset[tuple[str, str]]) -> str:
    """Path of a bootstrap chart's values: shared, or of one cluster where it differs."""
    if (view.cluster.name, release.chart.release) in differing:
        return paths.bootstrap(f"values/{view.cluster.name}/{release.chart.release}.yaml")
    return paths.bootstrap(f"values/{release.chart.release}.yaml")


def steps(design: Design) -> tuple[BootstrapStep, ...]:
    """Every step from an empty cluster to one that follows Git, cluster by cluster."""
    from exporters.manifests.plan import plans

    made = plans(design)
    differing = differing_values(tuple(plan.view for plan in made))
    return tuple(step for plan in made for step in _steps(plan, differing))


def differing_values(views: tuple[View, ...]) -> frozenset[tuple[str, str]]:
    """(cluster, release) of bootstrap charts whose values are not those of the first cluster that has them."""
    first: dict[str, object] = {}
    found = set()
    for view in views:
        for release in releases(view):
            if first.setdefault(release.chart.release, release.values) != release.values:
                found.add((view.cluster.name, release.chart.release))
    return frozenset(found)


def _steps(plan: Plan, differing: frozenset[tuple[str, str]]) -> list[BootstrapStep]:
    view = plan.view
    name = view.cluster.name
    found = [BootstrapStep(name, *step, "kubernetes") for step in nodes.steps(view)]
    found.append(
        BootstrapStep(
            name,
            "Reach the cluster",
            "Make a kubectl context with the cluster's name and see that it answers.",
            "\n".join([*reach(view), f"kubectl --context {name} get nodes"]),
            "Every node is listed (NotReady is right until there is a network plugin)."
            if view.capability("self-managed-kubernetes")
            else "Every node is Ready.",
            "https://kubernetes.io/docs/tasks/access-application-cluster/configure-access-multiple-clusters/",
        )
    )
    found.extend(_zones(view))
    carried = carry_commands(plan)
    if carried:
        found.append(
            BootstrapStep(
                name,
                CARRY,
                "On a machine with a way out, fetch the charts into the repository, commit them and carry them over.",
                "\n".join(carried),
                "Every folder named has a Chart.yaml.",
                "https://helm.sh/docs/helm/helm_pull/",
                "deployment",
            )
        )
    if namespaces(view):
        found.append(
            BootstrapStep(
                name,
                "Namespaces",
                "Create the namespaces that the next steps install into.",
                f"kubectl --context {name} apply --server-side -k {paths.BOOTSTRAP}/namespaces",
                "Each line ends with `serverside-applied`.",
                "https://kubernetes.io/docs/reference/using-api/server-side-apply/",
            )
        )
    by_hand = handed_over(view)
    found.extend(by_hand.network)
    rest_said = False
    for component in components(view):
        decision = view.roles_of(component.id)[0]
        if decision == "deployment" and not rest_said:
            found.extend([*by_hand.rest, _first_secret(view), *authority_steps(view)])
            rest_said = True
        made = objects(view).get(component.id)
        nodes_seen = f" `kubectl --context {name} get nodes` says Ready for every node." if is_network(view, component) else ""
        if made:
            found.append(
                BootstrapStep(
                    name,
                    f"{component.title}: what it needs first",
                    "Apply its first objects.",
                    f"kubectl --context {name} apply --server-side -f {paths.bootstrap(component.id)}.yaml",
                    "Each line ends with `serverside-applied`.",
                    component.documentation,
                    decision,
                )
            )
        for release in units.first_releases(view, component):
            found.append(
                BootstrapStep(
                    name,
                    f"{component.title}: chart {release.chart.chart}",
                    f"Install {release.chart.chart} {release.chart.version}.",
                    helm_command(name, release, values_file(view, release, differing)),
                    "The command waits until its pods are ready and ends with `STATUS: deployed`." + nodes_seen,
                    release.chart.source,
                    decision,
                )
            )
    if not rest_said:
        found.extend(by_hand.rest)
    found.extend(_by_hand(view))
    found.extend(_committed(view))
    found.extend(start(plan))
    return found


def _committed(view: View) -> list[BootstrapStep]:
    """What a tool that follows Git finds there; once is enough for all clusters."""
    if not through.module(view).FOLLOWS_GIT or view.cluster.name != view.design.clusters[0].name:
        return []
    repository, branch = through.repository(view), through.branch(view)
    folder = through.located(view, paths.MANIFESTS)
    seen = " ".join(f"{folder}/clusters/{cluster.name}/kustomization.yaml" for cluster in view.design.clusters)
    called = "" if folder == paths.MANIFESTS else f", `{paths.MANIFESTS}/` as `{folder}/`"
    return [
        BootstrapStep(
            view.cluster.name,
            "The export in its repository",
            f"Commit this export and push it to the branch `{branch}` of `{repository}`{called}: nothing else is delivered.",
            f"git fetch {quote(repository)} {branch} && git ls-tree --name-only FETCH_HEAD {seen}",
            "Every file named is listed.",
            "https://git-scm.com/docs/git-ls-tree",
            "deployment",
        )
    ]


def _zones(view: View) -> list[BootstrapStep]:
    """Machines of one's own do not say where they stand; storage and pods are spread by what their nodes say."""
    if view.zones < 2 or not view.capability("self-managed-kubernetes"):
        return []
    kubectl = f"kubectl --context {view.cluster.name}"
    return [
        BootstrapStep(
            view.cluster.name,
            "Say where the nodes stand",
            "Before anything is stored, label every node with the zone (room, row, fire section) whose power and network it "
            f"shares, {view.zones} zones of about equally many; and every node that joins later.",
            f"{kubectl} label node <NODE> topology.kubernetes.io/zone=<ZONE>\n{kubectl} get nodes -L topology.kubernetes.io/zone",
            f"Every node shows a zone, and there are {view.zones} of them.",
            "https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone",
            "kubernetes",
        )
    ]


def reach(view: View) -> tuple[str, ...]:
    """Commands that make a kubectl context with the cluster's name; empty where only its maker can tell."""
    own = nodes.reach(view)
    if own:
        return own
    for component in view.providers("kubernetes"):
        ask = hook(component.id, "reach")
        if ask is not None:
            found: tuple[str, ...] = ask(view.of(component))
            return found
    return ()


def _first_secret(view: View) -> BootstrapStep:
    context, module = view.cluster.name, through.module(view)
    url = through.repository(view)
    fields = " ".join(f"--from-{entry}" for entry in module.repository_secret(url, authority.signs(view, url)))
    labels = "".join(
        f" | kubectl label --local -f - {key}={value} -o yaml" for key, value in module.REPOSITORY_LABELS.items()
    )
    return BootstrapStep(
        context,
        "The first secret",
        "Give the delivery tool its read-only key to the repository, from a file that you remove afterwards; the key is never in "
        "a file of the repository.",
        f"kubectl -n {through.namespace(view)} create secret generic repository {fields} --dry-run=client -o yaml{labels} "
        f"| kubectl --context {context} apply --server-side -f -",
        "secret/repository serverside-applied",
        module.REPOSITORY_DOCS,
        "deployment",
    )


def authority_steps(view: View) -> list[BootstrapStep]:
    """The tool that brings everything cannot wait for what it brings to know whom to trust."""
    asked = (through.repository(view), sign_on.issuer(view))
    if not through.module(view).AUTHORITY_APART or not any(authority.signs(view, address) for address in asked):
        return []
    context = view.cluster.name
    return [
        BootstrapStep(
            context,
            "The authority that signs Git and the sign-on",
            "Give the delivery tool the certificate of the company's own authority (it is no secret), and again when there is "
            "another: nothing else makes it trust what that one signs.",
            f"kubectl -n {through.namespace(view)} create secret generic {authority.NAME} "
            f"--from-file={authority.FILE}=<ROOT CERTIFICATE> --dry-run=client -o yaml "
            f"| kubectl --context {context} apply --server-side -f -",
            f"secret/{authority.NAME} serverside-applied",
            "https://argo-cd.readthedocs.io/en/stable/user-guide/private-repositories/",
            "deployment",
        )
    ]


@dataclass(frozen=True)
class HandedOver:
    """Steps of the catalog that come in each cluster before its delivery tool."""

    network: tuple[BootstrapStep, ...]
    rest: tuple[BootstrapStep, ...]


def handed_over(view: View) -> HandedOver:
    """What people install in this cluster by the catalog's own commands: the network plugin first."""
    network: list[BootstrapStep] = []
    rest: list[BootstrapStep] = []
    for component in view.design.selected(view.kind.name):
        if component.clouds and view.cloud not in component.clouds:
            continue
        decision = view.roles_of(component.id)[0]
        for step in handover.steps(view.design, component, view.kind):
            if handover.comes(component, step) != "cluster":
                continue
            command = here(view, carried(view, component, step.command)[1]) if step.command else ""
            made = BootstrapStep(
                view.cluster.name, component.title, step.do, command, here(view, step.see or ""), step.link, decision
            )
            (network if is_network(view, component) else rest).append(made)
    return HandedOver(tuple(network), tuple(rest))


def _by_hand(view: View) -> list[BootstrapStep]:
    """Secrets that nothing creates, because no secrets tool was chosen."""
    secrets = by_hand(view)
    return [
        BootstrapStep(
            view.cluster.name,
            f"Secret {secret.namespace}/{secret.name}",
            "Create the Secret; no secrets tool was chosen that would.",
            f"kubectl --context {view.cluster.name} -n {secret.namespace} create secret generic {secret.name} "
            + (f"--type={secret.type} " if secret.type != "Opaque" else "")
            + " ".join(
                f"--from-file={key}=<FILE OF {entry}>" if "." in key else f"--from-literal={key}=<VALUE OF {entry}>"
                for key, entry in secret.keys.items()
            )
            + f" --dry-run=client -o yaml | kubectl --context {view.cluster.name} apply --server-side -f -",
            f"secret/{secret.name} serverside-applied",
            "https://kubernetes.io/docs/concepts/configuration/secret/",
            "secrets",
        )
        for secret in secrets
    ]


def by_hand(view: View) -> list[Secret]:
    """Secrets that no tool brings: of workloads, and of every part of the platform."""
    if view.capability("secrets-delivery"):
        return []
    said = ""
    for component in view.design.selected(view.kind.name):
        ask = hook(component.id, "objects")
        said += repr(ask(view.of(component))) if ask is not None else ""
        if component.install is not None:
            said += "".join(repr(units.values(chart)) for chart in cluster.charts(view, component))
    # Some ask for keys to bring them in under other names, and mount those.
    wanted = {place for place in view.by_hand if f"'{place[1]}'" in said}
    for workload in view.workloads:
        namespace = view.workload_namespace(workload)
        own = (pods.secret_of(view, workload), pods.pull_secret(view, namespace))
        wanted |= {(secret.namespace, secret.name) for secret in own if secret is not None}
    return [view.by_hand[place] for place in sorted(wanted) if place[0] != "default"]


def _waiting(view: View) -> str:
    """Where secrets, tokens or accounts come by hand, a folder may wait for them: the last part of the runbook."""
    design = view.design
    later = any(
        component.install is not None and handover.comes(component, step) == "after"
        for component in design.selected(view.kind.name)
        for step in handover.steps(design, component)
    )
    return " What waits for a step of the last part of this runbook stays behind until that is done." if later else ""


def start(plan: Plan) -> list[BootstrapStep]:
    """What starts the delivery in a cluster, and what a person waits for."""
    view = plan.view
    steps = (BootstrapStep(view.cluster.name, *step) for step in through.module(view).start(plan, _waiting(view)))
    return [replace(step, decision="deployment") for step in steps]
