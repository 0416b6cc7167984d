"""One decision record in the form of MADR 4: front matter, problem, drivers, options, outcome, and what was not chosen.

Lays out what `story.py` tells. Text below the marker at the end belongs to people and is carried over as it is.
https://adr.github.io/madr/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.design import Design
from exporters import paths
from exporters.base import Stamp
from exporters.records.history import Subject, comment, yours
from exporters.records.story import Story, priorities
from exporters.records.text import bullets, code, fenced, heading, link, md, numbered, page, prose, said, scalar, seen

PICTURES = {"overview": "the whole architecture"}
"""Views that every record links to; what a view shows in a few words."""


def record(design: Design, subject: Subject, stories: Sequence[Story], stamp: Stamp, pictures: Iterable[str]) -> str:
    """The text of a record. `pictures` are exported paths of pictures that exist."""
    title = _title(design, subject, stories)
    blocks = [_front(subject, stamp), f"# {title}"]
    if subject.before is not None and subject.before.number != subject.number:
        old = subject.before
        blocks.append(f"> Supersedes {link(f'{old.number:04d}', paths.link(subject.path, old.path))}.")
    single = len({story.entry.decision for story in stories}) == 1
    if single:
        blocks += _single(design, stories)
    else:
        blocks += _shared(design, subject, stories)
    blocks += ["## More Information", bullets(_more(subject, stories, pictures)), comment(subject)]
    return page([*blocks, yours(subject.before.text if subject.fate == "again" and subject.before else None)])


def _front(subject: Subject, stamp: Stamp) -> str:
    lines = [f"status: {stamp.status}"]
    if stamp.date:
        lines.append(f"date: {stamp.date}")
    if stamp.author:
        lines.append(f"decision-makers: [{scalar(stamp.author)}]")
    return "\n".join(["---", *lines, "---"])


def _title(design: Design, subject: Subject, stories: Sequence[Story]) -> str:
    first = stories[0]
    if len({story.entry.decision for story in stories}) > 1:
        layer = design.catalog.layers[design.catalog.layer_of[first.entry.decision]]
        return f"{md(layer.title)}: the smaller choices"
    if len(stories) == 1:
        return f"{md(first.title)}: {md(first.chosen)}"
    return f"{md(first.title)}: {md(', '.join(dict.fromkeys(story.chosen for story in stories)))}"


# One decision


def _single(design: Design, stories: Sequence[Story]) -> list[str]:
    first = stories[0]
    decision = design.catalog.decisions[first.entry.decision]
    layer = design.catalog.layers[design.catalog.layer_of[decision.id]]
    drivers = list(dict.fromkeys(driver for story in stories for driver in story.drivers()))
    blocks = ["## Context and Problem Statement", f"{said(decision.problem)} {_place(layer.title, layer.summary)}"]
    blocks += ["## Decision Drivers", bullets([*drivers, f"What counts most here: {priorities(design)}."])]
    blocks += ["## Considered Options", bullets(_options(first, stories))]
    blocks += ["## Decision Outcome"]
    for story in stories:
        blocks += _outcome(story, several=len(stories) > 1)
    settings = list(dict.fromkeys(line for story in stories for line in story.settings()))
    if settings:
        blocks += ["Set to:", bullets(settings)]
    blocks += ["### Consequences", bullets(_all(story.consequences() for story in stories))]
    undo = _all(story.undo() for story in stories)
    if undo:
        blocks += ["### Undoing it", "\n\n".join(undo)]
    blocks += ["### Confirmation", *_confirmation(stories)]
    blocks += _others(stories)
    triggers = _all(story.triggers(design.catalog.as_of) for story in stories)
    if triggers:
        blocks += ["## When to look at it again", bullets(triggers)]
    return blocks


def _place(title: str, summary: str) -> str:
    return f"It belongs to the layer *{md(title)}*: {prose(summary[:1].lower() + summary[1:])}"


def _options(first: Story, stories: Sequence[Story]) -> Iterable[str]:
    chosen = {component for story in stories for component in story.entry.chosen}
    states = {"available": "possible", "implied": "possible", "excluded": "ruled out"}
    for option in sorted(first.options, key=lambda option: option.component not in chosen):
        label = md(first.name(option.component)) if option.component != "none" else md(_none(first))
        if option.component in chosen:
            yield f"**{label}**, chosen: {said(first.summary(option.component))}"
        else:
            yield f"{label}, {states[option.state]}"


def _none(story: Story) -> str:
    name = story.name("none")
    return "None" if name == "none" else name


def _outcome(story: Story, several: bool) -> list[str]:
    because, steps = story.why()
    where = f" in {md(story.clusters)}" if several and story.clusters else ""
    name = md(story.chosen) if story.entry.components else md(_none(story))
    text = f"Chosen{where}: **{name}**, because {because}"
    if steps:
        return [f"{text.rstrip('.')}:", numbered(steps)]
    return [text if text.endswith(".") else f"{text}."]


def _confirmation(stories: Sequence[Story]) -> list[str]:
    checks: list[str] = []
    by_hand: list[str] = []
    for component in {entry.id: entry for story in stories for entry in story.components}.values():
        namespace = component.install.namespace if component.install else ""
        roles = {story.entry.decision for story in stories}
        for chart in component.install.charts if component.install else ():
            if not chart.roles or roles & set(chart.roles):
                checks.append(f"The chart {code(chart.chart)} is installed in the namespace "
                              f"{code(chart.namespace or namespace)} at the version of {code(paths.LOCK)}.")
        if component.install and not component.install.charts:
            checks.append(f"The objects that carry out {md(component.title)} stand as they were exported.")
        by_hand += [f"{said(step.do)} Then: {seen(step.see)}" for step in component.handover if step.see]
    blocks = []
    if checks:
        blocks += [f"{code('k8s-wizard verify DIR --records')} holds the manifests to this:", bullets(checks)]
    else:
        blocks.append(f"{code('k8s-wizard verify DIR --records')} checks that everything exported for this decision "
                      "stands as it was exported.")
    if by_hand:
        blocks += ["By hand:", bullets(dict.fromkeys(by_hand))]
    return blocks


def _others(stories: Sequence[Story]) -> list[str]:
    chosen = {component for story in stories for component in story.entry.chosen}
    blocks: list[str] = []
    first = stories[0]
    for option in first.options:
        if option.component not in chosen:
            label = first.name(option.component) if option.component != "none" else f"{_none(first)} at all"
            if _none(first) != "None" and option.component == "none":
                label = _none(first)
            blocks += [heading(3, md(label)), bullets(first.against(option))]
    return ["## Why not the others", *blocks] if blocks else []


def _more(subject: Subject, stories: Sequence[Story], pictures: Iterable[str]) -> Iterable[str]:
    for picture in pictures:
        yield f"{link('The picture of the whole architecture', paths.link(subject.path, picture))}"
    yield link("The overview of the design", paths.link(subject.path, paths.OVERVIEW))
    if any(component.install for story in stories for component in story.components):
        yield link("The manifests", paths.link(subject.path, paths.MANIFESTS))
    yield from dict.fromkeys(line for story in stories for line in story.sources())


# Small decisions of a layer


def _shared(design: Design, subject: Subject, stories: Sequence[Story]) -> list[str]:
    layer = design.catalog.layers[design.catalog.layer_of[stories[0].entry.decision]]
    blocks = [
        "## Context and Problem Statement",
        f"{said(layer.summary)} These choices of the layer are small enough to share a record.",
    ]
    drivers = _all(story.drivers() for story in stories)
    blocks += ["## Decision Drivers", bullets([*drivers, f"What counts most here: {priorities(design)}."])]
    blocks += ["## Considered Options", bullets(
        f"{md(story.title)}: {', '.join(md(_shown(story, option.component)) for option in story.options)}"
        for story in _one_each(stories)
    )]
    blocks += ["## Decision Outcome"]
    for decision in dict.fromkeys(story.entry.decision for story in stories):
        same = [story for story in stories if story.entry.decision == decision]
        blocks += [heading(3, md(same[0].title)), said(design.catalog.decisions[decision].problem)]
        for story in same:
            blocks += _outcome(story, several=len(same) > 1)
        blocks.append(bullets(_all([*story.consequences(), *story.undo(), *story.settings()] for story in same)))
    blocks += ["### Confirmation", *_confirmation(stories)]
    triggers = _all(story.triggers(design.catalog.as_of) for story in stories)
    if triggers:
        blocks += ["## When to look at it again", bullets(triggers)]
    return blocks


def _shown(story: Story, component: str) -> str:
    return _none(story) if component == "none" else story.name(component)


def _one_each(stories: Sequence[Story]) -> list[Story]:
    return list({story.entry.decision: story for story in reversed(stories)}.values())[::-1]


def _all(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(line for part in parts for line in part))


__all__ = ["fenced", "record"]
