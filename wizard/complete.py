"""From answers to the Design: the engine's resolution, put together with states, reasons, margins and warnings."""

from __future__ import annotations

from catalog.catalog import Catalog
from catalog.design import Design, Kind, OptionState, Resolved, Value
from catalog.layers import NONE
from catalog.reasons import Conflict, Margin, Option
from catalog.workloads import Cluster
from wizard.answers import Answers
from wizard.contradiction import blame
from wizard.solver import Engine, Resolution, Space


class Refused(Exception):
    """The answers contradict each other; `conflict` says why and what would mend it."""

    def __init__(self, conflict: Conflict, catalog: Catalog) -> None:
        super().__init__("the answers contradict each other")
        self.conflict = conflict
        self.catalog = catalog


def resolve(answers: Answers, catalog: Catalog, engine: Engine | None = None, *, reasons: bool = True) -> Design:
    """The Design that these answers lead to. Raises Refused when they cannot stand."""
    space = (engine or Engine(catalog)).space(answers)
    conflict = space.conflict()
    if conflict is not None:
        blame(conflict, catalog)
        raise Refused(conflict, catalog)
    return complete(space, reasons=reasons)


def complete(space: Space, *, reasons: bool = True) -> Design:
    """The Design of a space whose answers can stand. Without `reasons`, excluded options and choices carry none:
    enough for a check, too little for records."""
    made = space.complete()
    space.states()  # all together, which is far less than one decision after the other
    answers, catalog = space.answers, space.catalog
    releases = {
        component: version for component in made.components if (version := made.release(component)) is not None
    }
    settings = {name: value for (name, kind), value in made.settings.items() if kind is None}
    kinds = tuple(
        Kind(
            name=kind.name,
            clusters=kind.clusters,
            context={name: value for (name, place), value in made.context.items() if place == kind.name},
            facts={name: _plain(value) for (name, place), value in made.facts.items() if place in (kind.name, None)},
            settings={name: value for (name, place), value in made.settings.items() if place == kind.name},
        )
        for kind in space.kinds
    )
    placeholders = dict.fromkeys(
        name for (name, _), value in made.settings.items()
        if value.origin == "default" and value.value == catalog.settings[name].placeholder and _wanted(name, made, catalog)
    )
    return Design(
        name=answers.name,
        catalog=catalog,
        context={name: value for (name, kind), value in made.context.items() if kind is None},
        priorities=answers.order(),
        clusters=tuple(entry.cluster for entry in answers.clusters) or (Cluster(name=space.kinds[0].name),),
        kinds=kinds,
        decisions=tuple(_resolved(space, choice.decision, choice.kind, choice.chosen, choice.origin, choice.asked, reasons)
                        for choice in made.choices),
        settings=settings,
        releases=releases,
        waivers=tuple(said.value for said in answers.waivers),
        warnings=space.warnings(),
        workloads=tuple(said.value for said in answers.workloads),
        externals=tuple(said.value for said in answers.externals),
        placeholders=tuple(placeholders),
    )


def _wanted(setting: str, made: Resolution, catalog: Catalog) -> bool:
    """Whether somebody has to fill a placeholder in: what it belongs to was really chosen."""
    entry = catalog.settings[setting]
    decision = catalog.setting_decision[setting]
    chosen = {name for choice in made.choices if choice.decision == decision for name in choice.chosen} - {NONE}
    return entry.placeholder is not None and bool(chosen & set(entry.only_for) if entry.only_for else chosen)


def _plain(value: Value) -> bool | int | None:
    assert isinstance(value.value, bool | int)
    return value.value


def _resolved(
    space: Space, decision: str, kind: str | None, chosen: tuple[str, ...], origin: str, asked: bool, reasons: bool
) -> Resolved:
    if not asked:
        return Resolved(decision, kind, (), "implied", asked=False)
    options = []
    for option, state in space.states(decision, kind).items():
        excluded = state == "excluded"
        reason = space.why(option)[0] if reasons and excluded and option.component not in chosen else None
        options.append(OptionState(option.component, state, reason))
    why = None
    margins: list[tuple[str, Margin]] = []
    if reasons and origin == "implied" and chosen:
        found = space.why(Option(decision, chosen[0], kind))
        why = found[0] if found else None
    if reasons and origin == "recommended":
        margins = [(component, space.margin(Option(decision, component, kind))) for component in chosen]
    elif reasons and origin == "answered":
        margins = [(component, margin) for component in chosen
                   if (margin := space.advantage(Option(decision, component, kind))) is not None]
    known = space.catalog.options[decision]
    ordered = tuple(name for name in known if name in chosen) if chosen != (NONE,) else chosen
    return Resolved(decision, kind, ordered, origin, True, tuple(options), why, tuple(margins))  # type: ignore[arg-type]
