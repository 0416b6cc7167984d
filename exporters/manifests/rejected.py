"""What a design decided against, as API groups: no object of theirs has any business in its manifests or clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from catalog.design import Design, Resolved
from exporters.manifests.labels import record_slug


def rejected(design: Design, entries: Iterable[Resolved] | None = None) -> dict[str, dict[str, str]]:
    """Decision to the API groups that only options have which were not chosen, each with the option's title; of the
    entries given, or of all. Groups that several components of the catalog install tell nothing and are left out."""
    chosen = {id_ for entry in design.decisions for id_ in entry.chosen}
    shared = Counter(group for component in design.catalog.components.values()
                     for group in (component.install.crds if component.install else ()))
    found: dict[str, dict[str, str]] = {}
    for entry in design.decisions if entries is None else entries:
        for option in entry.options if entry.asked and entry.chosen else ():
            other = design.catalog.components.get(option.component)
            if other is None or other.install is None or other.id in chosen:
                continue
            for group in other.install.crds:
                if shared[group] == 1:
                    found.setdefault(entry.decision, {}).setdefault(group, other.title)
    return found


def foreign(design: Design) -> dict[str, dict[str, str]]:
    """The same by the slug of the record that says what was not chosen."""
    found: dict[str, dict[str, str]] = {}
    for decision, groups in rejected(design).items():
        slug = record_slug(design, decision)
        if slug:
            found[slug] = groups | found.get(slug, {})
    return found


def own(design: Design, entry: Resolved) -> bool:
    """True where what was chosen is installed by this design. What a provider runs in its clusters may well be made of
    the very part that was not chosen as such, and then writes objects of its groups."""
    components = [design.catalog.components[id_] for id_ in entry.components]
    return bool(components) and all(component.install is not None for component in components)
