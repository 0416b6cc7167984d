"""Runbooks: what a person does, in order, to build, to bring back and to take away; and the site that shows it all.

Steps in clusters come from the manifests, steps outside of them from the components' hand-over. Restoring is put
together from what is stored where, and what backs it up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from catalog import handover
from catalog.components import Component
from catalog.components import Step as HandOver
from catalog.design import Design
from catalog.phrases import listed
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Stamp
from exporters.records.history import history
from exporters.records.text import bullets, code, fenced, heading, link, md, numbered, page, said, scalar, seen, source

SITE = "mkdocs.yml"
START = "docs/index.md"
"""The first page of the site, where its name leads."""

SAVING = ("backup", "backup-destination", "etcd-backup", "volume-snapshots", "restore-drills", "disaster-recovery")
"""Decisions whose choices help to bring something back, in the order in which they do."""


class Doing(Protocol):
    """A step as the manifests give it."""

    @property
    def cluster(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def do(self) -> str: ...
    @property
    def command(self) -> str: ...
    @property
    def see(self) -> str: ...
    @property
    def link(self) -> str: ...


class Runbooks:
    """docs/runbooks/*.md, mkdocs.yml and the first page of that site."""

    name = "runbooks"
    title = "Runbooks"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """Bootstrap, restore, removal, upgrade, and the site."""
        yield Artifact(paths.runbook("bootstrap"), page(_bootstrap(design)).encode())
        yield Artifact(paths.runbook("removal"), page(_removal(design)).encode())
        yield Artifact(paths.runbook("restore"), page(_restore(design)).encode())
        yield Artifact(paths.runbook("upgrade"), page(_upgrade(design)).encode())
        yield Artifact(SITE, _site(design, earlier).encode())
        yield Artifact(START, page(_start(design)).encode())


EXPORTER: Exporter = Runbooks()


def _steps(done: Iterable[Doing], level: int, where: str) -> Iterator[str]:
    """Steps as numbered headings, so that somebody can say which one failed."""
    for number, step in enumerate(done, 1):
        place = f"{md(where)}, " if where else ""
        yield heading(level, f"{place}{number}. {md(step.title)}")
        yield f"{said(step.do)} ({source(step.link)})" if step.link else said(step.do)
        if step.command:
            yield fenced(step.command)
        if step.see:
            yield f"You then see: {seen(step.see)}"


def _where(design: Design, cluster: str) -> str:
    """What tells a step's heading from the same one of another cluster."""
    return cluster if len(design.clusters) > 1 else ""


def _by_cluster(done: Sequence[Doing]) -> dict[str, list[Doing]]:
    found: dict[str, list[Doing]] = {}
    for step in done:
        found.setdefault(step.cluster, []).append(step)
    return found


_LAYERS = {
    "before": ("network", "security", "storage", "registry", "dns", "load-balancing", "cdn", "cluster-network", "reliability",
               "delivery", "kubernetes"),
    "after": ("kubernetes", "network", "security", "storage", "registry", "cluster-network", "load-balancing", "dns", "cdn",
              "reliability", "delivery"),
}
"""In which order things are made: what the others stand on first, so zones before the certificates that are proven in them, the
clusters themselves last, and in them the entry before the names that lead to it."""

_TIMES = {
    "before": "Before the clusters",
    "after": "Once the clusters run",
    "again": "From then on, again and again",
}
_AGAIN = {"before": "", "after": ", in running clusters", "again": ", from then on"}


def _by_hand(design: Design, when: str) -> Iterator[str]:
    """What is done by hand at this time, of each component that has something to do then."""
    order = {name: place for place, name in enumerate(_LAYERS.get(when, ()))}

    def rank(component: Component) -> int:
        return order.get(design.catalog.layer_of[design.selected_roles(component.id)[0]], len(order))

    found: list[str] = []
    for component in sorted(design.selected(), key=rank):
        times = [(handover.time(design, component, step), step) for step in handover.steps(design, component)]
        steps = [step for time, step in times if time == when]
        if not steps:
            continue
        # what is done twice has two headings that a link can tell apart
        again = not {time for time, _ in times}.isdisjoint(list(_TIMES)[: list(_TIMES).index(when)])
        found.append(heading(3, md(component.title) + (_AGAIN[when] if again else "")))
        for number, step in enumerate(steps, 1):
            found.append(_told(number, step, early=when == "before"))
    if found:
        yield heading(2, _TIMES[when])
        yield from found


def _told(number: int, step: HandOver, *, early: bool) -> str:
    parts = [f"{number}. {said(step.do)} ({source(step.link)})"]
    if early and step.command and step.see and handover.asks(step):
        return f"{parts[0]}\n\n   Once the cluster runs, {code(step.command)} tells: {seen(step.see)}"
    if step.command:
        parts.append(_indented(fenced(step.command)))
    if step.see:
        # what is made before the clusters is often seen in them only
        later = early and not _CLUSTERED.isdisjoint(re.findall(r"(?<!-)\b[a-z]+", step.see.lower()))
        then = "Once the cluster runs" if later else "You then see"
        parts.append(f"   {then}: {seen(step.see)}")
    return "\n\n".join(parts)


_CLUSTERED = frozenset({"kubeconfig", "kubectl", "node", "nodes", "pod", "pods", "velero"})
"""Words of what nobody sees before a cluster runs."""


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" if line else "" for line in text.splitlines())


def _bootstrap(design: Design) -> Iterator[str]:
    from exporters.manifests import bootstrap

    yield f"# Bootstrap of {md(design.name)}"
    yield ("From nothing to clusters that follow this repository: what is made by hand before them, then cluster by cluster, "
           "then what can only be done once they run. A step uses only what the steps before it made, and can be repeated "
           f"without harm. Run the commands from the folder that holds {code(paths.LOCK)}.")
    if design.placeholders:
        yield "Set these first; until then they hold values that work nowhere:"
        yield bullets(code(name) for name in design.placeholders)
    yield from _by_hand(design, "before")
    for cluster, done in _by_cluster(bootstrap.steps(design)).items():
        yield heading(2, f"Cluster {code(cluster)}")
        yield from _steps(done, 3, _where(design, cluster))
    yield from _by_hand(design, "after")
    yield from _by_hand(design, "again")


def _upgrade(design: Design) -> Iterator[str]:
    from exporters.manifests import runbooks

    yield f"# Another version of Kubernetes for {md(design.name)}"
    yield ("A minor is maintained for fourteen months, so this happens two or three times a year. One minor at a time; "
           "clusters that are not production go first, and production follows when they have been quiet for a week.")
    yield numbered([
        "Ask what would have to change with it, and change that first: releases that do not support it, kinds that it drops.",
        "Read the urgent notes of the new minor, and those of the platform.",
        "Take a backup, and see that the last restore drill passed.",
        "Go on cluster by cluster, as below.",
        "Where components have to follow, export again and merge; let the delivery tool finish before the next cluster.",
    ])
    yield fenced("k8s-wizard upgrade answers.yaml --to-kubernetes <MINOR>")
    for cluster, done in _by_cluster(runbooks.upgrade(design)).items():
        yield heading(2, f"Cluster {code(cluster)}")
        yield from _steps(done, 3, _where(design, cluster))
    yield from _another_answer(design)


def _another_answer(design: Design) -> Iterator[str]:
    """What a change of answers asks of clusters that run; `diff` tells it for two designs at hand."""
    from exporters.manifests import through
    from exporters.manifests.view import views

    yield heading(2, "Another answer")
    yield "Before the export of other answers is merged, ask what it changes in clusters that run:"
    yield fenced("k8s-wizard diff answers.yaml <OTHER ANSWERS>")
    yield ("It tells, in the order in which it is done and with the commands: what no running cluster becomes, what is lost with "
           "what goes, which files of nodes, values of Secrets and steps by hand have to be there before the merge, which "
           "objects a cluster does not change in place, and what stays until somebody takes it away: namespaces, kinds, volumes, "
           "what the bootstrap installed.")
    if design.clusters and through.module(views(design)[0]).FOLLOWS_GIT:
        tool = md(listed([design.catalog.components[id_].title for id_ in design.chosen(through.DELIVERY)]))
        yield (f"**Another delivery tool** has an order of its own, which it tells too. {tool} takes away what Git no longer "
               f"says, and the export for another tool says nothing that {tool} knows: merge it before {tool} is let go of, and "
               "everything that runs is deleted. The same holds for a second cluster, where one tool then serves both under "
               "other names.")


def _removal(design: Design) -> Iterator[str]:
    from exporters.manifests import runbooks

    yield f"# Removal of {md(design.name)}"
    yield "The way back, in the reverse order of the bootstrap. Take a last backup of what is stored first:"
    stored = [f"{md(component.title)}: {said(text)}" for component in design.selected() for text in component.stores]
    yield bullets(stored) if stored else "Nothing in this design stores anything."
    for cluster, done in _by_cluster(runbooks.removal(design)).items():
        yield heading(2, f"Cluster {code(cluster)}")
        yield from _steps(done, 3, _where(design, cluster))
    outside = [component for component in design.selected() if component.support == "hand-over" and component.outside]
    if outside:
        yield heading(2, "Outside of the clusters")
        yield ("What was set up by hand for these stands outside of the clusters, and is taken down by hand in this order, but "
               "for what others use or what has to be kept:")
        yield bullets(f"{md(component.title)} ({source(component.documentation)})" for component in reversed(outside))


def _restore(design: Design) -> Iterator[str]:
    from exporters.manifests import runbooks

    origin = paths.runbook("restore")
    book = link("bootstrap", paths.link(origin, paths.runbook("bootstrap")))
    yield f"# Restoring {md(design.name)}"
    goals = [f"{md(design.catalog.questions[name].title)} **{md(_answer(design, name))}**"
             for name in ("recovery-point", "recovery-time") if name in design.context]
    if goals:
        yield bullets(goals)
    yield heading(2, "What is there to restore")
    stored = [(component, text) for component in design.selected() for text in component.stores]
    if stored:
        yield bullets(f"{md(component.title)}: {said(text)}" for component, text in stored)
    else:
        yield "No part of this design keeps anything that Git does not have."
    state = [workload for workload in design.workloads if workload.volumes]
    if state:
        yield "Volumes of the workloads:"
        yield bullets(f"{md(workload.name)}: {code(volume.path)} of {md(volume.size)}"
                      for workload in state for volume in workload.volumes)
    yield heading(2, "In this order")
    savers = [design.catalog.components[id_] for decision in SAVING if decision in design.catalog.decisions
              for id_ in design.chosen(decision)]
    steps = [
        "Say that you restore, and stop deployments, so that nobody changes what you look at.",
        "Find out what is lost: objects of a cluster, volumes, a whole cluster, or a whole place.",
        f"Where a cluster is lost, make it anew by the {book}, up to and without the workloads.",
    ]
    saved = _by_cluster(runbooks.etcd(design))
    if saved:
        steps.insert(2, "Where only etcd is lost (its machines are there, and most of its members are not), bring it back from a "
                        "copy, as below: objects of all namespaces come with it, volumes are where they were.")
    if savers:
        names = ", ".join(f"{md(component.title)} ({source(component.documentation)})" for component in
                          {component.id: component for component in savers}.values())
        steps.append(f"Bring back what was saved, newest good copy first, with: {names}.")
    else:
        steps.append("Nothing was chosen that saves objects or volumes: what Git does not have is lost.")
    steps += ["Let the delivery tool bring everything else from Git, and wait until it is in place.",
              "See that the host names answer, that data is as old as you expected, and that alerts are quiet.",
              "Write down how long it took and what was missing, beside the goals above."
              if goals else "Write down how long it took and what was missing."]
    yield numbered(steps)
    for cluster, done in saved.items():
        yield heading(2, f"A lost etcd: {code(cluster)}")
        yield from _steps(done, 3, f"etcd of {cluster}" if _where(design, cluster) else "etcd")
    for cluster, done in _by_cluster(runbooks.restore(design)).items():
        yield heading(2, f"A lost cluster: {code(cluster)}")
        yield from _steps(done, 3, _where(design, cluster))


def _answer(design: Design, question: str) -> str:
    from exporters.records.story import words_of

    return words_of(design).value(question, str(design.context[question].value))


def _start(design: Design) -> Iterator[str]:
    yield f"# Architecture of {md(design.name)}"
    yield bullets([
        f"{link('The overview', paths.link(START, paths.OVERVIEW))}: what was asked and decided, in pictures and tables",
        f"{link('The decisions', paths.link(START, paths.records_index()))}: why, what else was possible, and what would "
        "change it",
        "The runbooks: " + listed([link(name, paths.link(START, paths.runbook(name))) for name in _BOOKS]),
    ])


_BOOKS = ("bootstrap", "upgrade", "restore", "removal")


def _site(design: Design, earlier: Earlier) -> str:
    """mkdocs.yml: `mkdocs build` shows everything under docs/."""
    layers: dict[str, list[str]] = {}
    for subject in history(design, earlier).subjects:
        layer = design.catalog.layers[design.catalog.layer_of[subject.entries[0].decision]].title
        layers.setdefault(layer, []).append(subject.path.removeprefix("docs/"))
    lines = [
        f"site_name: {scalar(f'Architecture of {design.name}')}",
        "docs_dir: docs",
        "use_directory_urls: false",
        "validation:",
        "  links:",
        "    not_found: info",
        "theme:",
        "  name: mkdocs",
        "markdown_extensions:",
        "  - tables",
        "  - fenced_code",
        "  - sane_lists",
        "nav:",
        "  - Start: index.md",
        "  - Overview: architecture/README.md",
        "  - Decisions:",
        "      - All: decisions/README.md",
        # Without a name of its own an entry is called what its page is called.
        *(line for layer, records in layers.items()
          for line in (f"      - {scalar(layer)}:", *(f"          - {path}" for path in records))),
        "  - Runbooks:",
        *(f"      - {name.capitalize()}: runbooks/{name}.md" for name in _BOOKS),
    ]
    return "\n".join(lines) + "\n"
