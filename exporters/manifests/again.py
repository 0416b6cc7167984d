"""What a change of the design asks of a person in clusters that run: steps of the bootstrap that are new, or that apply what
is not what it was. No delivery tool does them: charts and kinds that come before it, its projects, roots and Secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from catalog.design import Design
from exporters import paths
from exporters.manifests import bootstrap
from exporters.manifests.bootstrap import BootstrapStep as Step
from exporters.manifests.plan import bootstrap_files


def steps(before: Design, after: Design) -> tuple[Step, ...]:
    """In the order of the bootstrap; nothing for clusters that come, whose bootstrap is a runbook."""
    past = bootstrap.steps(before)
    done = {(step.cluster, step.command or step.do) for step in past}
    there = {cluster.name for cluster in before.clusters} or {step.cluster for step in past}
    fetched = {line for step in past if step.title == bootstrap.CARRY for line in step.command.splitlines()}
    old, new = bootstrap_files(before), bootstrap_files(after)
    found = []
    for step in bootstrap.steps(after):
        if step.cluster not in there:
            continue
        if step.title == bootstrap.CARRY:
            lines = [line for line in step.command.splitlines() if line not in fetched]
            fetched |= set(lines)
            if lines:
                found.append(replace(step, command="\n".join(lines)))
        elif (step.cluster, step.command or step.do) not in done or _applied(step.command, old) != _applied(step.command, new):
            found.append(step)
    return tuple(found)


def _applied(command: str, files: Mapping[str, object]) -> dict[str, object]:
    """What a command reads of the bootstrap's folder."""
    named = re.findall(rf"{paths.BOOTSTRAP}/\S+", command)
    return {path: body for path, body in files.items() if any(path == name or path.startswith(f"{name}/") for name in named)}
