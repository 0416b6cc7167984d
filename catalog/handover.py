"""What is left to people for a component: the steps that apply in a design, or for one that is only known, where to begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalog.components import Component, Step
from catalog.conditions import Condition
from catalog.design import Design, Kind, Value
from catalog.layers import answers

_ASKS = frozenset({"argocd", "cilium", "flux", "helm", "helmfile", "istioctl", "kubectl", "linkerd", "velero"})
"""Programs that need a running cluster."""


def steps(design: Design, component: Component, kind: Kind | None = None) -> tuple[Step, ...]:
    """In order, without those that are for another case or for the way back; empty where manifests do everything. Of one
    kind of cluster, only what applies there."""
    if not component.handover:
        return left(component)
    return tuple(_read_here(design, step, kind) for step in component.handover
                 if step.comes != "removal" and all(applies(design, condition, kind) for condition in step.when))


def back(design: Design, component: Component, kind: Kind) -> tuple[Step, ...]:
    """What a person does in a cluster of this kind before the component is taken out of it."""
    return tuple(_read_here(design, step, kind) for step in component.handover
                 if step.comes == "removal" and all(applies(design, condition, kind) for condition in step.when))


def left(component: Component) -> tuple[Step, ...]:
    """All that is left to people, whatever the design: one step for what is known and no more."""
    if component.handover or component.support != "known":
        return component.handover
    return (
        Step(
            do="Nothing of it is exported, only its record: install it and connect it to the rest by its documentation.",
            see="What the record says that it does, it does.",
            link=component.documentation,
        ),
    )


def comes(component: Component, step: Step) -> str:
    """`before` the clusters are made, in each `cluster` before its delivery tool, `after` they run, or `again` and again: as
    the step says, else after where it asks a cluster or is about what runs in one."""
    if step.comes is not None:
        return step.comes
    return "after" if asks(step) or component.install is not None else "before"


def time(design: Design, component: Component, step: Step) -> str:
    """When it is done in a design: as the catalog has it, but pipelines are put to work where they can deliver."""
    found = comes(component, step)
    layer = design.catalog.layer_of[design.selected_roles(component.id)[0]]
    return "after" if found == "before" and step.comes is None and layer == "delivery" else found


def asks(step: Step) -> bool:
    """Whether the command of a step needs a running cluster."""
    return step.command is not None and any(word in _ASKS for word in _called(step.command))


def _called(command: str) -> Iterator[str]:
    """The programs that a command calls; what they are told may have the name of another."""
    for call in re.split(r"\|\|?|&&|[;\n(]", command):
        yield from [word for word in call.split() if "=" not in word.partition("-")[0]][:1]


def _read_here(design: Design, step: Step, kind: Kind | None) -> Step:
    """The step with the page that fits the design, or one kind of its clusters."""
    if not step.links:
        return step
    here = {component.id for component in design.selected(kind.name if kind else None)}
    for name in design.catalog.documented:
        for group in _contexts(design, kind):
            if name in group:
                value = group[name].value
                here.update(value if isinstance(value, tuple) else (str(value),))
    return step.model_copy(update={"link": next((url for name, url in step.links.items() if name in here), step.link)})


def _contexts(design: Design, kind: Kind | None) -> Iterator[Mapping[str, Value]]:
    yield design.context
    yield from (each.context for each in ((kind,) if kind else design.kinds))


def applies(design: Design, condition: Condition, kind: Kind | None = None) -> bool:
    """Whether a condition on context, choices or capabilities holds in a design; one about clusters, in any of them or in
    those of one kind."""
    if condition.not_ is not None:
        return not applies(design, condition.not_, kind)
    if condition.context is not None:
        (name, wanted), = condition.context.items()
        question = design.catalog.questions[name]
        values = [group[name].value for group in _contexts(design, kind) if name in group]
        return any(answers(question, wanted, value if isinstance(value, tuple) else (str(value),)) for value in values)
    if condition.chosen is not None:
        (decision, ids), = condition.chosen.items()
        wanted_ids = (ids,) if isinstance(ids, str) else ids
        return any(name in entry.chosen for entry in design.decisions
                   if entry.decision == decision and (kind is None or entry.kind in (None, kind.name)) for name in wanted_ids)
    assert condition.capability is not None
    return condition.capability in design.capabilities(kind.name if kind else None)
