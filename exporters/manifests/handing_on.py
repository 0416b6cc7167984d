"""Another delivery tool, or the same one that calls things otherwise: in which order a running cluster gets from one to the
other, so that what runs goes on running.

Whoever follows Git prunes what Git no longer says, and an export for another tool no longer says what this one knows the
cluster by. So the old tool is let go of before the new export reaches its branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.design import Design
from exporters.manifests import again, through
from exporters.manifests.bootstrap import BootstrapStep as Step
from exporters.manifests.bootstrap import releases
from exporters.manifests.gone import Gone
from exporters.manifests.order import Release
from exporters.manifests.plan import plans
from exporters.manifests.through import Plan

_OWN = ("Everything else", "The platform", through.AS_FAR, through.FILLED)
"""Steps of the bootstrap that `taken_over` says in its own way."""


def steps(before: Design, after: Design, left: Sequence[Gone]) -> tuple[Step, ...]:
    """Every step, in order; nothing where the tool stays. What it leaves behind (`left`, but for what has to go first) is
    taken away after them."""
    now = {plan.view.cluster.name: plan for plan in plans(after)}
    made = [(plan, now[plan.view.cluster.name]) for plan in plans(before) if plan.view.cluster.name in now]
    pairs = [(old, new) for old, new in made if not through.same(old.view, new.view)]
    if not pairs:
        return ()
    return tuple(_steps(pairs, after, left, again.steps(before, after)))


def _steps(pairs: Sequence[tuple[Plan, Plan]], after: Design, left: Sequence[Gone], more: Sequence[Step]) -> Iterator[Step]:
    for old, _ in pairs:
        name, module = old.view.cluster.name, through.module(old.view)
        yield from (Step(name, *step) for step in module.stop(old, through.home(old.view)))
        first = [entry for entry in left if entry.cluster == name and entry.before]
        if first:
            do = "While the old tool still runs, take away what the new design no longer has and nothing else could take away."
            yield Step(name, "What goes first", do, "\n".join(entry.command for entry in first), "Each is said to be deleted.")
    for old, _ in pairs:
        yield from (Step(old.view.cluster.name, *step) for step in through.module(old.view).let_loose(old))
    yield Step(
        ", ".join(old.view.cluster.name for old, _ in pairs),
        "Merge the new export",
        "Only now: until here the old tool would have taken away what the new files no longer say in its words."
        if any(through.module(old.view).FOLLOWS_GIT for old, _ in pairs)
        else "From here on no pipeline of the old export may run: it would bring back the old files.",
        see="No pod is restarted, and nothing is deleted.",
    )
    for old, new in pairs:
        name, module = new.view.cluster.name, through.module(new.view)
        own = [step for step in more if step.cluster == name and not (module.RETAKES and step.title in _OWN)]
        yield from (step for step in own if step.command)
        yield from (replace(Step(name, *step), decision=through.DELIVERY) for step in module.taken_over(new, _known(old, new)))


def _known(old: Plan, new: Plan) -> list[Release]:
    """Charts that the new tool brings and that Helm keeps notes of since the old one brought them."""
    if through.module(old.view).RENDERS:
        return []
    before = {(release.namespace, release.chart.release) for folder in old.folders for _, release in old.releases(folder)}
    first = {(release.namespace, release.chart.release) for release in releases(new.view)}
    return [
        release
        for folder in new.folders
        for _, release in new.releases(folder)
        if (named := (release.namespace, release.chart.release)) in before and named not in first
    ]
