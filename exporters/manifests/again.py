"""What a change of the design asks of a person in clusters that run: steps of the bootstrap that are new, or that apply what
is not what it was. No delivery tool does them: charts and kinds that come before it, its projects, roots and Secrets. And what
the catalog hands over to people beside the bootstrap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from catalog import handover
from catalog.design import Design
from exporters import paths
from exporters.manifests import bootstrap, cluster, secrets_moved, through
from exporters.manifests.bootstrap import BootstrapStep as Step
from exporters.manifests.plan import bootstrap_files, plans
from exporters.manifests.through import Plan
from exporters.manifests.view import View


class Handed(NamedTuple):
    """A step of the catalog for people, and when it is done: `before` what needs it is applied, `after` it, or `again` and
    again."""

    title: str
    comes: str
    do: str
    command: str
    link: str


def handed(before: Design, after: Design) -> tuple[Handed, ...]:
    """What the second design hands over to people and the first one did not, beside steps of the bootstrap."""
    known = {(entry.title, entry.do, entry.command) for entry in _handed(before)}
    return tuple(entry for entry in _handed(after) if (entry.title, entry.do, entry.command) not in known)


def _handed(design: Design) -> Iterator[Handed]:
    for component in design.selected():
        for step in handover.steps(design, component):
            comes = handover.time(design, component, step)
            if comes != "cluster":
                yield Handed(component.title, comes, step.do, step.command or "", step.link)


def steps(before: Design, after: Design) -> tuple[Step, ...]:
    """In the order of the bootstrap, what Secrets need first; nothing for clusters that come, whose bootstrap is a runbook."""
    past = bootstrap.steps(before)
    done = {(step.cluster, step.command or step.do) for step in past}
    there = {each.name for each in before.clusters} or {step.cluster for step in past}
    fetched = {line for step in past if step.title == bootstrap.CARRY for line in step.command.splitlines()}
    old, new = bootstrap_files(before), bootstrap_files(after)
    now = {plan.view.cluster.name: plan for plan in plans(after)}
    pairs = [(plan, now[name]) for plan in plans(before) if (name := plan.view.cluster.name) in now]
    found = [step for pair in pairs for step in secrets_moved.steps(*pair)]
    piped = {new.view.cluster.name for old, new in pairs if _by_pipeline(old, new)}
    brought = (*through.WAITING, through.AS_FAR, through.FILLED)
    for step in bootstrap.steps(after):
        if step.cluster not in there or (step.cluster in piped and step.title in brought):
            continue
        if step.title == bootstrap.CARRY:
            lines = [line for line in step.command.splitlines() if line not in fetched]
            fetched |= set(lines)
            if lines:
                found.append(replace(step, command="\n".join(lines)))
        elif (step.cluster, step.command or step.do) not in done or _applied(step.command, old) != _applied(step.command, new):
            found.append(step)
    return tuple(found)


def starts(after: Design) -> frozenset[str]:
    """Titles of the steps that need the new export in Git: what starts the delivery tool, or lets a cluster join it."""
    return frozenset(step.title for plan in plans(after) for step in bootstrap.start(plan))


def rejoined(before: Design, after: Design) -> tuple[Step, ...]:
    """Restarts of what runs in namespaces that become members of a mesh otherwise: a pod joins or leaves as it starts."""
    found = []
    now = {plan.view.cluster.name: plan.view for plan in plans(after)}
    for plan in plans(before):
        name = plan.view.cluster.name
        new = now.get(name)
        if new is None or _joining(plan.view) == _joining(new):
            continue
        stay = set(cluster.workload_namespaces(plan.view))
        for space in (each for each in cluster.workload_namespaces(new) if each in stay):
            command = f"kubectl --context {name} --namespace {space} rollout restart deployment,statefulset,daemonset"
            found.append(Step(name, f"Restart {space}", "Restart what runs in it.", command, decision="mesh"))
    return tuple(found)


def _joining(view: View) -> list[object]:
    return [(member.get("namespace_labels"), member.get("namespace_annotations")) for member in view.gather("sidecars", "mesh")]


def _by_pipeline(old: Plan, new: Plan) -> bool:
    """Whether a pipeline goes on bringing every folder, with no halt that it did not have."""
    if through.module(new.view).FOLLOWS_GIT or not through.same(old.view, new.view):
        return False
    one, other = ({step.title for step in bootstrap.start(plan)} for plan in (old, new))
    return through.FILLED in one or through.FILLED not in other


def _applied(command: str, files: Mapping[str, object]) -> dict[str, object]:
    """What a command reads of the bootstrap's folder."""
    named = re.findall(rf"{paths.BOOTSTRAP}/\S+", command)
    return {path: body for path, body in files.items() if any(path == name or path.startswith(f"{name}/") for name in named)}
