"""helmfile, run by the pipeline: one helmfile per cluster with values files, and kubectl for each folder's objects."""

from __future__ import annotations

from exporters.manifests.order import Folder, Release
from exporters.manifests.references import Obj
from exporters.manifests.through import Plan, waits
from exporters.manifests.view import View

FOLLOWS_GIT = False


def stop(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Nothing: the pipeline runs only when it is asked."""
    return []


def removed(plan: Plan, release: Release) -> tuple[str, str, str]:
    """Command, what is seen, page."""
    from exporters.manifests.bootstrap import uninstall_command

    name = plan.view.cluster.name
    seen = f'release "{release.chart.release}" uninstalled'
    return uninstall_command(name, release), seen, "https://helm.sh/docs/helm/helm_uninstall/"


def emptied(plan: Plan, folder: Folder) -> str:
    """What deletes a folder's objects."""
    return f"kubectl --context {plan.view.cluster.name} delete -k {plan.paths[folder.name]} --ignore-not-found --wait"


def _parted(plan: Plan) -> tuple[list[str], list[str]]:
    workloads = {plan.paths[folder.name] for folder in plan.folders if folder.layer == "workloads" and folder.name in plan.paths}
    every = commands(plan)
    later = [line for line in every if any(line.endswith(f" {path}") for path in workloads)]
    return [line for line in every if line not in later], later


def held(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings everything but the workloads."""
    do = "Apply folder by folder, without the workloads: they would make empty volumes where the backup has full ones."
    page = "https://helmfile.readthedocs.io/"
    return [("The platform", do, "\n".join(_parted(plan)[0]), "Each command ends without an error.", page)]


def let_go(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings the workloads."""
    later = "\n".join(_parted(plan)[1])
    if not later:
        return []
    return [("The workloads", "Apply them.", later, "Each command ends without an error.", "https://helmfile.readthedocs.io/")]


def leaves_alone(view: View) -> bool:
    """False: what is applied is what the files say."""
    return False


def beside(plan: Plan, folder: Folder) -> dict[str, list[Obj]]:
    """Nothing: charts are no objects here."""
    return {}


def index(plan: Plan) -> dict[str, list[Obj]]:
    """Nothing: the order is in `commands`."""
    return {}


def root(plans: tuple[Plan, ...]) -> dict[str, list[Obj]]:
    """Nothing stands in the cluster: the pipeline starts everything."""
    return {}


def values_path(folder: Folder, release: Release) -> str:
    """Path of a chart's values, relative to manifests/."""
    return f"{folder.name}/values/{release.chart.release}.yaml"


def helmfile(plan: Plan, differing: frozenset[str]) -> Obj:
    """The helmfile of one cluster; `differing` are releases whose values this cluster has a file of its own for."""
    repositories: dict[str, Obj] = {}
    releases: list[Obj] = []
    for folder in plan.folders:
        for unit, release in plan.releases(folder):
            chart = release.chart
            oci = chart.repository.startswith("oci://")
            repository = repository_name(release)
            if not oci and release.vendored is None:
                repositories[repository] = {"name": repository, "url": chart.repository}
            own = f"values/{chart.release}.yaml"
            entry: Obj = {
                "name": chart.release,
                "namespace": release.namespace,
                "chart": f"{chart.repository.rstrip('/')}/{chart.chart}" if oci else f"{repository}/{chart.chart}",
                "version": chart.version,
                "labels": {"folder": folder.name, "decision": release.decision},
                "values": [own if chart.release in differing else f"../../{values_path(folder, release)}"],
            }
            if release.vendored is not None:
                entry["chart"] = f"../../../charts/{chart.chart}-{chart.version}"
                del entry["version"]
            earlier = [other.chart.release for other in unit.releases]
            needs = [*waits(folder, plan.units, unit), *earlier[: earlier.index(chart.release)]]
            if needs:
                spaces = {other.chart.release: other.namespace for name in plan.units for other in plan.units[name].releases}
                entry["needs"] = [f"{spaces[name]}/{name}" for name in needs]
            releases.append(entry)
    return {
        "helmDefaults": {"createNamespace": False, "wait": True, "timeout": 900, "kubeContext": plan.view.cluster.name},
        "repositories": [repositories[name] for name in sorted(repositories)],
        "releases": releases,
    }


def repository_name(release: Release) -> str:
    """A name for a chart repository, from its address."""
    from exporters.manifests.through.flux import source_name

    return source_name(release)


def commands(plan: Plan) -> tuple[str, ...]:
    """What brings everything into the cluster, in install order: objects of a folder, then its charts."""
    context = plan.view.cluster.name
    found = []
    for folder in plan.folders:
        if folder.name in plan.paths:
            found.append(f"kubectl --context {context} apply --server-side -k {plan.paths[folder.name]}")
        if plan.releases(folder):
            found.append(f"helmfile --file manifests/clusters/{context}/helmfile.yaml --selector folder={folder.name} apply")
    return tuple(found)
