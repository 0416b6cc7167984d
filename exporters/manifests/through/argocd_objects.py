"""What Argo CD knows a cluster by: an Application per chart and one per folder, in sync waves, and their root."""

from __future__ import annotations

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
    located,
    namespace,
    prune,
    repository,
    root_name,
)
from exporters.manifests.view import View

_API = "argoproj.io/v1alpha1"
PLATFORM = "platform"
HERE = "in-cluster"
APPS = "apps"
"""Folder beside a folder's own objects where its Applications stand."""

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


def root_called(view: View) -> str:
    name = root_name(view)
    return f"{short(name, 40)}-{view.cluster.name}" if central(view) else short(name, 50)


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
        project = workloads_project(view) if folder.layer == "workloads" else PLATFORM
        made = _application(view, folder.stage, project, source, "default", folder.rank * _STEP)
        changed = changed_live(view) if folder.layer == "workloads" else []
        if changed:
            made["spec"]["ignoreDifferences"] = [
                {**{key: entry[key] for key in ("group", "kind", "name", "namespace")}, "jqPathExpressions": entry["jq"]}
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


def workloads_project(view: View) -> str:
    name = label(view.design.name)
    return name if name != PLATFORM else f"{PLATFORM}-workloads"


def projects(view: View, charts: tuple[str, ...]) -> list[Obj]:
    """The platform's project may do all; that of workloads reaches its namespaces only and no cluster-wide kinds."""
    where = [HERE] if not central(view) else [HERE, *(entry.name for entry in view.design.clusters[1:])]
    own = cluster.workload_namespaces(view)
    workloads = workloads_project(view)
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
        found["root.yaml"] = [root_of(view, root_called(view), delivery_path(view.cluster.name))]
        return found
    name = root_name(view)
    template = root_of(view, f"{short(name, 40)}-{{{{.cluster}}}}", delivery_path("{{.cluster}}"))
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


def root_of(view: View, name: str, path: str) -> Obj:
    source = {"repoURL": repository(view), "targetRevision": branch(view), "path": located(view, path)}
    made = _application(view, name, PLATFORM, source, namespace(view), 0)
    del made["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]
    return made
