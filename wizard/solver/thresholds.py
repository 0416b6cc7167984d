"""Which places on which numbers matter: every bound that a rule, a default or a limit of the catalog mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from catalog.catalog import Catalog
from catalog.conditions import Bound, Condition, Scalar
from catalog.facts import FACTS
from catalog.layers import Question
from catalog.settings import NUMERIC, magnitude
from wizard.solver.numbers import Cut, above, at_least, merge

OTHER = "(other)"
"""Stands for every text that no rule names."""


def text_of(value: Scalar) -> str:
    """A value of a setting without order as a word."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


Extra = frozenset[tuple[str, Fraction]]
"""Values that answers give to numbers which are compared with other numbers: they need cuts of their own."""


def conditions(catalog: Catalog, warnings: bool = False) -> Iterator[Condition]:
    """Every literal that the formula must be able to say, without its negation. Rules that only warn never bind, and
    so are left out unless somebody wants to know whether they can ever speak up."""
    for placed in catalog.rules.values():
        rule = placed.rule
        if rule.binding or warnings:
            for group in (rule.when, rule.requires, rule.excludes, rule.warns, rule.warns_without):
                yield from (condition.atom for condition in group or ())
    for decision in catalog.decisions.values():
        yield from (condition.atom for condition in decision.asked_when)
        for entry in decision.none.recommended_when if decision.none else ():
            yield from (condition.atom for condition in entry.when)
    for component in catalog.components.values():
        for role in component.roles.values():
            for entry in role.recommended_when:
                yield from (condition.atom for condition in entry.when)


def compared(catalog: Catalog, bound: Bound) -> str | None:
    """The setting, ordered question or numeric fact that a bound compares with; None for a plain value."""
    limit = bound.at_most if bound.at_most is not None else bound.at_least
    if isinstance(limit, str) and (
        limit in catalog.settings or limit in catalog.questions or (limit in FACTS and FACTS[limit].number)
    ):
        return limit
    return None


@dataclass(frozen=True)
class Thresholds:
    """Cuts per numeric setting and fact, and texts per setting of any other type, that the catalog mentions."""

    cuts: Mapping[str, frozenset[Cut]]
    texts: Mapping[str, tuple[str, ...]]
    compared: frozenset[str]
    """Numbers whose exact place matters because another number is compared with it."""
    facts: tuple[str, ...]
    """Named facts that the formula mentions, in the order of the registry."""
    written: Mapping[str, Mapping[Fraction, Scalar]]
    """How the catalog writes the values of a numeric setting."""


def question_places(question: Question) -> list[Fraction]:
    """The durations of a question's values, in listed order."""
    return [magnitude(value.id, "duration") for value in question.values]


def thresholds(catalog: Catalog, warnings: bool = False) -> Thresholds:
    """Collect them once per catalog; with those of rules that only warn where asked for."""
    cuts: defaultdict[str, set[Cut]] = defaultdict(set)
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    pairs: list[tuple[str, str]] = []
    facts: set[str] = set()
    written: defaultdict[str, dict[Fraction, Scalar]] = defaultdict(dict)

    def mention(subject: str, type_: str, bound: Bound) -> None:
        if bound.at_least is not None:
            cuts[subject].add(at_least(magnitude(bound.at_least, type_)))
        elif bound.at_most is not None:
            cuts[subject].add(above(magnitude(bound.at_most, type_)))
        elif bound.equals is not None:
            value = magnitude(bound.equals, type_)
            cuts[subject].update((at_least(value), above(value)))

    for setting in catalog.settings.values():
        cuts[setting.id].update(())
        if setting.type in NUMERIC:
            said = [setting.at_least, setting.at_most, *setting.steps, *(entry.value for entry in setting.default)]
            for value in said:
                if value is not None:
                    written[setting.id].setdefault(magnitude(value, setting.type), value)
    for condition in conditions(catalog, warnings):
        if condition.fact is not None:
            if isinstance(condition.fact, str):
                facts.add(condition.fact)
            else:
                (name, bound), = condition.fact.items()
                facts.add(name)
                mention(name, "integer", bound)
        elif condition.setting is not None:
            (name, bound), = condition.setting.items()
            setting = catalog.settings[name]
            other = compared(catalog, bound)
            if setting.type not in NUMERIC:
                texts[name].setdefault(text_of(bound.equals) if bound.equals is not None else "", None)
            elif other is None:
                mention(name, setting.type, bound)
            else:
                pairs.append((name, other))
                if other in FACTS:
                    facts.add(other)
    for placed in catalog.rules.values():
        for name, value in (placed.rule.sets or {}).items():
            setting = catalog.settings[name]
            if setting.type in NUMERIC:
                mention(name, setting.type, Bound(equals=value))
                written[name].setdefault(magnitude(value, setting.type), value)
            else:
                texts[name].setdefault(text_of(value), None)
    related = {name for pair in pairs for name in pair}
    for name in related:
        if name in catalog.questions:
            for place in question_places(catalog.questions[name]):
                cuts[name].update((at_least(place), above(place)))
        elif name in catalog.settings:
            for place in written[name]:
                cuts[name].update((at_least(place), above(place)))
        else:
            assumed = FACTS[name].assume
            cuts[name].update((at_least(Fraction(assumed or 0)), above(Fraction(assumed or 0))))
    merge(cuts, pairs)
    return Thresholds(
        {name: frozenset(found) for name, found in cuts.items()},
        {name: tuple(found) for name, found in texts.items()},
        frozenset(related),
        tuple(name for name in FACTS if name in facts),
        {name: dict(found) for name, found in written.items()},
    )


def extended(found: Thresholds, catalog: Catalog, extra: Extra) -> Mapping[str, frozenset[Cut]]:
    """The cuts with the exact values of answers added where numbers are compared."""
    if not extra:
        return found.cuts
    cuts = {name: set(entry) for name, entry in found.cuts.items()}
    for name, value in extra:
        cuts[name].update((at_least(value), above(value)))
    pairs = [
        (name, other)
        for condition in conditions(catalog) if condition.setting is not None
        for name, bound in condition.setting.items()
        if (other := compared(catalog, bound)) is not None
    ]
    merge(cuts, pairs)
    return {name: frozenset(entry) for name, entry in cuts.items()}
