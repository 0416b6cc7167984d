"""What completion prefers, written as one sort key over whole worlds: the least key is the design."""

from __future__ import annotations

from typing import Any

from catalog.components import Component
from catalog.facts import FACTS
from catalog.rules import Priority
from tests.properties.oracle import Oracle, Reader, Scope, World, cluster_scoped_component, is_kubernetes, scope_of_number


def best(oracle: Oracle, order: tuple[Priority, ...]) -> World:
    """The one best world among those that answers and rules leave."""
    left = oracle.left()
    candidates = [reader for place, reader in enumerate(oracle.readers) if left >> place & 1]
    return min(candidates, key=lambda reader: key(oracle, reader, order)).world


def key(oracle: Oracle, reader: Reader, order: tuple[Priority, ...]) -> tuple[Any, ...]:
    return (
        tuple(context(oracle, reader)),
        tuple(facts(oracle, reader)),
        *costs(oracle, reader, order),
        tuple(options(oracle, reader)),
        tuple(settings(oracle, reader)),
        tuple(releases(oracle, reader)),
    )


def context(oracle: Oracle, reader: Reader) -> Any:
    for question in oracle.catalog.questions.values():
        ids = [value.id for value in question.values]
        assume = (question.assume,) if isinstance(question.assume, str) else question.assume
        for scope in oracle.scopes(question.scope):
            held = reader.world["context", scope, question.id]
            if held == frozenset(assume):
                yield (0,)
            elif question.several:
                yield (1, *((value in held) != (value in assume) for value in ids))
            else:
                place = ids.index(next(iter(held)))
                yield (1, abs(place - ids.index(assume[0])) if question.ordered else 0, place)


def facts(oracle: Oracle, reader: Reader) -> Any:
    for name in FACTS:
        if name in oracle.facts:
            for scope in oracle.scopes(FACTS[name].scope):
                value = reader.world["fact", scope, name]
                yield (abs(value - (FACTS[name].assume or 0)), value)


def costs(oracle: Oracle, reader: Reader, order: tuple[Priority, ...]) -> tuple[int, ...]:
    """Sums of each level, in order."""
    catalog = oracle.catalog
    named = {value for kind, _, value, _ in oracle.said if kind == "choice"}
    lapsed = unmet = 0
    ratings = dict.fromkeys(order, 0)
    for (what, scope, decision), chosen in reader.world.items():
        if what != "choice":
            continue
        asked = reader.asked(decision, scope)
        several = catalog.decisions[decision].many == "several"
        for option in catalog.options[decision]:
            entry = None if option == "none" else catalog.components[option]
            advice = (
                catalog.absence(decision).recommended_when if entry is None else entry.roles[decision].recommended_when
            )
            for recommendation in advice:
                applies = all(reader.holds(condition, scope) for condition in recommendation.when)
                unmet += asked and applies and option not in chosen
            if option not in chosen:
                continue
            if entry is not None and option not in named:
                lapsed += entry.status(catalog.as_of) != "active"
            # What goes with something chosen costs nothing where any number may be chosen.
            invited = several and any(
                option in friend.goes_with and reader.selected(friend.id, scope)
                for friend in catalog.components.values()
            )
            for priority in order:
                if invited:
                    continue
                if entry is None:
                    rating = catalog.absence(decision).ratings.get(priority)
                    score = rating.score if rating else 2
                else:
                    score = entry.rating(decision, priority)
                ratings[priority] += 4 - score
    for entry in catalog.components.values():
        taken = [reader.world["release", kind, entry.id] for kind in oracle.kinds] if entry.releases else []
        past = ended(oracle, entry)
        if len(past) < len(entry.releases) and entry.id not in oracle.answers.versions:
            found = [version for version in taken if version in past]
            lapsed += len(found) if is_kubernetes(entry) else len(set(found))
    alone = 0
    for entry in catalog.components.values():
        for other in entry.goes_with:
            clustered = cluster_scoped_component(catalog, entry.id) or cluster_scoped_component(catalog, other)
            places: tuple[Scope, ...] = oracle.kinds if clustered else (None,)
            alone += sum(reader.selected(entry.id, place) and not reader.selected(other, place) for place in places)
    fewer = sum(reader.selected(name, None) for name in catalog.components)
    return (lapsed, unmet, *ratings.values(), alone, fewer)


def options(oracle: Oracle, reader: Reader) -> Any:
    for decision in oracle.catalog.decisions.values():
        offered = oracle.catalog.options[decision.id]
        for scope in oracle.scopes(decision.scope):
            chosen = reader.world["choice", scope, decision.id]
            if decision.many == "several":
                yield tuple(option in chosen for option in offered)
            else:
                yield offered.index(next(iter(chosen))) if chosen else len(offered)


def settings(oracle: Oracle, reader: Reader) -> Any:
    for setting in oracle.catalog.settings.values():
        for scope in oracle.scopes(scope_of_number(oracle.catalog, setting.id)):
            wanted = next(
                entry.value
                for entry in setting.default
                if all(reader.holds(condition, scope) for condition in entry.when)
            )
            value = reader.world["setting", scope, setting.id]
            if setting.type == "integer":
                yield (abs(value - int(wanted)), value)
            else:
                values = [True, False] if setting.type == "boolean" else list(setting.choices)
                yield (value != wanted, values.index(value))


def releases(oracle: Oracle, reader: Reader) -> Any:
    for entry in oracle.catalog.components.values():
        if entry.releases:
            past = ended(oracle, entry)
            versions = sorted((release.version for release in entry.releases), key=parts, reverse=True)
            versions.sort(key=lambda version: version in past)
            for kind in oracle.kinds:
                version = reader.world["release", kind, entry.id]
                yield len(versions) if version is None else versions.index(version)


def ended(oracle: Oracle, entry: Component) -> set[str]:
    """Versions whose last day of support is past."""
    return {
        release.version for release in entry.releases
        if release.end_of_support is not None and release.end_of_support < oracle.catalog.as_of
    }


def parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
