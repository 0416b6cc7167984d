"""What is left to people for a component: its own steps, or for one that is only known, where to begin."""

from __future__ import annotations

from catalog.components import Component, Step


def steps(component: Component) -> tuple[Step, ...]:
    """In order; empty where manifests do everything."""
    if component.handover or component.support != "known":
        return tuple(component.handover)
    where = component.documentation or component.homepage
    return (
        Step(
            do="Nothing of it is exported, only its record: install it and connect it to the rest by its documentation.",
            see="What the record says that it does, it does.",
            link=where,
        ),
    )
