"""What would make somebody look at a decision again: days ahead, accepted risks, and what it hangs on, turned round.

Says nothing that holds for every decision; a decision of which nothing is known has nothing to tell here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from catalog.ageing import ages
from catalog.words import PRIORITY_TITLES, listed, sentence
from exporters.records.story import CLUSTER_CAUSES, Story
from exporters.records.text import code, md, prose, said, source


def triggers(story: Story, on: date) -> list[str]:
    """Each as a line of Markdown; the nearest and surest first."""
    return list(dict.fromkeys([*dated(story, on), *_forced(story), *_recommended(story), *_narrow(story), *_asked(story)]))


def dated(story: Story, on: date) -> list[str]:
    """Those of them that come by themselves or are known to be unsure: enough for what is easily taken back."""
    return list(dict.fromkeys([*_days(story, on), *_successors(story), *_risks(story), *_assumed(story)]))


def _days(story: Story, on: date) -> Iterator[str]:
    parts = [(component, story.design.release(component.id)) for component in story.components]
    for age in ages(parts, on, story.design.catalog.components):
        if age.what in ("ended", "ends", "retires"):
            yield f"{prose(age.text)} ({source(age.source)})"


def _successors(story: Story) -> Iterator[str]:
    for component in story.components:
        successor = component.lifecycle.successor
        if successor and component.lifecycle.move:
            name = story.words.component(successor)
            yield f"{md(component.title)} has a successor, {md(name)}. {said(component.lifecycle.move)}"


def _risks(story: Story) -> Iterator[str]:
    ids = set(story.entry.components)
    rules = {rule.id for component in story.components for rule in component.rules}
    for waiver in story.design.waivers:
        if waiver.rule in rules or waiver.rule.partition(":")[2].split(":")[0] in ids:
            yield (f"The risk {code(waiver.rule)} is accepted until {waiver.until.isoformat()} "
                   f"by {md(waiver.owner)}: {md(sentence(waiver.reason))}")


def _assumed(story: Story) -> Iterator[str]:
    questions = story.design.catalog.questions
    bore = [cause.subject for cause in story.causes() if cause.kind in CLUSTER_CAUSES]
    bore += [question for component in story.entry.chosen for question in story.asked_by(component)]
    kinds = story.kinds or tuple(kind.name for kind in story.design.kinds)
    for question in dict.fromkeys(entry for entry in bore if entry in questions):
        if any((value := story.context(question, kind)) is not None and value.origin == "assumed" for kind in kinds):
            yield f"The answer to “{md(questions[question].title)}” was assumed; somebody may know better."


def _forced(story: Story) -> Iterator[str]:
    """Answers that left nothing else."""
    for cause in story.entry.reason.causes if story.entry.reason is not None else ():
        if cause.kind in ("context", "cluster"):
            yield _no_longer(story, cause.subject, [story.words.value(cause.subject, cause.value)])
        elif cause.kind == "choice":
            yield (f"{md(story.words.component(cause.value, cause.subject))} is no longer the choice for "
                   f"“{md(story.words.decision(cause.subject))}”.")


def _recommended(story: Story) -> Iterator[str]:
    """Answers for which the catalog recommends what was chosen."""
    told = {margin.because for component, margin in story.entry.margins if component in story.entry.chosen}
    kinds = story.kinds or tuple(kind.name for kind in story.design.kinds)
    found: dict[str, list[str]] = {}
    for component in story.entry.chosen:
        for entry in story.recommendations(component):
            if entry.because not in told and not (story.entry.origin == "answered" and story.fits(entry)):
                continue
            for condition in entry.when:
                for question in condition.atom.context or {}:
                    for value in filter(None, (story.context(question, kind) for kind in kinds)):
                        given = value.value if isinstance(value.value, tuple) else (value.value,)
                        if value.origin != "assumed":
                            told_of = found.setdefault(question, [])
                            told_of += [text for answer in given
                                        if (text := story.words.value(question, str(answer))) not in told_of]
    if len(found) > 1:
        asked = [f"“{md(story.design.catalog.questions[question].title)}” ({md(listed(answers))})"
                 for question, answers in found.items()]
        yield f"One of these is answered differently: {listed(asked, 'or')}."
    for question, answers in found.items() if len(found) == 1 else ():
        yield _no_longer(story, question, answers)


def _no_longer(story: Story, question: str, answers: list[str]) -> str:
    told = listed([f"“{md(answer)}”" for answer in answers], "or")
    return f"The answer to “{md(story.design.catalog.questions[question].title)}” is no longer {told}."


def _narrow(story: Story) -> Iterator[str]:
    """What the runner-up lacked."""
    for component, margin in story.entry.margins:
        if component not in story.entry.chosen or margin.runner_up is None or story.entry.reason is not None:
            continue
        other = md(story.name(margin.runner_up))
        weight = next((title for name, title in PRIORITY_TITLES.items() if name == margin.level), "")
        if weight:
            yield f"{sentence(weight)[:-1]} counts less than it does now: {other} is the runner-up."
        elif margin.level == "order":
            yield f"Anything tells it from {other}, which equals it in everything compared."
        elif margin.level == "forced":
            yield f"What keeps {other} out is gone: it alone would rate better."
        elif margin.level == "goes-with":
            yield f"What it goes with is replaced: {other} is the runner-up."


def _asked(story: Story) -> Iterator[str]:
    if story.entry.origin == "answered" and story.entry.reason is None and not story.recommended() and not story.entry.margins:
        yield (f"The reason for asking for it is gone: {code('k8s-wizard recommend')} without that answer says where the "
               "use case leads.")
