"""Commands of the runbooks as text: charts by helm, what is carried into a closed network, words said to one cluster.

Nothing here runs anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog import handover
from exporters.manifests.order import Release
from exporters.manifests.view import View

if TYPE_CHECKING:
    from catalog.components import Component
    from exporters.manifests.through import Plan


def here(view: View, text: str) -> str:
    """A command of the catalog, said to this cluster."""
    name = view.cluster.name
    text = text.replace("<cluster>", name).replace("<region>", view.cluster.region or "<region>")
    text = re.sub(r"\bkubectl (?!kustomize\b|--context|--server)", f"kubectl --context {name} ", text)
    text = re.sub(r"^velero (?!--kubecontext)", f"velero --kubecontext {name} ", text, flags=re.M)
    return re.sub(r"\bhelm (?!--kube-context)", f"helm --kube-context {name} ", text)


def turned(command: str) -> str:
    """A command that applies, turned around. What is deleted has no owner to be named."""
    return re.sub(r"\bapply --server-side( --field-manager \S+)?", "delete --ignore-not-found", command)


def carried(view: View, component: Component, command: str) -> tuple[list[str], str]:
    """(what fetches the files of a command, the command with files of the repository) where a cluster cannot fetch."""
    if not view.yes("air-gap"):
        return [], command
    fetches: list[str] = []

    def file(match: re.Match[str]) -> str:
        name = f"charts/{component.id}-{match[1].rpartition('/')[2]}"
        fetches.append(f"curl --fail --location --create-dirs --output {name} {match[1]}")
        return f"-f {name}"

    def built(match: re.Match[str]) -> str:
        name = f"charts/{component.id}-{len(fetches) + 1}.yaml"
        fetches.append(f"kubectl kustomize '{match[1]}' >{name}")
        return f"kubectl apply --server-side -f {name}"

    command = re.sub(r"kubectl kustomize '(https://\S+)' \| kubectl apply --server-side -f -", built, command)
    return fetches, re.sub(r"-f (https://\S+)", file, command)


def carry_commands(plan: Plan) -> list[str]:
    """What fetches every chart that is carried in the repository; empty where clusters can fetch charts themselves."""
    from exporters.manifests import bootstrap

    own = [release for folder in plan.folders for _, release in plan.releases(folder)]
    found = []
    for release in (*bootstrap.releases(plan.view), *own):
        if release.vendored is None:
            continue
        chart, folder = release.chart, release.vendored
        oci = chart.repository.startswith("oci://")
        what = f"{chart.repository.rstrip('/')}/{chart.chart}" if oci else f"{chart.chart} --repo {chart.repository}"
        above = folder.rpartition("/")[0]
        found.append(
            f"helm pull {what} --version {chart.version} --untar --untardir {above} && mv {above}/{chart.chart} {folder}"
        )
    for component in plan.view.design.selected(plan.view.kind.name):
        for step in handover.steps(plan.view.design, component, plan.view.kind):
            if step.command and handover.comes(component, step) == "cluster":
                found.extend(carried(plan.view, component, step.command)[0])
    return list(dict.fromkeys(found))


def helm_command(context: str, release: Release, values: str) -> str:
    """The command that installs a chart, and that repeats without harm."""
    chart = release.chart
    what = (
        f"{chart.repository.rstrip('/')}/{chart.chart}"
        if chart.repository.startswith("oci://")
        else f"{chart.chart} --repo {chart.repository}"
    )
    what = release.vendored or f"{what} --version {chart.version}"
    return (
        f"helm --kube-context {context} upgrade --install {chart.release} {what} "
        f"--namespace {release.namespace} --values {values} --wait --timeout 15m"
    )


def uninstall_command(context: str, release: Release) -> str:
    """The command that takes a chart out again."""
    return f"helm --kube-context {context} uninstall {release.chart.release} --namespace {release.namespace} --wait"
