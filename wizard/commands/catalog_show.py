"""`catalog show ID`: everything that is known about a component, each fact with the file and line that says it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.conditions import Condition
from catalog.dated import DatedFact, facts_of_component
from catalog.errors import UsageError
from catalog.faults import did_you_mean
from catalog.lifecycle import Release
from catalog.lint import Places
from catalog.loader import BUILT_IN
from catalog.phrases import listed
from catalog.rules import Rule
from catalog.words import Words
from wizard.commands.common import catalog_of, print_json, takes_catalog, takes_json
from wizard.solver.encode import version_key


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("component", metavar="ID", help="a component's id, or a name that people know it by")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the component."""
    catalog = catalog_of(arguments)
    component = find(catalog, arguments.component)
    places = Places([BUILT_IN, *arguments.catalog])
    if arguments.json:
        print_json(_data(catalog, component, places))
    else:
        for line in _lines(catalog, component, places):
            print(line)
    return 0


def find(catalog: Catalog, name: str) -> Component:
    """The component with that id, title or alias. Raises UsageError with the nearest name."""
    if name in catalog.components:
        return catalog.components[name]
    wanted = name.casefold()
    names: dict[str, Component] = {}
    for component in catalog.components.values():
        for known in (component.title, *component.aliases):
            names.setdefault(known.casefold(), component)
    if wanted in names:
        return names[wanted]
    placed = catalog.rules.get(name)
    if placed and placed.component in catalog.components:
        raise UsageError(f"{name!r} is a rule of {placed.component}; see k8s-wizard catalog show {placed.component}")
    raise UsageError(f"unknown component {name!r}{did_you_mean(name, [*catalog.components, *names])}; "
                     "see k8s-wizard catalog list")


def _data(catalog: Catalog, component: Component, places: Places) -> dict[str, Any]:
    said = component.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        **said, "status": component.status(catalog.as_of), "as-of": catalog.as_of.isoformat(),
        "named-by": [{"rule": id_, "because": because} for id_, because in _named_by(catalog, component)],
        "overlaid": dict(_overlaid(catalog, component)),
        "origins": [{
            "where": ".".join(str(part) for part in fact.where), "what": fact.what, "source": fact.source,
            "checked": fact.checked.isoformat(), "expires": fact.expires.isoformat(),
            "unverified": fact.unverified or None,
            "place": "{}:{}".format(*places.of(fact)),
        } for fact in facts_of_component(component, catalog.as_of)],
    }


def _named_by(catalog: Catalog, component: Component) -> Iterator[tuple[str, str]]:
    """Rules of others that speak of this component."""
    for id_, placed in catalog.rules.items():
        if placed.component == component.id:
            continue
        rule = placed.rule
        groups = (rule.when, rule.requires, rule.excludes, rule.warns, rule.warns_without)
        atoms = [condition.atom for group in groups for condition in group or ()]
        chosen = {name for atom in atoms for wanted in (atom.chosen or {}).values()
                  for name in ((wanted,) if isinstance(wanted, str) else wanted)}
        if component.id in chosen or any(atom.component == component.id for atom in atoms):
            yield id_, rule.because


def _lines(catalog: Catalog, component: Component, places: Places) -> Iterator[str]:
    status, life = component.status(catalog.as_of), component.lifecycle
    yield f"{component.title} ({component.id})"
    yield f"  {component.summary}"
    yield f"  {component.support}; {status} on {catalog.as_of.isoformat()}; {component.homepage}"
    if component.aliases:
        yield f"  also known as {', '.join(component.aliases)}"
    words = Words(catalog)
    yield from _section("answers", (line for role in component.roles for line in _role(catalog, words, component, role)))
    yield from _section("provides", component.provides)
    if component.clouds:
        yield from _section("runs on", [f"{', '.join(component.clouds)}: {component.clouds_because}"])
    own = "none of its own: a way of working, no product" if component.pattern else component.licence.spdx
    yield from _section("licence", [own, *(
        f"{change.to} from {change.on.isoformat()}: {change.note}" for change in component.licence.changes)])
    cncf = f"CNCF {component.maturity.cncf}, " if component.maturity.cncf else ""
    yield from _section("maturity", [f"{cncf}governed by {component.maturity.governed_by}"])
    yield from _section("lifecycle", [
        *([f"since {life.since.isoformat()}"] if life.since else []),
        *(f"{event.on.isoformat()} {event.becomes}: {event.note}" for event in life.events),
        *([f"successor: {life.successor}"] if life.successor else []), *([f"the move: {life.move}"] if life.move else []),
        *([f"follows: {life.follows}, whose last days hold for releases that name none"] if life.follows else [])])
    newest_first = sorted(component.releases, key=lambda entry: version_key(entry.version), reverse=True)
    yield from _section("releases", (_release(entry, catalog.as_of) for entry in newest_first))
    yield from _section("comes along", (f"{name} {extra.version}" + (f", image {extra.image}" if extra.image else "")
                                        + (f"; newer: {extra.newer}" if extra.newer else "")
                                        for name, extra in component.extras.items()))
    yield from _section("rules", (line for rule in component.rules for line in (
        f"{rule.id}: {rule.because}", f"    {_meaning(words, component, rule)}")))
    yield from _section("named by other rules", (f"{id_}: {because}" for id_, because in _named_by(catalog, component)))
    yield from _section("ratings, 0 to 4", (f"{name} {entry.score}: {entry.because}"
                                            for name, entry in component.ratings.items()))
    yield from _section("good at", component.good_at)
    yield from _section("bad at", component.bad_at)
    yield from _section("undoing it", [f"{component.undo.how}: {component.undo.because}"])
    yield from _section("endpoints", (f"{entry.name}: {entry.protocol} {entry.port} {entry.application or ''}".rstrip()
                                      for entry in component.endpoints))
    yield from _section("flows", (f"{'to' if flow.opens == 'this' else 'from'} {flow.to} ({flow.kind})"
                                  + (f": {flow.why}" if flow.why else "") for flow in component.flows))
    yield from _section("stores, to be backed up", component.stores)
    if component.footprint:
        sizes = (("cpu", component.footprint.cpu), ("memory", component.footprint.memory),
                 ("storage", component.footprint.storage))
        yield from _section("footprint", [f"{word} {size[0]} to {size[1]}" for word, size in sizes if size])
    if component.service_level:
        yield from _section("service level", [f"{component.service_level.percent} percent: {component.service_level.scope}"])
    if component.install:
        yield from _section("installs", [
            f"namespace {component.install.namespace}, pod security {component.install.pod_security}",
            *(f"chart {chart.chart} {chart.version} from {chart.repository}" for chart in component.install.charts),
            *(f"kinds of {group}" for group in component.install.crds)])
    yield from _section("by hand", (
        f"{at}. {step.do}" + (f" (where {listed([words.condition(each) for each in step.when])})" if step.when else "")
        for at, step in enumerate(component.handover, 1)))
    yield from _section("said by an overlay", (f"{name}  {place}" for name, place in _overlaid(catalog, component)))
    facts = list(facts_of_component(component, catalog.as_of))
    yield from _section("sources", (
        "{}:{}".format(*places.of(fact))
        + f"  {fact.what}  {_state(fact, catalog.as_of)}  {fact.source}" for fact in facts))
    yield from _section("why unverified", dict.fromkeys(
        f"{fact.unverified} ({fact.checked.isoformat()})" for fact in facts if fact.unverified))


def _role(catalog: Catalog, words: Words, component: Component, role: str) -> Iterator[str]:
    """A decision that the component answers, and where it is recommended for it."""
    yield f"{catalog.decisions[role].title} ({role}) as {component.role_title(role)}"
    if component.roles[role].provides:
        yield f"    provides there: {', '.join(component.roles[role].provides)}"
    for each in component.roles[role].recommended_when:
        yield f"    recommended where {listed([words.condition(entry) for entry in each.when])}: {each.because}"


def _state(fact: DatedFact, on: date) -> str:
    """The day on which a fact was read, or that nobody could confirm it, and that it has to be read again."""
    said = "unverified" if fact.unverified else fact.checked.isoformat()
    return f"{said} (expired)" if fact.expired(on) else said


def _meaning(words: Words, component: Component, rule: Rule) -> str:
    """A rule as it is read by the engine: what it starts from, and what it then asks for, refuses or warns of."""
    start = f"as “{words.decision(rule.as_)}”" if rule.as_ else "whenever it is chosen"
    if rule.when:
        start += f", and {listed([words.condition(entry) for entry in rule.when])}"

    def any_of(entries: Sequence[Condition]) -> str:
        return listed([words.condition(entry) for entry in entries], "or")

    if rule.requires is not None:
        effect = f"requires: {any_of(rule.requires)}"
    elif rule.excludes is not None:
        effect = f"refuses: {any_of(rule.excludes)}"
    elif rule.sets is not None:
        effect = f"sets: {listed([f'{name} to {value}' for name, value in rule.sets.items()])}"
    elif rule.warns_without is not None:
        effect = f"warns unless: {any_of(rule.warns_without)}"
    else:
        effect = f"warns where: {any_of(rule.warns)}" if rule.warns else "warns"
    return f"{start}; {effect}{' (waivable)' if rule.waivable else ''}"


def _overlaid(catalog: Catalog, component: Component) -> Iterator[tuple[str, str]]:
    """What overlays say of a component: fields and rules, each with file and line."""
    whole = catalog.overlaid(f"component:{component.id}")
    if whole:
        yield "everything", whole
    prefix = f"component:{component.id}:"
    yield from ((key.removeprefix(prefix), place) for key, place in catalog.origins.items() if key.startswith(prefix))
    yield from ((f"rule {rule.id}", place) for rule in component.rules if (place := catalog.overlaid(f"rule:{rule.id}")))


def _release(entry: Release, on: date) -> str:
    parts = [entry.version]
    if entry.released:
        parts.append(f"released {entry.released.isoformat()}")
    if entry.end_of_support:
        until = "supported until" if entry.supported(on) else "was supported until"
        parts.append(f"{until} {entry.end_of_support.isoformat()}")
    if entry.kubernetes:
        parts.append(f"Kubernetes {', '.join(entry.kubernetes)}")
    parts += [f"{name} {', '.join(versions)}" for name, versions in entry.supports.items()]
    parts += [f"chart {name} {version}" for name, version in entry.charts.items()]
    parts += [f"newer: {entry.newer}"] if entry.newer else []
    return "; ".join(parts)


def _section(title: str, lines: Any) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"{title}:"
        yield from (f"  {line}" for line in found)
