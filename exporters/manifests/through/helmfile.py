"""helmfile, run by the pipeline: one helmfile per cluster with values files, and kubectl for each folder's objects."""

from __future__ import annotations

from collections.abc import Sequence

from exporters.manifests.order import Folder, Release
from exporters.manifests.references import Obj
from exporters.manifests.through import AS_FAR, FILLED, Plan, waits
from exporters.manifests.view import View

FOLLOWS_GIT = False
RENDERS = False
RETAKES = True
"""What starts it takes nothing from another tool: `taken_over` does."""
AUTHORITY_APART = False
"""Nothing of it runs in a cluster."""
_DOCS = "https://helmfile.readthedocs.io/"
_SEEN = "Each command ends without an error."


def stop(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Nothing: the pipeline runs only when it is asked."""
    return []


KEEPS_NAMESPACES = False


def forgotten(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Nothing: it keeps nothing in a cluster but what Helm keeps."""
    return []


def removed(plan: Plan, release: Release) -> tuple[str, str, str]:
    """Command, what is seen, page."""
    from exporters.manifests.commands import uninstall_command

    name = plan.view.cluster.name
    seen = f'release "{release.chart.release}" uninstalled'
    return uninstall_command(name, release), seen, "https://helm.sh/docs/helm/helm_uninstall/"


def dropped(plan: Plan, release: Release) -> str:
    """What takes out a chart that Git no longer has."""
    return removed(plan, release)[0]


def lists(plan: Plan) -> list[Obj]:
    """Nothing stands in the cluster."""
    return []


def roots(plan: Plan) -> list[Obj]:
    """Nothing stands in the cluster."""
    return []


def unrooted(plan: Plan, body: Obj) -> str:
    """Nothing stands in the cluster."""
    return ""


def let_loose(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Nothing: what is not run holds nothing."""
    return []


def taken_over(plan: Plan, charts: Sequence[Release]) -> list[tuple[str, str, str, str, str]]:
    """The first application takes fields and releases from whoever had them."""
    forced = [
        line.replace("apply --server-side", "apply --server-side --force-conflicts")
        + (" --take-ownership" if line.startswith("helmfile") else "")
        for line in commands(plan)
    ]
    return [
        (
            "Everything, taken over",
            "Apply folder by folder as the pipeline will from now on, this once with what takes fields and charts from the tool "
            "that had them.",
            "\n".join(forced),
            _SEEN,
            "https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts",
        )
    ]


def emptied(plan: Plan, folder: Folder) -> str:
    """What deletes a folder's objects."""
    return f"kubectl --context {plan.view.cluster.name} delete -k {plan.paths[folder.name]} --ignore-not-found --wait"


def _stores(plan: Plan) -> list[str]:
    """Units that are a store of secrets in the cluster itself."""
    return [entry.id for entry in plan.view.providers("secret-store") if entry.id in plan.units]


def _parted(plan: Plan) -> tuple[list[str], list[str], list[str]]:
    """Commands as far as a store of secrets in the cluster, those of the rest of the platform, and the workloads'.

    A release is waited for until its pods are ready, and those that take Secrets are only when the store gives them."""
    stores = _stores(plan)
    last = max((at for at, folder in enumerate(plan.folders) if set(stores) & set(folder.units)), default=-1)
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for at, folder in enumerate(plan.folders):
        parts[2 if folder.layer == "workloads" else 0 if at <= last else 1].extend(_applied(plan, folder))
    return parts


def _as_far(plan: Plan, first: list[str]) -> list[tuple[str, str, str, str, str]]:
    """The step that brings the store of secrets; none where it is not in the cluster."""
    do = "Apply folder by folder up to the store of secrets; what comes after it waits for Secrets, and so for the store."
    return [(AS_FAR, do, "\n".join(first), _SEEN, _DOCS)] if first else []


def start(plan: Plan, stays: str) -> list[tuple[str, str, str, str, str]]:
    """Everything in its order, with a halt at a store of secrets."""
    first, rest, later = _parted(plan)
    found = _as_far(plan, first)
    if found:
        titles = " and ".join(plan.units[name].title for name in _stores(plan))
        do = f"Do now what the last part of this runbook says of {titles}, and put the values in; then go on here."
        found.append((FILLED, do, "", "The store is unsealed and gives the values that the manifests name.", _DOCS))
    do = "Apply folder by folder, as the pipeline will from now on."
    return [*found, ("Everything else", do, "\n".join([*rest, *later]), _SEEN, _DOCS)]


def held(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings everything but the workloads."""
    do = "Apply folder by folder, without the workloads: they would make empty volumes where the backup has full ones."
    first, rest, _ = _parted(plan)
    return [*_as_far(plan, first), ("The platform", do, "\n".join(rest), _SEEN, _DOCS)]


def let_go(plan: Plan, hub: str) -> list[tuple[str, str, str, str, str]]:
    """Brings the workloads."""
    later = "\n".join(_parted(plan)[2])
    return [("The workloads", "Apply them.", later, _SEEN, _DOCS)] if later else []


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
    """What brings everything into the cluster, in install order."""
    return tuple(line for folder in plan.folders for line in _applied(plan, folder))


def _applied(plan: Plan, folder: Folder) -> list[str]:
    """The objects of a folder, then its charts."""
    context, found = plan.view.cluster.name, []
    if folder.name in plan.paths:
        found.append(f"kubectl --context {context} apply --server-side -k {plan.paths[folder.name]}")
    if plan.releases(folder):
        found.append(f"helmfile --file manifests/clusters/{context}/helmfile.yaml --selector folder={folder.name} apply")
    return found
