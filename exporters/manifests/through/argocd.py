"""Argo CD: an Application per chart and one per folder, in sync waves by install order, under one root per cluster.

With several clusters the Argo CD of the first one serves all of them: an ApplicationSet makes a root for each overlay.
"""

from __future__ import annotations

from collections.abc import Sequence

from exporters import paths
from exporters.manifests import kubectl
from exporters.manifests.labels import is_kept
from exporters.manifests.order import Folder, Release
from exporters.manifests.references import Obj
from exporters.manifests.shortened import label
from exporters.manifests.through import (
    JOINING,
    Plan,
    central,
    hub,
    namespace,
    root_name,
    started,
)
from exporters.manifests.through.argocd_objects import applications, delivery_path, projects, root_called, root_of
from exporters.manifests.through.argocd_objects import root as root
from exporters.manifests.view import View

REPOSITORY_LABELS = {"argocd.argoproj.io/secret-type": "repository"}
AUTHORITY_APART = True
"""Its parts read from a Secret of its own who signs Git and the sign-on."""
REPOSITORY_DOCS = "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories"


FOLLOWS_GIT = True
RENDERS = True
"""Helm knows nothing of charts that it brought."""
RETAKES = False


def _child(plan: Plan, name: str) -> str:
    """Name of an Application as it stands in the cluster of Argo CD."""
    return f"{plan.view.cluster.name}-{name}" if central(plan.view) else name


def _asks(plan: Plan) -> str:
    """kubectl in the cluster and namespace of Argo CD."""
    view = plan.view
    return f"kubectl --context {view.design.clusters[0].name if view.design.clusters else view.cluster.name} -n {namespace(view)}"


def _tells(view: View, cluster: str, command: str) -> str:
    """A command of Argo CD's own program, without a sign-in of its own: no account of it is known here, and it then asks the
    cluster for the namespace of the context."""
    return (
        f"kubectl config set-context {cluster} --namespace {namespace(view)}\n"
        f"argocd --core --kube-context {cluster} {command}\n"
        f"kubectl config set-context {cluster} --namespace default"
    )


def start(plan: Plan, stays: str) -> list[tuple[str, str, str, str, str]]:
    """The root is applied in the cluster that serves all of them; the others become known to it."""
    view, name = plan.view, plan.view.cluster.name
    if not hub(view):
        first = view.design.clusters[0].name
        # A cluster made anew has another key and authority under the same name, which it refuses without `--upsert`.
        join = _tells(view, first, f"cluster add {name} --name {name} --upsert")
        page = "https://argo-cd.readthedocs.io/en/stable/operator-manual/core/#using"
        do = f"Make {name} known to the delivery tool in {first}, whose machines have to reach its API server."
        return [(JOINING, do, join, f"Cluster {name} added", page)]
    watch = f"kubectl --context {name} -n {namespace(view)} get applications --watch"
    return started(plan, f"-k {paths.BOOTSTRAP}/root", watch, f"Every line says Synced and Healthy.{stays}")


def stop(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Deletes what lists the Applications and leaves these, so that each can be deleted by itself."""
    ask, root = _asks(plan), root_called(plan.view)
    first = f"{ask} delete applicationset {root_name(plan.view)} --cascade=orphan --ignore-not-found\n"
    return [
        (
            "Stop the delivery tool",
            "Delete the root first, without what it lists, or it puts back what you take out.",
            (first if central(plan.view) else "")
            + f"{_loosened(ask, f'application {root}')}\n"
            f"{ask} delete application {root}",
            f"`{ask} get applications` still lists the others, and no {root}.",
            "https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/",
        )
    ]


KEEPS_NAMESPACES = True
"""Applications leave namespaces alone, so deleting the one that has them takes out the rest of its folder only."""


def forgotten(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Another cluster is no longer known to it; where it runs itself, it goes with its namespace."""
    view, name = plan.view, plan.view.cluster.name
    if hub(view):
        return []
    first = view.design.clusters[0].name
    return [
        (
            "Leave the delivery tool",
            f"Make {first} forget {name}, and take out the account that it had there.",
            _tells(view, first, f"cluster rm {name} --yes"),
            f"Cluster '{name}' removed",
            "https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd_cluster_rm/",
        )
    ]


def removed(plan: Plan, release: Release) -> tuple[str, str, str]:
    """Command, what is seen, page: Helm knows nothing of charts that Argo CD renders, so its Application goes with them."""
    name = _child(plan, release.chart.release)
    return (
        f"{_asks(plan)} delete application {name} --wait",
        f'application.argoproj.io "{name}" deleted',
        "https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/",
    )


def dropped(plan: Plan, release: Release) -> str:
    """What takes out a chart that Git no longer has, where the tool does not do it."""
    return removed(plan, release)[0]


def emptied(plan: Plan, folder: Folder) -> str:
    """What deletes a folder's objects: its Application goes with them, but leaves what holds data."""
    command = f"{_asks(plan)} delete application {_child(plan, folder.stage)} --wait"
    left: dict[str, list[str]] = {}
    for unit in folder.units:
        for body in plan.units[unit].objects if unit in plan.units else ():
            if is_kept(body) and body["kind"] != "Namespace":
                left.setdefault(body["metadata"].get("namespace", ""), []).append(kubectl.printed(body))
    for space, names in left.items():
        place = f" --namespace {space}" if space else ""
        command += f"\nkubectl --context {plan.view.cluster.name}{place} delete --ignore-not-found --wait {' '.join(names)}"
    return command


def lists(plan: Plan) -> list[Obj]:
    """Every Application of a cluster, as it stands where Argo CD runs; the root lists them."""
    found = [body for folder in plan.folders for part in applications(plan, folder).values() for body in part]
    return [{**body, "metadata": {**body["metadata"], "name": _child(plan, body["metadata"]["name"])}} for body in found]


def roots(plan: Plan) -> list[Obj]:
    """What a person applied for this cluster: its root, where the ApplicationSet makes it too, and with the first the rest."""
    own = root_of(plan.view, root_called(plan.view), delivery_path(plan.view.cluster.name))
    made = [body for part in root((plan,)).values() for body in part] if hub(plan.view) else []
    return [own, *(body for body in made if body["kind"] != "Application")]


def unrooted(plan: Plan, body: Obj) -> str:
    """What takes away something that a person applied, without what it lists."""
    ask, kind, name = _asks(plan), body["kind"].lower(), body["metadata"]["name"]
    if kind == "application":
        return f"{_loosened(ask, f'application {name}')} && {ask} delete application {name}"
    return f"{ask} delete {kind} {name}{' --cascade=orphan' if kind == 'applicationset' else ''} --ignore-not-found"


def _loosened(ask: str, what: str) -> str:
    """Without its finalizer an Application goes and leaves what it installed."""
    return f"{ask} patch {what} --type merge --patch '{{\"metadata\":{{\"finalizers\":null}}}}'"


def let_loose(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Ends its work and leaves everything that it brought as it is."""
    if not hub(plan.view):
        return []
    ask, ours = _asks(plan), f"--selector app.kubernetes.io/part-of={label(plan.view.design.name)}"
    one = _loosened(f"xargs -r -I NAME {ask}", "NAME")
    return [
        (
            "Let everything loose",
            "Take the finalizer off every Application, or deleting it deletes what it installed, then delete them. What else "
            "this Argo CD delivers has to be let loose in the same way before it goes.",
            f"{ask} get applications {ours} -o name | {one}\n{ask} delete applications {ours}",
            f"`{ask} get applications` lists none of them, and every pod runs on.",
            "https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/",
        )
    ]


def taken_over(plan: Plan, charts: Sequence[Release]) -> list[tuple[str, str, str, str, str]]:
    """What makes its own what another tool brought; `charts` are those that Helm knows. Objects it takes over by applying
    them, and Helm's notes would let somebody uninstall what it keeps."""
    ask = f"kubectl --context {plan.view.cluster.name}"
    commands = [
        f"{ask} --namespace {entry.namespace} delete secret --selector owner=helm,name={entry.chart.release}" for entry in charts
    ]
    if not commands:
        return []
    return [
        (
            "Forget what Helm knew",
            "Once every Application is Synced and Healthy: Argo CD renders charts and Helm no longer sees them, so take away "
            "Helm's notes of their releases.",
            "\n".join(commands),
            "`helm list --all-namespaces` names the charts of the bootstrap only.",
            "https://argo-cd.readthedocs.io/en/stable/user-guide/helm/",
        )
    ]


def _window(plan: Plan, value: str) -> str:
    project = projects(plan.view, ())[1]["metadata"]["name"]
    patch = '{"spec":{"syncWindows":' + value + "}}"
    return f"{_asks(plan)} patch appproject {project} --type merge --patch '{patch}'"


def held(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings everything but the workloads."""
    here = plan.view.cluster.name == hub
    first = "At once, before it comes to them" if here else "Before it knows the cluster again, when everything comes at once"
    window = '[{"kind":"deny","schedule":"* * * * *","duration":"24h","applications":["*"],"manualSync":false}]'
    watch = f"{_asks(plan)} get applications --watch"
    page = "https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/"
    return [
        (
            "Hold the workloads back",
            f"{first}, forbid their project to sync: they would make empty volumes where the backup has full ones.",
            _window(plan, window),
            "appproject.argoproj.io patched",
            page,
        ),
        ("Watch", "Wait for the platform.", watch, "Every line says Synced and Healthy, but those of the workloads.", page),
    ]


def let_go(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings the workloads."""
    watch = f"{_asks(plan)} get applications --watch"
    page = "https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/"
    return [
        (
            "Let the workloads come",
            "Take the window away; Git decides again.",
            f"{_window(plan, 'null')}\n{watch}",
            "Every line says Synced and Healthy.",
            page,
        )
    ]


def repository_secret(url: str, private: bool) -> tuple[str, ...]:
    """Entries of the Secret by which it reads a repository."""
    common = ("literal=type=git", f"literal=url={url}")
    if url.startswith("https://"):
        return (*common, "literal=username=<USER>", "file=password=<FILE WITH A READ-ONLY TOKEN>")
    return (*common, "file=sshPrivateKey=<FILE WITH A READ-ONLY DEPLOY KEY>")


def leaves_alone(view: View) -> bool:
    """True: an Application names what others change."""
    return True


def beside(plan: Plan, folder: Folder) -> dict[str, list[Obj]]:
    """Nothing: Applications belong to the cluster of Argo CD, objects to the one they are for."""
    return {}


def index(plan: Plan) -> dict[str, list[Obj]]:
    """Nothing of its own: the overlay over the folders' Applications is the list."""
    return {}
