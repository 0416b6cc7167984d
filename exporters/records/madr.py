"""One decision record in the form of MADR 4: front matter, problem, drivers, options, outcome, and what was not chosen.

Lays out what `story.py` tells. Text below the marker at the end belongs to people and is carried over as it is.
https://adr.github.io/madr/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog import bill, handover
from catalog.design import Design, OptionState
from catalog.layers import NONE
from catalog.words import listed
from exporters import paths
from exporters.base import Stamp
from exporters.records.history import Subject, comment, yours
from exporters.records.pictures import Shown
from exporters.records.revisit import dated, triggers
from exporters.records.story import ABOVE, Story, priorities, told
from exporters.records.text import bullets, code, fenced, heading, link, md, numbered, page, said, scalar, seen


@dataclass(frozen=True)
class Held:
    """What holds manifests and clusters to a record."""

    policies: Sequence[str] = ()
    """Names of admission policies."""
    absent: Sequence[str] = ()
    """API groups of what was not chosen, of which no object may be there."""


def record(design: Design, subject: Subject, stories: Sequence[Story], stamp: Stamp, pictures: Sequence[Shown],
           held: Held) -> str:
    """The text of a record. `pictures` are those that show what it decides, `held` says what keeps to it."""
    title = _title(design, subject, stories)
    blocks = [_front(subject, stamp), f"# {title}"]
    if subject.before is not None and subject.before.number != subject.number:
        old = subject.before
        blocks.append(f"> Supersedes {link(f'{old.number:04d}', paths.link(subject.path, old.path))}.")
    single = len({story.entry.decision for story in stories}) == 1
    if single:
        blocks += _single(design, stories, held)
    else:
        blocks += _shared(design, stories, held)
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


def _single(design: Design, stories: Sequence[Story], held: Held) -> list[str]:
    first = stories[0]
    decision = design.catalog.decisions[first.entry.decision]
    drivers = told(driver for story in stories for driver in story.drivers())
    several = len({id_ for story in stories for id_ in story.entry.chosen}) > 1
    blocks = ["## Context and Problem Statement", said(decision.problem)]
    blocks += ["## Decision Drivers", bullets([*drivers, *_weights(stories, bool(drivers))])]
    blocks += ["## Considered Options", bullets(_options(first, stories))]
    blocks += ["## Decision Outcome"]
    for story in stories:
        blocks += _outcome(story, several=len(stories) > 1)
    settings = list(dict.fromkeys(line for story in stories for line in story.settings()))
    if settings:
        blocks += ["Set to:", bullets(settings)]
    blocks += ["### Consequences", bullets(_all(story.consequences(several) for story in stories))]
    undo = _all(story.undo() for story in stories)
    if undo:
        blocks += ["### Undoing it", "\n\n".join(undo)]
    blocks += ["### Confirmation", *_confirmation(stories, held)]
    blocks += _others(stories)
    again = _all(triggers(story, design.catalog.as_of) for story in stories)
    if again:
        blocks += ["## When to look at it again", bullets(again)]
    return blocks


def _weights(stories: Sequence[Story], others: bool) -> list[str]:
    """The priorities, where they decided, or where there is nothing else to tell."""
    if others and not any(story.weighed() for story in stories):
        return []
    return [f"What counts most here: {priorities(stories[0].design)}."]


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


_PLACES = "kubernetes"
"""The decision to whose record belongs what every cluster is given before anything is installed."""


def _confirmation(stories: Sequence[Story], held: Held) -> list[str]:
    checks: list[str] = []
    plain: list[str] = []
    by_hand: list[str] = []
    roles = {story.entry.decision for story in stories}
    for component in {entry.id: entry for story in stories for entry in story.components}.values():
        namespace = component.install.namespace if component.install else ""
        by_place: dict[str, list[str]] = {}
        for chart in component.install.charts if component.install else ():
            if bill.comes(stories[0].design, chart, roles):
                by_place.setdefault(chart.namespace or namespace, []).append(code(chart.chart))
        for place, charts in by_place.items():
            several = len(charts) > 1
            checks.append(f"The chart{'s' * several} {listed(charts)} {'are' if several else 'is'} installed in the "
                          f"namespace {code(place)}, at the version{'s' * several} of {code(paths.LOCK)}.")
        if component.install and not component.install.charts:
            plain.append(_whole(md(component.title)))
        by_hand += [f"{said(step.do)} Then: {seen(step.see)}" for step in handover.steps(stories[0].design, component)
                    if component.handover and step.see]
    if plain:
        checks.append(f"The objects of {listed(plain)} stand as they were exported.")
    if _PLACES in roles:
        checks.append("The priority classes, and the quotas and limits of the namespaces, stand as they were exported.")
    if held.absent:
        several = len(held.absent) > 1
        checks.append(f"No object of the API group{'s' * several} {listed([code(name) for name in sorted(held.absent)])} is "
                      f"there: {'they belong' if several else 'it belongs'} to what was not chosen.")
    if held.policies:
        checks.append(_policed(stories[0].design, held.policies))
    blocks = []
    if checks:
        blocks += [f"{code('k8s-wizard verify DIR --records')} holds the manifests to this:", bullets(checks)]
    if by_hand:
        blocks += ["By hand, once it stands:" if checks else "No manifest says it. By hand, once it stands:",
                   bullets(dict.fromkeys(by_hand))]
    return blocks or ["No manifest says it, and there is nothing to look at before it is used."]


def _policed(design: Design, policies: Sequence[str]) -> str:
    engines = {id_ for kind in design.kinds for id_ in design.chosen("policy-engine", kind.name)} - {NONE}
    names = listed([md(design.catalog.components[id_].title) for id_ in sorted(engines)])
    modes = {str(design.setting("policy.mode", kind.name)) for kind in design.kinds}
    does = "refuses" if modes == {"enforce"} else "reports" if "enforce" not in modes else "refuses or reports"
    return (f"As it enters a cluster, {names} {does} what breaks the polic{'ies' if len(policies) > 1 else 'y'} "
            f"{listed([code(name) for name in policies])}.")


def _others(stories: Sequence[Story]) -> list[str]:
    """What the answers rule out, together where the same answers do, then what was possible and not taken."""
    chosen = {component for story in stories for component in story.entry.chosen}
    first = stories[0]
    blocks: list[str] = []
    single: list[str] = []
    for causes, options in first.ruled_out():
        left = [(option, text) for option, text in options if option.component not in chosen]
        above = [_label(first, option) for option, text in left if text == ABOVE]
        if len(above) > 1:
            single.append(f"{listed([f'**{label}**' for label in above])}: {ABOVE}")
            left = [(option, text) for option, text in left if text != ABOVE]
        if len(left) == 1 or not causes:
            single += [_named(_label(first, option), f"{said(causes)} {text}".strip() if causes else text)
                       for option, text in left]
        elif left:
            same: dict[str, list[str]] = {}
            for option, text in left:
                same.setdefault(text, []).append(_label(first, option))
            blocks += [f"{said(causes)[:-1]}. That rules out:",
                       bullets(_named(labels[0], text) if len(labels) == 1 else
                               f"{listed([f'**{label}**' for label in labels])}: {text}" for text, labels in same.items())]
    if single:  # two lists after each other would be read as one
        alone = "Each for a reason of its own:" if len(single) > 1 else "For a reason of its own:"
        blocks += [*([alone] if blocks else []), bullets(single)]
    left = [(option, text) for option, text in first.possible() if option.component not in chosen]
    taken = bullets(_named(_label(first, option), text) for option, text in left)
    if blocks and left:
        return ["## Why not the others", "### Ruled out", *blocks, "### Possible, and not taken", taken]
    return ["## Why not the others", *blocks, *([taken] if left else [])] if blocks or left else []


def _label(story: Story, option: OptionState) -> str:
    name = _none(story) if option.component == NONE else story.name(option.component)
    return "None at all" if name == "None" else md(name)


def _named(label: str, text: str) -> str:
    """An option and what is said of it; its name is not said twice."""
    if text.startswith(f"{label} "):
        return f"**{label}**{text.removeprefix(label)}"
    joint = ", " if text.startswith("the runner-up") else ": "
    return f"**{label}**{joint if text else ''}{text}"


def _more(subject: Subject, stories: Sequence[Story], pictures: Sequence[Shown]) -> Iterable[str]:
    for picture in pictures:
        yield f"Picture: {link(md(picture.title), paths.link(subject.path, picture.path))}"
    yield link("The overview of the design", paths.link(subject.path, paths.OVERVIEW))
    if any(component.install for story in stories for component in story.components):
        yield link("The manifests", paths.link(subject.path, paths.MANIFESTS))
    yield from dict.fromkeys(line for story in stories for line in story.sources())


# Small decisions of a layer


def _shared(design: Design, stories: Sequence[Story], held: Held) -> list[str]:
    layer = design.catalog.layers[design.catalog.layer_of[stories[0].entry.decision]]
    blocks = [
        "## Context and Problem Statement",
        f"{said(layer.summary)} What is decided here can be taken back in a running cluster, so one record holds it all.",
    ]
    drivers = told(driver for story in stories for driver in story.drivers())
    blocks += ["## Decision Drivers", bullets([*drivers, *_weights(stories, bool(drivers))])]
    blocks += ["## Considered Options", bullets(
        f"{md(story.title)}: {_weighed(story, stories)}" for story in _one_each(stories)
    )]
    blocks += ["## Decision Outcome"]
    for decision in dict.fromkeys(story.entry.decision for story in stories):
        same = [story for story in stories if story.entry.decision == decision]
        blocks += [heading(3, md(same[0].title)), said(design.catalog.decisions[decision].problem)]
        for story in same:
            blocks += _outcome(story, several=len(same) > 1)
            blocks.append(bullets([*story.consequences(), *story.taken_back(), *story.settings()]))
        blocks += _turned_down(same)
    blocks += ["### Confirmation", *_confirmation(stories, held)]
    again = _all(dated(story, design.catalog.as_of) for story in stories)
    if again:
        blocks += ["## When to look at it again", bullets(again)]
    return blocks


def _weighed(story: Story, stories: Sequence[Story]) -> str:
    """The options of a small decision with their state, on one line."""
    chosen = {id_ for other in stories if other.entry.decision == story.entry.decision for id_ in other.entry.chosen}
    named = {state: [_label(story, option) for option in story.options
                     if option.component not in chosen and (option.state == "excluded") == (state == "ruled out")]
             for state in ("possible", "ruled out")}
    taken = listed([f"**{_label(story, option)}**" for option in story.options if option.component in chosen])
    return "; ".join([taken, *(f"{state}: {', '.join(_whole(name) for name in names)}"
                               for state, names in named.items() if names)])


def _whole(name: str) -> str:
    return f"“{name}”" if "," in name else name


def _turned_down(stories: Sequence[Story]) -> list[str]:
    """Why not the others, in a sentence each: small decisions are told shortly."""
    chosen = {id_ for story in stories for id_ in story.entry.chosen}
    first = stories[0]
    against = [f"{_label(first, option)}: {said(_first(first.about(option.component).bad_at) or first.summary(option.component))}"
               for option, _ in first.possible() if option.component not in chosen]
    out: list[str] = []
    for causes, options in first.ruled_out():
        left = [(option, text) for option, text in options if option.component not in chosen]
        above = [_label(first, option) for option, text in left if text == ABOVE]
        if len(above) > 1:
            out.append(f"{listed(above)}: {ABOVE}")
            left = [(option, text) for option, text in left if text != ABOVE]
        if causes and len(left) > 1:
            out.append(f"{listed([_label(first, option) for option, _ in left])}: {said(causes)}")
        else:
            out += [_without(_label(first, option), f"{said(causes)} {text}".strip() if causes else text)
                    for option, text in left]
    return [*(["Against the others:", bullets(against)] if against else []), *(["Ruled out:", bullets(out)] if out else [])]


def _without(label: str, text: str) -> str:
    return text if text.startswith(f"{label} ") else f"{label}: {text}"


def _first(texts: Sequence[str]) -> str:
    return texts[0] if texts else ""


def _one_each(stories: Sequence[Story]) -> list[Story]:
    return list({story.entry.decision: story for story in reversed(stories)}.values())[::-1]


def _all(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(line for part in parts for line in part))


__all__ = ["fenced", "record"]
