"""A checker written to be read: it lists every world there is and looks.

A world gives every context question, named fact, decision, setting and release a value. Which worlds are well formed,
which of them each rule allows and which each answer allows are sets (bits of an integer, one for each world), and
everything that the engine claims is a question about such sets. Shares no code with the engine: conditions are read
again from the meanings in the design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

from catalog.catalog import Catalog, PlacedRule
from catalog.components import Component
from catalog.conditions import Bound, Condition
from catalog.facts import FACTS, Surroundings, evaluate_design
from catalog.layers import Question
from catalog.settings import KUBERNETES, KUBERNETES_VERSION, NUMERIC, magnitude
from wizard.answers import Answers
from wizard.kinds import KindAnswers, kinds

Scope = str | None
"""Name of a kind of cluster, or None for the design."""

World = Mapping[tuple[str, Scope, str], Any]
"""By (what, scope, name): sets of words for context and choice, plain values for the rest."""

RuleId = tuple[str, Scope]
CauseId = tuple[str, str, str, Scope]
"""Kind of answer, subject, value, kind of cluster."""

NUMBERS = range(7)
"""Values that numeric facts may have; catalogs under test mention none above."""


def cluster_scoped_component(catalog: Catalog, name: str) -> bool:
    return any(catalog.decisions[role].scope == "cluster" for role in catalog.components[name].roles)


def cluster_scoped_capability(catalog: Catalog, name: str) -> bool:
    for entry in catalog.components.values():
        if name in entry.provides and cluster_scoped_component(catalog, entry.id):
            return True
        for role_id, role in entry.roles.items():
            if name in role.provides and catalog.decisions[role_id].scope == "cluster":
                return True
    return False


def scope_of_number(catalog: Catalog, name: str) -> str:
    if name in catalog.settings:
        return catalog.decisions[catalog.setting_decision[name]].scope
    if name in catalog.questions:
        return catalog.questions[name].scope
    return FACTS[name].scope


def reference(catalog: Catalog, bound: Bound) -> str | None:
    limit = bound.at_most if bound.at_most is not None else bound.at_least
    known = limit in catalog.settings or limit in catalog.questions or (limit in FACTS and FACTS[str(limit)].number)
    return str(limit) if isinstance(limit, str) and known else None


def cluster_scoped(catalog: Catalog, condition: Condition) -> bool:
    atom = condition.atom
    if atom.context:
        return catalog.questions[next(iter(atom.context))].scope == "cluster"
    if atom.chosen:
        return catalog.decisions[next(iter(atom.chosen))].scope == "cluster"
    if atom.component:
        return cluster_scoped_component(catalog, atom.component)
    if atom.capability:
        return cluster_scoped_capability(catalog, atom.capability)
    if atom.setting:
        ((name, bound),) = atom.setting.items()
        names = [name, reference(catalog, bound) or name]
        return any(scope_of_number(catalog, entry) == "cluster" for entry in names)
    assert atom.fact
    return FACTS[atom.fact if isinstance(atom.fact, str) else next(iter(atom.fact))].scope == "cluster"


@dataclass
class Reader:
    """What conditions mean in one world."""

    catalog: Catalog
    kinds: tuple[str, ...]
    world: World

    def holds(self, condition: Condition, scope: Scope) -> bool:
        if condition.not_ is not None:
            return not self.holds(condition.not_, scope)
        if scope is None and cluster_scoped(self.catalog, condition):
            return any(self.in_one(condition, kind) for kind in self.kinds)
        return self.in_one(condition, scope)

    def in_one(self, atom: Condition, scope: Scope) -> bool:
        if atom.context:
            ((name, wanted),) = atom.context.items()
            return self.context(self.catalog.questions[name], wanted, scope)
        if atom.chosen:
            ((decision, wanted_ids),) = atom.chosen.items()
            ids = {wanted_ids} if isinstance(wanted_ids, str) else set(wanted_ids)
            return bool(ids & self.chosen(decision, scope))
        if atom.component:
            return self.selected(atom.component, scope)
        if atom.capability:
            return any(
                atom.capability in self.given(decision, name) for decision, name in self.everything_chosen(scope)
            )
        if atom.setting:
            ((name, bound),) = atom.setting.items()
            return self.setting(name, bound, scope)
        assert atom.fact
        if isinstance(atom.fact, str):
            return bool(self.value("fact", atom.fact, FACTS[atom.fact].scope, scope))
        ((name, bound),) = atom.fact.items()
        return compare(Fraction(self.value("fact", name, FACTS[name].scope, scope)), bound, "integer")

    def value(self, what: str, name: str, scoped: str, scope: Scope) -> Any:
        return self.world[what, scope if scoped == "cluster" else None, name]

    def chosen(self, decision: str, scope: Scope) -> frozenset[str]:
        found: frozenset[str] = self.value("choice", decision, self.catalog.decisions[decision].scope, scope)
        return found

    def everything_chosen(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """(decision, component) in a kind of cluster together with the design's; with None in any kind."""
        for what, place, decision in self.world:
            if what == "choice" and (place is None or scope is None or place == scope):
                for name in self.world[what, place, decision]:
                    if name != "none":
                        yield decision, name

    def given(self, decision: str, name: str) -> set[str]:
        entry = self.catalog.components[name]
        return {*entry.provides, *entry.roles[decision].provides}

    def selected(self, component: str, scope: Scope) -> bool:
        return any(name == component for _, name in self.everything_chosen(scope))

    def context(self, question: Question, wanted: Any, scope: Scope) -> bool:
        held = self.value("context", question.id, question.scope, scope)
        ids = [entry.id for entry in question.values]

        def word(raw: Any) -> str:
            return ("yes" if raw else "no") if isinstance(raw, bool) else str(raw)

        if isinstance(wanted, Bound):
            rising = ids if question.ordered == "rising" else ids[::-1]
            place = rising.index(next(iter(held)))
            if wanted.at_least is not None:
                return place >= rising.index(word(wanted.at_least))
            if wanted.at_most is not None:
                return place <= rising.index(word(wanted.at_most))
            return word(wanted.equals) in held
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        return any(word(value) in held for value in values)

    def setting(self, name: str, bound: Bound, scope: Scope) -> bool:
        type_ = self.catalog.settings[name].type
        value = self.value("setting", name, scope_of_number(self.catalog, name), scope)
        if type_ not in NUMERIC:
            return bool(value == bound.equals)
        other = reference(self.catalog, bound)
        if other is None:
            return compare(magnitude(value, type_), bound, type_)
        against = self.number(other, scope)
        mine = magnitude(value, type_)
        return mine <= against if bound.at_most is not None else mine >= against

    def number(self, name: str, scope: Scope) -> Fraction:
        scoped = scope_of_number(self.catalog, name)
        if name in self.catalog.settings:
            return magnitude(self.value("setting", name, scoped, scope), self.catalog.settings[name].type)
        if name in self.catalog.questions:
            return magnitude(next(iter(self.value("context", name, scoped, scope))), "duration")
        return Fraction(self.value("fact", name, scoped, scope))

    def asked(self, decision: str, scope: Scope) -> bool:
        return bool(self.catalog.options[decision]) and all(
            self.holds(condition, scope) for condition in self.catalog.decisions[decision].asked_when
        )


def compare(value: Fraction, bound: Bound, type_: str) -> bool:
    if bound.at_least is not None:
        return value >= magnitude(bound.at_least, type_)
    if bound.at_most is not None:
        return value <= magnitude(bound.at_most, type_)
    assert bound.equals is not None
    return value == magnitude(bound.equals, type_)


def is_kubernetes(entry: Component) -> bool:
    """Whether it brings Kubernetes, of which each kind of cluster has a release of its own."""
    return KUBERNETES in entry.provides or any(KUBERNETES in role.provides for role in entry.roles.values())


def subsets(values: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(entry) for size in range(len(values) + 1) for entry in combinations(values, size)]


class Oracle:
    """All worlds of a catalog under the kinds of clusters of some answers, and which of them what allows."""

    def __init__(self, catalog: Catalog, answers: Answers, facts: tuple[str, ...] = (), most: int = 60_000) -> None:
        self.catalog = catalog
        self.answers = answers
        self.kind_answers = kinds(answers, catalog)
        self.kinds = tuple(kind.name for kind in self.kind_answers)
        self.facts = facts
        domains = dict(self.domains())
        size = 1
        for values in domains.values():
            size *= max(1, len(values))
        if size > most:
            raise TooLarge(size)
        self.worlds: list[World] = []
        for values in product(*domains.values()):
            world = dict(zip(domains, values, strict=True))
            if self.well_formed(Reader(catalog, self.kinds, world)):
                self.worlds.append(world)
        self.readers = [Reader(catalog, self.kinds, world) for world in self.worlds]
        self.everything = (1 << len(self.worlds)) - 1
        waived = {said.value.rule for said in answers.waivers}
        self.rules: dict[RuleId, int] = {}
        for key, allows in self.each_rule():
            if not (key[0] in waived and self.waivable(key[0])):
                self.rules[key] = self.rules.get(key, self.everything) & self.bits(allows)
        self.said: dict[CauseId, int] = {cause: self.bits(allows) for cause, allows in self.each_answer()}

    def bits(self, allows: Any) -> int:
        """The worlds that a predicate allows."""
        found = 0
        for place, reader in enumerate(self.readers):
            if allows(reader):
                found |= 1 << place
        return found

    # Worlds

    def scopes(self, scoped: str) -> tuple[Scope, ...]:
        return self.kinds if scoped == "cluster" else (None,)

    def domains(self) -> Iterator[tuple[tuple[str, Scope, str], list[Any]]]:
        catalog = self.catalog
        for question in catalog.questions.values():
            values = tuple(value.id for value in question.values)
            for scope in self.scopes(question.scope):
                options = (
                    [entry for entry in subsets(values) if entry]
                    if question.several
                    else [frozenset({value}) for value in values]
                )
                yield ("context", scope, question.id), options
        for name in self.facts:
            for scope in self.scopes(FACTS[name].scope):
                yield ("fact", scope, name), list(NUMBERS) if FACTS[name].number else [False, True]
        for decision in catalog.decisions.values():
            for scope in self.scopes(decision.scope):
                offered = catalog.options[decision.id]
                several = decision.many == "several"
                yield (
                    ("choice", scope, decision.id),
                    subsets(offered) if several else [frozenset(), *(frozenset({option}) for option in offered)],
                )
        for setting in catalog.settings.values():
            for scope in self.scopes(scope_of_number(catalog, setting.id)):
                if setting.type == "boolean":
                    values_: list[Any] = [True, False]
                elif setting.choices:
                    values_ = list(setting.choices)
                else:
                    assert setting.type == "integer", "the oracle lists whole numbers between two bounds"
                    values_ = list(range(int(setting.at_least or 0), int(setting.at_most or 0) + 1))
                yield ("setting", scope, setting.id), values_
        for entry in catalog.components.values():
            if entry.releases:
                for kind in self.kinds:
                    yield ("release", kind, entry.id), [None, *(release.version for release in entry.releases)]

    def well_formed(self, reader: Reader) -> bool:
        for (what, scope, name), value in reader.world.items():
            if what == "choice":
                asked = reader.asked(name, scope)
                many = self.catalog.decisions[name].many
                if not asked and value:
                    return False
                if asked and many != "several" and not value:
                    return False
            if what == "release" and (value is not None) != reader.selected(name, scope):
                return False
        return all(
            len({reader.world["release", kind, entry.id] for kind in self.kinds} - {None}) < 2
            for entry in self.catalog.components.values() if entry.releases and not is_kubernetes(entry)
        )

    # Rules

    def waivable(self, id_: str) -> bool:
        if id_ in self.catalog.rules:
            return self.catalog.rules[id_].rule.waivable
        prefix, _, name = id_.partition(":")
        return prefix == "status" and self.catalog.components[name].status(self.catalog.as_of) != "unobtainable"

    def each_rule(self) -> Iterator[tuple[RuleId, Any]]:
        for placed in self.catalog.rules.values():
            if placed.rule.binding:
                for scope in self.places(placed):
                    yield (placed.rule.id, scope), self.written(placed, scope)
        for entry in self.catalog.components.values():
            yield from self.implicit(entry)

    def places(self, placed: PlacedRule) -> tuple[Scope, ...]:
        """Where a rule is applied."""
        rule, catalog = placed.rule, self.catalog
        literals = [*rule.when, *(rule.requires or ()), *(rule.excludes or ())]
        about_clusters = any(cluster_scoped(catalog, literal) for literal in literals)
        if placed.component is None:
            scoped = "layer"
        elif placed.decision is not None:
            scoped = catalog.decisions[placed.decision].scope
        else:
            scoped = "cluster" if cluster_scoped_component(catalog, placed.component) else "design"
        if scoped == "cluster":
            return self.kinds
        if rule.sets and any(scope_of_number(catalog, name) == "cluster" for name in rule.sets):
            return self.kinds
        if not about_clusters:
            return (None,)
        if scoped == "layer" or rule.sets:
            return self.kinds
        installable = placed.component != "none" and catalog.components[placed.component or ""].support == "installable"
        across = rule.across or ("each" if installable else "some")
        return self.kinds if across == "each" else (None,)

    def written(self, placed: PlacedRule, scope: Scope) -> Any:
        rule = placed.rule

        def starts(reader: Reader) -> bool:
            if placed.component is None:
                return True
            if placed.decision is not None:
                return placed.component in reader.chosen(placed.decision, scope)
            return reader.selected(placed.component, scope)

        def allows(reader: Reader) -> bool:
            if not starts(reader) or not all(reader.holds(condition, scope) for condition in rule.when):
                return True
            if rule.requires is not None:
                return any(reader.holds(condition, scope) for condition in rule.requires)
            if rule.excludes is not None:
                return not any(reader.holds(condition, scope) for condition in rule.excludes)
            assert rule.sets is not None
            return all(
                reader.holds(Condition(setting={name: Bound(equals=value)}), scope) for name, value in rule.sets.items()
            )

        return allows

    def implicit(self, entry: Component) -> Iterator[tuple[RuleId, Any]]:
        catalog = self.catalog
        for role in entry.roles:
            for scope in self.scopes(catalog.decisions[role].scope):
                if entry.clouds and "cloud" in catalog.questions:
                    yield (f"clouds:{entry.id}", scope), self.on_cloud(entry, role, scope)
                if entry.status(catalog.as_of) in ("unobtainable", "unsupported", "archived"):
                    yield (f"status:{entry.id}", scope), self.unchosen(entry, role, scope)
        for kind in self.kinds if entry.releases else ():
            if KUBERNETES_VERSION in catalog.settings:
                yield (f"releases:{entry.id}", kind), self.fits_minor(entry, kind)
            for other in dict.fromkeys(chain.from_iterable(release.supports for release in entry.releases)):
                if other in catalog.components and catalog.components[other].releases:
                    yield (f"supports:{entry.id}:{other}", kind), self.fits_other(entry, other, kind)

    def on_cloud(self, entry: Component, role: str, scope: Scope) -> Any:
        condition = Condition(context={"cloud": entry.clouds})
        return lambda reader: entry.id not in reader.chosen(role, scope) or reader.holds(condition, scope)

    def unchosen(self, entry: Component, role: str, scope: Scope) -> Any:
        return lambda reader: entry.id not in reader.chosen(role, scope)

    def fits_minor(self, entry: Component, kind: str) -> Any:
        supported = {
            release.version: ((".".join(release.version.split(".")[:2]),) if is_kubernetes(entry) else release.kubernetes)
            for release in entry.releases
        }
        scoped = scope_of_number(self.catalog, KUBERNETES_VERSION)

        def allows(reader: Reader) -> bool:
            version = reader.world["release", kind, entry.id]
            minor = reader.value("setting", KUBERNETES_VERSION, scoped, kind)
            return version is None or not supported[version] or minor in supported[version]

        return allows

    def fits_other(self, entry: Component, other: str, kind: str) -> Any:
        supported = {release.version: release.supports.get(other) for release in entry.releases}

        def allows(reader: Reader) -> bool:
            mine, theirs = reader.world["release", kind, entry.id], reader.world["release", kind, other]
            return mine is None or theirs is None or supported[mine] is None or theirs in supported[mine]

        return allows

    # Answers

    def each_answer(self) -> Iterator[tuple[CauseId, Any]]:
        answers, catalog = self.answers, self.catalog
        for name, said in answers.context.items():
            yield (
                ("context", name, ", ".join(said.value), None),
                self.equals("context", (None,), name, frozenset(said.value)),
            )
        around = Surroundings(
            tuple(entry.cluster for entry in answers.clusters),
            tuple(entry.value for entry in answers.workloads),
            tuple(entry.value for entry in answers.externals),
        )
        design_facts = evaluate_design(around)
        for kind in self.kind_answers:
            for name, said in kind.context.items():
                yield (
                    ("cluster", name, ", ".join(said.value), kind.name),
                    self.equals("context", (kind.name,), name, frozenset(said.value)),
                )
        for name in self.facts:
            for scope in self.scopes(FACTS[name].scope):
                value = design_facts[name] if scope is None else self.kind(scope).facts[name]
                if value is not None:
                    word = str(value).lower() if isinstance(value, bool) else str(value)
                    yield ("fact", name, word, scope), self.equals("fact", (scope,), name, value)
        for kind_of_answer in ("choice", "reject"):
            for decision in catalog.decisions:
                for said_options, places, named in self.said_in(kind_of_answer, decision):
                    for option in said_options:
                        yield (
                            (kind_of_answer, decision, option, named),
                            self.chooses(decision, option, places, wanted=kind_of_answer == "choice"),
                        )
        for setting in catalog.settings:
            for value, places, named in self.said_in("setting", setting):
                word = str(value).lower() if isinstance(value, bool) else str(value)
                yield ("setting", setting, word, named), self.equals("setting", places, setting, value)
        for name, version in answers.versions.items():
            yield ("version", name, version.value, None), self.has_version(name, version.value)

    def kind(self, name: str) -> KindAnswers:
        return next(kind for kind in self.kind_answers if kind.name == name)

    def said_in(self, what: str, name: str) -> Iterator[tuple[Any, tuple[Scope, ...], Scope]]:
        """What was said, the scopes that it holds in, and the one kind of cluster it was said for (None: for all)."""
        field = {"choice": "choices", "reject": "rejects", "setting": "settings"}[what]
        decision = self.catalog.setting_decision[name] if what == "setting" else name
        everywhere = getattr(self.answers, field).get(name)
        if self.catalog.decisions[decision].scope == "design":
            if everywhere is not None:
                yield everywhere.value, (None,), None
            return
        shared = []
        for kind in self.kind_answers:
            own = getattr(kind, field).get(name)
            if own is not None and own is everywhere:
                shared.append(kind.name)
            elif own is not None:
                yield own.value, (kind.name,), kind.name
        if shared:
            yield everywhere.value, tuple(shared), None

    def equals(self, what: str, scopes: tuple[Scope, ...], name: str, value: Any) -> Any:
        return lambda reader: all(reader.world[what, scope, name] == value for scope in scopes)

    def chooses(self, decision: str, option: str, scopes: tuple[Scope, ...], *, wanted: bool) -> Any:
        return lambda reader: all((option in reader.world["choice", scope, decision]) == wanted for scope in scopes)

    def has_version(self, component: str, version: str) -> Any:
        return lambda reader: all(reader.world["release", kind, component] in (None, version) for kind in self.kinds)

    # Questions

    def lawful(self) -> int:
        """The worlds that every rule allows."""
        found = self.everything
        for allowed in self.rules.values():
            found &= allowed
        return found

    def own(self, what: str, scope: Scope, name: str) -> set[CauseId]:
        """The answers to one question or decision (rejections are not: they leave it open)."""
        found = set()
        for cause in self.said:
            kind, subject, _, place = cause
            if subject != name or kind not in (("choice",) if what == "choice" else ("context", "cluster")):
                continue
            if place is not None:
                covers = place == scope
            elif scope is None or what == "context":
                covers = scope is None
            else:
                covers = any(scope in places for _, places, named in self.said_in("choice", name) if named is None)
            if covers:
                found.add(cause)
        return found

    def left(self, without: set[CauseId] | frozenset[CauseId] = frozenset()) -> int:
        """Lawful worlds that all answers but these allow."""
        found = self.lawful()
        for cause, allowed in self.said.items():
            if cause not in without:
                found &= allowed
        return found

    def with_option(self, what: str, scope: Scope, name: str, value: str) -> int:
        return self.bits(lambda reader: value in reader.world[what, scope, name])

    def state(self, what: str, scope: Scope, name: str, value: str) -> str:
        left = self.left(self.own(what, scope, name))
        chosen = self.with_option(what, scope, name, value)
        if not left & chosen:
            return "excluded"
        return "implied" if not left & ~chosen else "available"

    def smallest(self, sets: Mapping[Any, int], within: int) -> set[frozenset[Any]]:
        """All smallest sets of names whose worlds together leave nothing of `within`; empty when none does."""
        for size in range(len(sets) + 1):
            found = set()
            for names in combinations(sets, size):
                rest = within
                for name in names:
                    rest &= sets[name]
                if not rest:
                    found.add(frozenset(names))
            if found:
                return found
        return set()

    def smallest_repairs(self, wanted: int, pinned: set[CauseId]) -> set[frozenset[CauseId]]:
        """All smallest sets of unpinned answers without which a world in `wanted` is left."""
        free = [cause for cause in self.said if cause not in pinned]
        for size in range(len(free) + 1):
            found = {frozenset(names) for names in combinations(free, size) if self.left(set(names)) & wanted}
            if found:
                return found
        return set()


class TooLarge(Exception):
    """More worlds than can be listed."""
