"""Argo CD: an Application per chart and one per folder, in sync waves by install order, under one root per cluster.

With several clusters the Argo CD of the first one serves all of them: an ApplicationSet makes a root for each overlay.
"""

from __future__ import annotations

from exporters import paths
from exporters.manifests import cluster
from exporters.manifests.labels import dressed
from exporters.manifests.order import Folder, Release
from exporters.manifests.references import Obj
from exporters.manifests.shortened import label, short
from exporters.manifests.through import (
    DELIVERY,
    Plan,
    branch,
    central,
    changed_live,
    hub,
    located,
    namespace,
    prune,
    repository,
    root_name,
    started,
)
from exporters.manifests.view import View

_API = "argoproj.io/v1alpha1"
PLATFORM = "platform"
HERE = "in-cluster"
APPS = "apps"
"""Folder beside a folder's own objects where its Applications stand."""

REPOSITORY_LABELS = {"argocd.argoproj.io/secret-type": "repository"}
AUTHORITY_APART = True
"""Its parts read from a Secret of its own who signs Git and the sign-on."""
REPOSITORY_DOCS = "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories"

_STEP = 1000
"""Waves of one folder: its objects first, then its charts."""

_CASCADE = "resources-finalizer.argocd.argoproj.io/foreground"
"""The same as the name without a path, which API servers warn of
(https://github.com/argoproj/argo-cd/blob/v3.5.1/pkg/apis/application/v1alpha1/application_defaults.go)."""

_OPTIONS = [
    "ServerSideApply=true",
    "CreateNamespace=false",
    "SkipDryRunOnMissingResource=true",
    "RespectIgnoreDifferences=true",
]


FOLLOWS_GIT = True


def _child(plan: Plan, name: str) -> str:
    """Name of an Application as it stands in the cluster of Argo CD."""
    return f"{plan.view.cluster.name}-{name}" if central(plan.view) else name


def _root_name(view: View) -> str:
    name = root_name(view)
    return f"{short(name, 40)}-{view.cluster.name}" if central(view) else short(name, 50)


def _asks(plan: Plan) -> str:
    """kubectl in the cluster and namespace of Argo CD."""
    view = plan.view
    return f"kubectl --context {view.design.clusters[0].name if view.design.clusters else view.cluster.name} -n {namespace(view)}"


def start(plan: Plan, stays: str) -> list[tuple[str, str, str, str, str]]:
    """The root is applied in the cluster that serves all of them; the others become known to it."""
    view, name = plan.view, plan.view.cluster.name
    if not hub(view):
        first = view.design.clusters[0].name
        # Without a sign-in of its own: it has no account that is known here, and asks the cluster for the context's namespace.
        join = (
            f"kubectl config set-context {first} --namespace {namespace(view)}\n"
            f"argocd --core --kube-context {first} cluster add {name} --name {name}\n"
            f"kubectl config set-context {first} --namespace default"
        )
        page = "https://argo-cd.readthedocs.io/en/stable/operator-manual/core/#using"
        do = f"Make {name} known to the delivery tool in {first}, whose machines have to reach its API server."
        return [("Join the delivery tool", do, join, f"Cluster {name} added", page)]
    watch = f"kubectl --context {name} -n {namespace(view)} get applications --watch"
    return started(plan, f"-k {paths.BOOTSTRAP}/root", watch, f"Every line says Synced and Healthy.{stays}")


def stop(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Deletes what lists the Applications and leaves these, so that each can be deleted by itself."""
    ask, root = _asks(plan), _root_name(plan.view)
    first = f"{ask} delete applicationset {root_name(plan.view)} --cascade=orphan --ignore-not-found\n"
    return [
        (
            "Stop the delivery tool",
            "Delete the root first, without what it lists, or it puts back what you take out.",
            (first if central(plan.view) else "")
            + f"{ask} patch application {root} --type merge --patch '{{\"metadata\":{{\"finalizers\":null}}}}'\n"
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
            f"argocd --kube-context {first} cluster rm {name} --yes",
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


def emptied(plan: Plan, folder: Folder) -> str:
    """What deletes a folder's objects: its Application goes with them."""
    return f"{_asks(plan)} delete application {_child(plan, folder.stage)} --wait"


def _window(plan: Plan, value: str) -> str:
    project = projects(plan.view, ())[1]["metadata"]["name"]
    patch = '{"spec":{"syncWindows":' + value + "}}"
    return f"{_asks(plan)} patch appproject {project} --type merge --patch '{patch}'"


def held(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings everything but the workloads."""
    window = '[{"kind":"deny","schedule":"* * * * *","duration":"24h","applications":["*"],"manualSync":false}]'
    watch = f"{_asks(plan)} get applications --watch"
    page = "https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/"
    return [
        (
            "Hold the workloads back",
            "At once, before it comes to them, forbid their project to sync: they would make empty volumes where the backup has "
            "full ones.",
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


def applications(plan: Plan, folder: Folder) -> dict[str, list[Obj]]:
    """File name to Applications of one folder: its objects first, then its charts in waves."""
    found: dict[str, list[Obj]] = {}
    view = plan.view
    if folder.name in plan.paths:
        source = {
            "repoURL": repository(view),
            "targetRevision": branch(view),
            "path": located(view, plan.paths[folder.name]),
        }
        project = _workloads_project(view) if folder.layer == "workloads" else PLATFORM
        made = _application(view, folder.stage, project, source, "default", folder.rank * _STEP)
        changed = changed_live(view) if folder.layer == "workloads" else []
        if changed:
            made["spec"]["ignoreDifferences"] = [
                {**{key: entry[key] for key in ("group", "kind", "name", "namespace")}, "jqPathExpressions": [entry["jq"]]}
                for entry in changed
            ]
        found[f"{folder.name}.yaml"] = [made]
    for unit, release in plan.releases(folder):
        # Charts of one component in their order: the first often brings the kinds of the next.
        place = [entry.chart.release for entry in unit.releases].index(release.chart.release)
        wave = folder.rank * _STEP + 10 * folder.waves.get(unit.id, 1) + place
        found[f"{release.chart.release}.yaml"] = [_chart(view, release, wave)]
    return found


def _chart(view: View, release: Release, wave: int) -> Obj:
    chart = release.chart
    oci = chart.repository.startswith("oci://")
    source: Obj = {
        "repoURL": chart.repository.removeprefix("oci://") if oci else chart.repository,
        "chart": chart.chart,
        "targetRevision": chart.version,
        "helm": {"releaseName": chart.release},
    }
    if release.vendored is not None:
        source = {"repoURL": repository(view), "targetRevision": branch(view), "path": release.vendored, "helm": source["helm"]}
    if release.values:
        source["helm"]["valuesObject"] = dict(release.values)
    return _application(view, chart.release, PLATFORM, source, release.namespace, wave, release.decision)


def _application(view: View, name: str, project: str, source: Obj, target: str, wave: int, decision: str = DELIVERY) -> Obj:
    made: Obj = {
        "apiVersion": _API,
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": namespace(view),
            "annotations": {"argocd.argoproj.io/sync-wave": str(wave)},
            # Deleting an Application deletes what it installed, in the reverse order of the waves.
            "finalizers": [_CASCADE],
        },
        "spec": {
            "project": project,
            "source": source,
            "destination": {"name": HERE, "namespace": target},
            "syncPolicy": _policy(view),
        },
    }
    return dressed(view, made, decision, name)


def _policy(view: View) -> Obj:
    return {
        "automated": {"prune": prune(view), "selfHeal": True},
        "syncOptions": list(_OPTIONS),
        "retry": {"limit": 10, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"}},
    }


def overlay_extras(view: View) -> Obj:
    """What a cluster's overlay over the Applications adds: its name before theirs, and itself as destination."""
    if not central(view):
        return {}
    destination = HERE if view.cluster.name == view.design.clusters[0].name else view.cluster.name
    return {
        "namePrefix": f"{view.cluster.name}-",
        "patches": [
            {
                "target": {"group": "argoproj.io", "version": "v1alpha1", "kind": "Application"},
                "patch": '- {"op": "replace", "path": "/spec/destination/name", "value": "' + destination + '"}\n',
            }
        ],
    }


def index(plan: Plan) -> dict[str, list[Obj]]:
    """Nothing of its own: the overlay over the folders' Applications is the list."""
    return {}


def _workloads_project(view: View) -> str:
    name = label(view.design.name)
    return name if name != PLATFORM else f"{PLATFORM}-workloads"


def projects(view: View, charts: tuple[str, ...]) -> list[Obj]:
    """The platform's project may do all; that of workloads reaches its namespaces only and no cluster-wide kinds."""
    where = [HERE] if not central(view) else [HERE, *(entry.name for entry in view.design.clusters[1:])]
    own = cluster.workload_namespaces(view)
    workloads = _workloads_project(view)
    made: list[Obj] = [
        {
            "apiVersion": _API,
            "kind": "AppProject",
            "metadata": {"name": PLATFORM, "namespace": namespace(view)},
            "spec": {
                "description": "Everything that workloads stand on",
                "sourceRepos": [repository(view), *charts],
                "destinations": [{"name": name, "namespace": "*"} for name in where],
                "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
            },
        },
        {
            "apiVersion": _API,
            "kind": "AppProject",
            "metadata": {"name": workloads, "namespace": namespace(view)},
            "spec": {
                "description": "The company's own workloads",
                "sourceRepos": [repository(view)],
                # The folder's Application itself names no namespace; its objects do.
                "destinations": [{"name": name, "namespace": entry} for name in where for entry in (*own, "default")],
                "clusterResourceWhitelist": [],
            },
        },
    ]
    return [dressed(view, entry, DELIVERY, entry["metadata"]["name"]) for entry in made]


def root(plans: tuple[Plan, ...]) -> dict[str, list[Obj]]:
    """File name under 00-bootstrap/root to what starts everything: projects, a root Application or ApplicationSet."""
    view = plans[0].view
    charts = tuple(
        sorted(
            {
                release.chart.repository.removeprefix("oci://")
                for plan in plans
                for folder in plan.folders
                for _, release in plan.releases(folder)
                if release.vendored is None
            }
        )
    )
    found = {"projects.yaml": projects(view, charts)}
    if not central(view):
        found["root.yaml"] = [_root(view, _root_name(view), delivery_path(view.cluster.name))]
        return found
    name = root_name(view)
    template = _root(view, f"{short(name, 40)}-{{{{.cluster}}}}", delivery_path("{{.cluster}}"))
    made: Obj = {
        "apiVersion": _API,
        "kind": "ApplicationSet",
        "metadata": {"name": name, "namespace": namespace(view)},
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [
                {
                    "list": {
                        "elements": [{"cluster": entry.name, "environment": entry.environment} for entry in view.design.clusters]
                    }
                }
            ],
            "template": {
                "metadata": {"name": template["metadata"]["name"], "labels": {"environment": "{{.environment}}"}},
                "spec": template["spec"],
            },
            # Taking a cluster out of the list must not take everything out of the cluster.
            "syncPolicy": {"preserveResourcesOnDeletion": True},
        },
    }
    found["root.yaml"] = [dressed(view, made, DELIVERY, name)]
    return found


def delivery_path(cluster_name: str) -> str:
    """Where the list of a cluster's Applications stands."""
    return f"manifests/clusters/{cluster_name}/delivery"


def _root(view: View, name: str, path: str) -> Obj:
    source = {"repoURL": repository(view), "targetRevision": branch(view), "path": located(view, path)}
    made = _application(view, name, PLATFORM, source, namespace(view), 0)
    del made["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]
    return made
