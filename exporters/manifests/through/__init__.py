"""How charts and folders reach a cluster: Argo CD, Flux, or helmfile run by the pipeline. Chosen by what is installed.

Each module answers the same three questions: which objects stand beside a folder's own (`beside`), what lists a
cluster's folders in order (`index`), and what a person applies once to start it all (`root`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from catalog.components import ChartInstall
from exporters import paths
from exporters.manifests.order import Folder, Release, Unit
from exporters.manifests.references import Obj
from exporters.manifests.shortened import label
from exporters.manifests.view import View

DELIVERY = "deployment"
"""The decision behind what delivers: sources, projects, and what lists the folders."""


WAITING = ("Watch", "The platform", "Everything else")
"""Titles of the steps that end only when what they bring works, Secrets and all."""

JOINING = "Join the delivery tool"
"""Title of the step at which one cluster becomes known to the tool in another: all that waits for it comes at once."""

FILLED = "The store of secrets"
"""Title of the step at which a person fills the store, where no tool comes back to what had to wait for it."""

AS_FAR = "As far as the store of secrets"
"""Title of the step before that one."""


@dataclass(frozen=True)
class Plan:
    """One cluster's part of the export, as the delivery modules see it."""

    view: View
    folders: tuple[Folder, ...]
    units: Mapping[str, Unit]
    paths: Mapping[str, str]
    """Folder name to the path of its kustomization for this cluster; folders without objects here are missing."""

    def releases(self, folder: Folder) -> tuple[tuple[Unit, Release], ...]:
        """The charts of a folder in this cluster, in order."""
        return tuple(
            (self.units[name], release) for name in folder.units if name in self.units for release in self.units[name].releases
        )


def name(view: View) -> str:
    """`argocd`, `flux` or `helmfile`: by the kinds that the deployment tool brings."""
    for component in view.design.chosen("deployment"):
        install = view.design.catalog.components[component].install
        groups = install.crds if install is not None else ()
        if any(entry.endswith("fluxcd.io") for entry in groups):
            return "flux"
        if "argoproj.io" in groups:
            return "argocd"
    return "helmfile"


def module(view: View) -> ModuleType:
    """The module that says how things reach this design's clusters."""
    from exporters.manifests.through import argocd, flux, helmfile

    return {"argocd": argocd, "flux": flux, "helmfile": helmfile}[name(view)]


def central(view: View) -> bool:
    """True where the delivery tool of one cluster, the first, serves all of them."""
    return name(view) == "argocd" and len(view.design.clusters) > 1


def hub(view: View) -> bool:
    """True for the cluster in which the delivery tool runs."""
    return not central(view) or view.cluster.name == view.design.clusters[0].name


def home(view: View) -> str:
    """The cluster in which the delivery tool of this one runs."""
    return view.design.clusters[0].name if central(view) else view.cluster.name


def same(before: View, after: View) -> bool:
    """True where the delivery tool of a cluster stays what and where it is, and goes on calling things the same."""
    return all(ask(before) == ask(after) for ask in (name, namespace, central, home))


def root_name(view: View) -> str:
    """What starts everything is called like the design, and never like one of the folders that it starts."""
    name = label(view.design.name)
    return f"design-{name}" if name.startswith("layer-") else name


def namespace(view: View) -> str:
    """Namespace of the delivery tool."""
    for component in view.design.chosen("deployment"):
        install = view.design.catalog.components[component].install
        if install is not None:
            return install.namespace
    return "delivery"


def repository(view: View) -> str:
    """Address of the repository that the exported tree is committed to: the url setting of the deployment decision."""
    for setting in view.design.catalog.decisions["deployment"].settings:
        if setting.type == "url":
            return str(view.setting(setting.id, setting.placeholder or "https://git.example.com/platform.git"))
    return "https://git.example.com/platform.git"


def branch(view: View) -> str:
    """The branch that is deployed."""
    return str(view.setting("delivery.branch", "main"))


def located(view: View, path: str) -> str:
    """A path of the export as the repository has it: below the folder that the answers name instead of manifests/."""
    folder = str(view.setting("delivery.path", paths.MANIFESTS)).strip("/")
    rest = path.removeprefix(paths.MANIFESTS).strip("/")
    return f"{folder}/{rest}".rstrip("/")


def vendored(view: View, chart: ChartInstall) -> str:
    """Folder that a chart is carried in beside the manifests, where nothing can be fetched from chart repositories."""
    above = str(view.setting("delivery.path", paths.MANIFESTS)).strip("/").rpartition("/")[0]
    return f"{above}/charts/{chart.chart}-{chart.version}".lstrip("/")


def prune(view: View) -> bool:
    """True where what is no longer in Git is removed."""
    return bool(view.setting("delivery.prune", default=True))


def waits(folder: Folder, units: Mapping[str, Unit], unit: Unit) -> Sequence[str]:
    """Releases of the same folder that a unit's charts wait for."""
    return sorted(
        release.chart.release
        for other in folder.units
        if other in unit.after and other in units
        for release in units[other].releases
    )


def changed_live(view: View) -> list[Obj]:
    """Fields of workloads' objects that a controller changes while it tries a new version: delivery leaves them alone."""
    return [entry for answer in view.gather("changed_live", "progressive-delivery") for entry in answer]


def leaves_alone(view: View) -> bool:
    """True where the delivery tool does not set back what `changed_live` names."""
    return bool(module(view).leaves_alone(view))


def beside(plan: Plan, folder: Folder) -> dict[str, list[Obj]]:
    """File name to objects that stand with the folder's own (only Flux has any)."""
    found: dict[str, list[Obj]] = module(plan.view).beside(plan, folder)
    return found


def started(plan: Plan, root: str, watch: str, seen: str) -> list[tuple[str, str, str, str, str]]:
    """The two steps of a tool that follows Git: its root, and waiting. `root`: flag and path of what is applied."""
    name, view = plan.view.cluster.name, plan.view
    page = view.design.catalog.components[view.design.chosen(DELIVERY)[0]].documentation
    return [
        (
            "Start",
            "Apply the root; from here on Git decides what runs.",
            f"kubectl --context {name} apply --server-side {root}",
            "Each line ends with `serverside-applied`.",
            "https://kubernetes.io/docs/reference/using-api/server-side-apply/",
        ),
        ("Watch", "Wait until everything is in place, folder by folder.", watch, seen, page),
    ]
