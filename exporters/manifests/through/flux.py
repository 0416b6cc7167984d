"""Flux: a HelmRelease per chart beside the folder's objects, a Kustomization per folder that waits for the one before.

Every cluster runs its own Flux and reads its own overlay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from exporters import paths
from exporters.manifests import kubectl
from exporters.manifests.labels import dressed
from exporters.manifests.order import Folder, Release, Unit
from exporters.manifests.references import Obj
from exporters.manifests.shortened import short
from exporters.manifests.through import (
    DELIVERY,
    Plan,
    branch,
    changed_live,
    located,
    namespace,
    prune,
    repository,
    root_name,
    started,
    waits,
)
from exporters.manifests.view import View

REPOSITORY_LABELS: dict[str, str] = {}
AUTHORITY_APART = False
"""The repository's own Secret says who signs it."""
REPOSITORY_DOCS = "https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference"

_SOURCES = ("gitrepositories", "ocirepositories", "helmrepositories", "helmcharts")
SOURCE = "platform"
"""Name of the GitRepository."""


FOLLOWS_GIT = True
RENDERS = False
RETAKES = False


def start(plan: Plan, stays: str) -> list[tuple[str, str, str, str, str]]:
    """Each cluster has a root of its own."""
    name = plan.view.cluster.name
    watch = f"flux --context {name} get kustomizations --watch"
    return started(plan, f"-f {paths.BOOTSTRAP}/root/{name}.yaml", watch, f"Every line says Ready True.{stays}")


def stop(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Suspends it, charts too."""
    flux = f"flux --context {plan.view.cluster.name}"
    return [
        (
            "Stop the delivery tool",
            "Suspend it, or it puts back what you take out.",
            f"{flux} suspend kustomization --all\n{flux} suspend helmrelease --all",
            "Every line says suspended.",
            "https://fluxcd.io/flux/cmd/flux_suspend_kustomization/",
        )
    ]


KEEPS_NAMESPACES = False


def forgotten(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Deletes what it follows while its controllers run: they alone take their mark off, and what is suspended takes neither
    objects nor charts with it (https://fluxcd.io/flux/components/helm/helmreleases/#suspend)."""
    name = plan.view.cluster.name
    kubectl = f"kubectl --context {name} delete --ignore-not-found --wait"
    return [
        (
            "Remove what the delivery tool follows",
            "Delete it while the tool still runs; suspended as it is, it takes nothing else with it.",
            f"{kubectl} -f {paths.BOOTSTRAP}/root/{name}.yaml\n{kubectl} -k {paths.MANIFESTS}/clusters/{name}/delivery\n"
            f"{kubectl} helmcharts.source.toolkit.fluxcd.io --all --namespace {namespace(plan.view)}",
            "Each object is said to be deleted.",
            "https://fluxcd.io/flux/components/kustomize/kustomizations/#suspend",
        )
    ]


def removed(plan: Plan, release: Release) -> tuple[str, str, str]:
    """Command, what is seen, page: Flux installs with Helm, so Helm can take out."""
    from exporters.manifests.through import helmfile

    return helmfile.removed(plan, release)


def dropped(plan: Plan, release: Release) -> str:
    """What takes out a chart that Git no longer has, where the tool does not do it: Helm alone would see it come back."""
    where = f"kubectl --context {plan.view.cluster.name} --namespace {namespace(plan.view)}"
    return f"{where} delete --ignore-not-found --wait helmrelease.helm.toolkit.fluxcd.io/{release.chart.release}"


def lists(plan: Plan) -> list[Obj]:
    """Sources and Kustomizations of a cluster; the root lists them."""
    return [body for part in index(plan).values() for body in part]


def roots(plan: Plan) -> list[Obj]:
    """What a person applied for this cluster."""
    return [body for part in root((plan,)).values() for body in part]


def unrooted(plan: Plan, body: Obj) -> str:
    """What takes away something that a person applied, without what it lists: of what is suspended nothing is deleted."""
    context, name = plan.view.cluster.name, body["metadata"]["name"]
    kind = kubectl.printed(body)
    first = f"flux --context {context} suspend kustomization {name} && " if body["kind"] == "Kustomization" else ""
    return f"{first}kubectl --context {context} --namespace {namespace(plan.view)} delete {kind}"


def let_loose(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Ends its work and leaves everything that it brought as it is."""
    ask = f"kubectl --context {plan.view.cluster.name} --namespace {namespace(plan.view)}"
    sources = ",".join(f"{kind}.source.toolkit.fluxcd.io" for kind in _SOURCES)
    kinds = ("kustomizations.kustomize.toolkit.fluxcd.io", "helmreleases.helm.toolkit.fluxcd.io", sources)
    return [
        (
            "Let everything loose",
            "Delete what is suspended, while the controllers run: they take their finalizers off it and delete nothing else. "
            "What else this Flux delivers, in other namespaces, has to be suspended and deleted in the same way before it goes.",
            "\n".join(f"{ask} delete {kind} --all --wait" for kind in kinds),
            f"`{ask} get {kinds[0]},{kinds[1]}` lists nothing, and every pod runs on.",
            "https://fluxcd.io/flux/components/kustomize/kustomizations/#suspend",
        )
    ]


def taken_over(plan: Plan, charts: Sequence[Release]) -> list[tuple[str, str, str, str, str]]:
    """Nothing: from helm-controller 1.2 of 2025 on it takes over what is there, with or without Helm's notes of it
    (https://github.com/fluxcd/helm-controller/blob/main/CHANGELOG.md)."""
    return []


def emptied(plan: Plan, folder: Folder) -> str:
    """What deletes a folder's objects."""
    return f"kubectl --context {plan.view.cluster.name} delete -k {plan.paths[folder.name]} --ignore-not-found --wait"


def _last(plan: Plan) -> list[str]:
    return [folder.stage for folder in plan.folders if folder.layer == "workloads" and folder.name in plan.paths]


def held(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings everything but the workloads."""
    flux = f"flux --context {plan.view.cluster.name}"
    page = "https://fluxcd.io/flux/cmd/flux_suspend_kustomization/"
    wait = f"until {flux} suspend kustomization NAME; do sleep 5; done"
    return [
        (
            "Hold the workloads back",
            "At once, before it comes to them: they would make empty volumes where the backup has full ones.",
            "\n".join(wait.replace("NAME", name) for name in _last(plan)),
            "kustomization suspended",
            page,
        ),
        (
            "Watch",
            "Wait for the platform.",
            f"{flux} get kustomizations --watch",
            "Every line says Ready True, but those of the workloads.",
            page,
        ),
    ]


def let_go(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings the workloads."""
    flux = f"flux --context {plan.view.cluster.name}"
    page = "https://fluxcd.io/flux/cmd/flux_resume_kustomization/"
    commands = "\n".join(f"{flux} resume kustomization {name}" for name in _last(plan))
    return [("Let the workloads come", "Resume them; Git decides again.", commands, "Applied revision", page)]


def repository_secret(url: str, private: bool) -> tuple[str, ...]:
    """Entries of the Secret by which it reads a repository; `private` where the company's own authority signs its host
    (https://fluxcd.io/flux/components/source/gitrepositories/#https-certificate-authority)."""
    if url.startswith("https://"):
        known = ("file=ca.crt=<ROOT CERTIFICATE>",) if private else ()
        return "literal=username=<USER>", "file=password=<FILE WITH A READ-ONLY TOKEN>", *known
    return "file=identity=<FILE WITH A READ-ONLY DEPLOY KEY>", "file=known_hosts=<FILE WITH THE HOST'S KEYS>"


def beside(plan: Plan, folder: Folder) -> dict[str, list[Obj]]:
    """File name to the HelmReleases of a folder."""
    found: dict[str, list[Obj]] = {}
    for unit, release in plan.releases(folder):
        found.setdefault(f"{unit.id}.yaml", []).append(_release(plan, folder, unit, release))
    return found


def _release(plan: Plan, folder: Folder, unit: Unit, release: Release) -> Obj:
    chart = release.chart
    where = namespace(plan.view)
    spec: Obj = {
        "interval": "1h",
        "timeout": "15m",
        "releaseName": chart.release,
        "targetNamespace": release.namespace,
        "storageNamespace": release.namespace,
    }
    if release.vendored is not None:
        git = {"kind": "GitRepository", "name": SOURCE, "namespace": where}
        spec["chart"] = {"spec": {"chart": f"./{release.vendored}", "sourceRef": git, "reconcileStrategy": "Revision"}}
    elif chart.repository.startswith("oci://"):
        spec["chartRef"] = {"kind": "OCIRepository", "name": source_name(release), "namespace": where}
    else:
        spec["chart"] = {
            "spec": {
                "chart": chart.chart,
                "version": chart.version,
                "sourceRef": {"kind": "HelmRepository", "name": source_name(release), "namespace": where},
            }
        }
    own = [entry.chart.release for entry in unit.releases]
    needs = [*waits(folder, plan.units, unit), *own[: own.index(chart.release)]]
    if needs:
        spec["dependsOn"] = [{"name": name} for name in needs]
    spec["install"] = {"crds": "CreateReplace", "remediation": {"retries": 5}}
    spec["upgrade"] = {"crds": "CreateReplace", "remediation": {"retries": 3, "remediateLastFailure": True}}
    spec["driftDetection"] = {"mode": "enabled"}
    if release.values:
        spec["values"] = dict(release.values)
    made = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": chart.release, "namespace": where},
        "spec": spec,
    }
    return dressed(plan.view, made, release.decision, unit.id)


def source_name(release: Release) -> str:
    """The source of a chart: a repository is shared by its charts, an OCI artifact is one chart."""
    chart = release.chart
    stem = re.sub(r"^(https|oci)://", "", chart.repository).strip("/")
    if chart.repository.startswith("oci://"):
        stem = f"{stem}-{chart.chart}"
    return short(re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-"), 63)


def _sources(plan: Plan) -> list[Obj]:
    found: dict[str, Obj] = {}
    for folder in plan.folders:
        for _, release in plan.releases(folder):
            if release.vendored is not None:
                continue
            chart, name = release.chart, source_name(release)
            metadata = {"name": name, "namespace": namespace(plan.view)}
            if chart.repository.startswith("oci://"):
                found[name] = {
                    "apiVersion": "source.toolkit.fluxcd.io/v1",
                    "kind": "OCIRepository",
                    "metadata": metadata,
                    "spec": {
                        "interval": "24h",
                        "url": f"{chart.repository.rstrip('/')}/{chart.chart}",
                        "ref": {"tag": chart.version},
                        "layerSelector": {
                            "mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                            "operation": "copy",
                        },
                    },
                }
            else:
                found[name] = {
                    "apiVersion": "source.toolkit.fluxcd.io/v1",
                    "kind": "HelmRepository",
                    "metadata": metadata,
                    "spec": {"interval": "24h", "url": chart.repository},
                }
    return [dressed(plan.view, found[name], DELIVERY, name) for name in sorted(found)]


def index(plan: Plan) -> dict[str, list[Obj]]:
    """File name to the sources and to the Kustomizations of a cluster's folders, each waiting for the one before."""
    steps: list[Obj] = []
    before: str | None = None
    for folder in plan.folders:
        if folder.name not in plan.paths:
            continue
        step = _step(plan.view, folder.stage, plan.paths[folder.name], before)
        changed = changed_live(plan.view) if folder.layer == "workloads" and leaves_alone(plan.view) else []
        if changed:
            step["spec"]["ignore"] = [
                {
                    "paths": [entry["pointer"]],
                    "target": {key: entry[key] for key in ("group", "kind", "name", "namespace") if entry[key]},
                }
                for entry in changed
            ]
        steps.append(step)
        before = folder.stage
    found = {"folders.yaml": steps}
    sources = _sources(plan)
    if sources:
        found = {"sources.yaml": sources, **found}
    return found


def leaves_alone(view: View) -> bool:
    """True from the release on that leaves fields alone which others change (kustomize-controller 1.9, Flux 2.9:
    https://github.com/fluxcd/kustomize-controller/blob/main/CHANGELOG.md)."""
    release = view.design.release(view.design.chosen("deployment")[0])
    if release is None:
        return False
    major, minor = (int(part) for part in release.version.lstrip("v").split(".")[:2])
    return (major, minor) >= (2, 9)


def _step(view: View, name: str, path: str, before: str | None) -> Obj:
    spec: Obj = {
        "interval": "1h",
        "retryInterval": "2m",
        "timeout": "20m",
        "path": f"./{located(view, path)}",
        "prune": prune(view),
        "wait": True,
        "sourceRef": {"kind": "GitRepository", "name": SOURCE},
    }
    if before is not None:
        spec["dependsOn"] = [{"name": before}]
    for opened in view.gather("decryption", "secrets-delivery"):
        spec["decryption"] = opened
    made = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": namespace(view)},
        "spec": spec,
    }
    return dressed(view, made, DELIVERY, name)


def root(plans: tuple[Plan, ...]) -> dict[str, list[Obj]]:
    """File name under 00-bootstrap/root to the source and the first Kustomization of each cluster."""
    found: dict[str, list[Obj]] = {}
    for plan in plans:
        view = plan.view
        git = {
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "GitRepository",
            "metadata": {"name": SOURCE, "namespace": namespace(view)},
            "spec": {
                "interval": str(view.setting("delivery.interval", "5m")),
                "url": repository(view),
                "ref": {"branch": branch(view)},
                "secretRef": {"name": "repository"},
            },
        }
        first = _step(view, short(root_name(view), 63), f"manifests/clusters/{view.cluster.name}/delivery", None)
        found[f"{view.cluster.name}.yaml"] = [dressed(view, git, DELIVERY, SOURCE), first]
    return found
