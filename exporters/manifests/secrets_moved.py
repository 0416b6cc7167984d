"""What becomes of Secrets when a design changes: those that people make or that a tool makes from values which people put
somewhere. A tool never says that a value is missing before a pod waits for it, so what is new is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from exporters.manifests import bootstrap
from exporters.manifests.bootstrap import BootstrapStep as Step
from exporters.manifests.modules import hook
from exporters.manifests.overlays import key
from exporters.manifests.references import Secret
from exporters.manifests.through import Plan
from exporters.manifests.view import View

Place = tuple[str, str]
"""Namespace and name."""

_MADE = re.compile(r"(?:--namespace|-n) (\S+) create secret \S+ (\S+)")


def steps(old: Plan, new: Plan) -> Iterator[Step]:
    """What people do before the new export comes, so that the tool which brings Secrets finds every value and may write."""
    for component in new.view.providers("secrets-delivery"):
        past, now = _brought(old), _brought(new)
        again = _by(old.view) != _by(new.view)
        ask = hook(component.id, "filled")
        if ask is not None:
            wanted = {
                (place, name) for place, secret in now.items() for name in secret.keys
                if again or place not in past or name not in past[place].keys
            }
            yield from _told(new, component.title, [ask(place, name) for place, name in sorted(wanted)], component.documentation)
        else:
            known = set() if again else {entry for secret in past.values() for entry in secret.keys.values()}
            entries = sorted({entry for secret in now.values() for entry in secret.keys.values()} - known)
            if entries:
                do = f"Put what is new where {component.title} reads it: {', '.join(entries)}."
                yield Step(new.view.cluster.name, "Values of Secrets", do, link=component.documentation, decision="secrets")
        adopt = hook(component.id, "adopted")
        there = {*by_people(old.view), *past} if again else by_people(old.view) - past.keys()
        if adopt is not None and (places := sorted(there & now.keys())):
            do = f"Let {component.title} take over the Secrets that are there: it writes to none that somebody else made."
            command = "\n".join(adopt(new.view.cluster.name, place) for place in places)
            yield Step(new.view.cluster.name, component.title, do, command, link=component.documentation, decision="secrets")


def dropped(old: Plan, new: Plan) -> list[Place]:
    """Secrets that people made and that nobody asks for any more."""
    still = by_people(new.view) | _brought(new).keys()
    return sorted(place for place in by_people(old.view) if place not in still)


def handed(old: Plan, new: Plan) -> set[tuple[str, ...]]:
    """Objects that made a Secret which somebody else makes from now on: their going must not take it along."""
    still = by_people(new.view) | _brought(new).keys()
    return {key(obj) for place, secret in _brought(old).items() if place in still for obj in secret.objects}


def by_people(view: View) -> set[Place]:
    """Secrets that a person makes in a cluster by commands of the bootstrap."""
    found = {(secret.namespace, secret.name) for secret in bootstrap.by_hand(view)}
    given = bootstrap.handed_over(view)
    for step in (*bootstrap.authority_steps(view), *given.network, *given.rest):
        found |= set(_MADE.findall(step.command))
    return found


def _brought(plan: Plan) -> Mapping[Place, Secret]:
    """Secrets that a tool makes in a cluster; some are asked for and never used."""
    there = {key(obj) for unit in plan.units.values() for obj in unit.objects}
    return {
        place: secret for place, secret in plan.view.brought.items() if any(key(obj) in there for obj in secret.objects)
    }


def _by(view: View) -> tuple[object, ...]:
    """Who brings them, and from where."""
    return tuple(component.id for component in view.providers("secrets-delivery")), view.chosen("secret-store")


def _told(new: Plan, title: str, commands: list[str], link: str) -> Iterator[Step]:
    if commands:
        do = "Seal each value that is new and put what is printed in its place in the new export."
        yield Step(new.view.cluster.name, title, do, "\n".join(commands), link=link, decision="secrets")
