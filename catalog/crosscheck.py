"""Cross-checks: every name that one part of the catalog says of another must be known there.

Works on whole, validated models; the raw entries are there for the lines only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from catalog.catalog import Catalog
from catalog.components import PLACES, Component
from catalog.conditions import Bound, Condition
from catalog.facts import FACTS
from catalog.faults import Fault, did_you_mean
from catalog.layers import NONE, Layer, question_value
from catalog.model import Scalar
from catalog.overlay import RawCatalog, RawEntry
from catalog.reading import Where
from catalog.rules import Rule
from catalog.settings import NUMERIC, magnitude


def crosscheck(catalog: Catalog, raw: RawCatalog) -> Iterator[Fault]:
    """Every name that leads nowhere, and every id said twice. `catalog` may lack components that have other faults:
    what they are called and what they answer is known all the same."""
    check = _Check(catalog, raw)
    for component in catalog.components.values():
        entry = raw.components[component.id]
        for where, message in check.component(component):
            document, place = entry.place(where)
            yield document.fault(place, message)
    for layer in catalog.layers.values():
        entry = raw.layers[layer.id]
        for where, message in check.layer(layer):
            document, place = entry.place(where)
            yield document.fault(place, message)
    yield from _twice(catalog, raw)


def _twice(catalog: Catalog, raw: RawCatalog) -> Iterator[Fault]:
    """Ids of decisions, questions, settings and rules are unique over all files."""
    seen: dict[tuple[str, str], str] = {}

    def once(kind: str, id_: str, entry: RawEntry, where: Where) -> Iterator[Fault]:
        document, place = entry.place(where)
        shown = f"{document.file}:{document.line(place)}"
        if (kind, id_) in seen:
            yield document.fault(place, f"{kind} {id_!r} is already described at {seen[kind, id_]}")
        seen.setdefault((kind, id_), shown)

    for layer in catalog.layers.values():
        entry = raw.layers[layer.id]
        for at, question in enumerate(layer.questions):
            yield from once("question", question.id, entry, ("questions", at))
        for at, rule in enumerate(layer.rules):
            yield from once("rule", rule.id, entry, ("rules", at))
        for at, decision in enumerate(layer.decisions):
            yield from once("decision", decision.id, entry, ("decisions", at))
            for n, setting in enumerate(decision.settings):
                yield from once("setting", setting.id, entry, ("decisions", at, "settings", n))
            for n, rule in enumerate(decision.none.rules if decision.none else ()):
                yield from once("rule", rule.id, entry, ("decisions", at, "none", "rules", n))
    for component in catalog.components.values():
        for at, rule in enumerate(component.rules):
            yield from once("rule", rule.id, raw.components[component.id], ("rules", at))


Complaint = tuple[Where, str]


class _Check:
    def __init__(self, catalog: Catalog, raw: RawCatalog) -> None:
        self.catalog = catalog
        self.components = [*catalog.components, *(id_ for id_ in raw.components if id_ not in catalog.components)]
        self.capabilities = {key for key, *_ in raw.capabilities}
        self.options = {decision: set(options) for decision, options in catalog.options.items()}
        for id_, entry in raw.components.items():
            roles = entry.fields.get("roles")
            for decision in roles if isinstance(roles, dict) and id_ not in catalog.components else ():
                self.options.setdefault(str(decision), set()).add(id_)

    def known(self, kind: str, name: str, names: Any, where: Where) -> Iterator[Complaint]:
        if name not in names:
            yield where, f"unknown {kind} {name!r}{did_you_mean(name, names)}"

    def component(self, component: Component) -> Iterator[Complaint]:
        catalog = self.catalog
        for role_id, role in component.roles.items():
            yield from self.known("decision", role_id, catalog.decisions, ("roles", role_id))
            for at, name in enumerate(role.provides):
                yield from self.known("capability", name, self.capabilities, ("roles", role_id, "provides", at))
            for at, entry in enumerate(role.recommended_when):
                for n, condition in enumerate(entry.when):
                    place: Where = ("roles", role_id, "recommended-when", at, "when", n)
                    yield from self.condition(condition, place)
                    if condition.atom.context is None and condition.atom.fact is None:
                        yield place, "'recommended-when' looks at the context only"
        for at, name in enumerate(component.provides):
            yield from self.known("capability", name, self.capabilities, ("provides", at))
        clouds = {value.id for value in catalog.questions["cloud"].values} if "cloud" in catalog.questions else set()
        for at, name in enumerate(component.clouds):
            yield from self.known("cloud", name, clouds, ("clouds", at))
        for at, name in enumerate(component.goes_with):
            yield from self.known("component", name, self.components, ("goes-with", at))
        for at, name in enumerate(component.service_level.includes if component.service_level else ()):
            yield from self.known("component", name, catalog.components, ("service-level", "includes", at))
        if component.configures is not None:
            yield from self.known("decision", component.configures, catalog.decisions, ("configures",))
        yield from self.lifecycle(component)
        answers = {value.id for question in catalog.documented.values() for value in question.values}
        for at, step in enumerate(component.handover):
            for name in step.links:
                yield from self.known("cloud or component", name, clouds | answers | set(self.components),
                                      ("handover", at, "links", name))
            yield from self.plain(step.when, ("handover", at, "when"), "a step")
        for at, rule in enumerate(component.rules):
            yield from self.rule(rule, ("rules", at), set(component.roles))
        targets = {*self.capabilities, *PLACES}
        names = {endpoint.name for endpoint in component.endpoints}
        for at, endpoint in enumerate(component.endpoints):
            for n, name in enumerate(endpoint.serves):
                yield from self.known("capability", name, self.capabilities, ("endpoints", at, "serves", n))
            for n, name in enumerate(endpoint.roles):
                yield from self.known("role", name, component.roles, ("endpoints", at, "roles", n))
        for at, flow in enumerate(component.flows):
            yield from self.known("target", flow.to, targets, ("flows", at, "to"))
            if flow.of is not None:
                yield from self.known("setting", flow.of, self.catalog.settings, ("flows", at, "of"))
            yield from self.plain(flow.when, ("flows", at, "when"), "a flow")
            if flow.unless is not None:
                yield from self.known("capability", flow.unless, self.capabilities, ("flows", at, "unless"))
            if flow.endpoint is not None:
                yield from self.known("endpoint", flow.endpoint, names, ("flows", at, "endpoint"))
            if flow.opens == "other" and flow.endpoint is None:
                yield ("flows", at), "a flow that the other side opens names the 'endpoint' that is reached"
            for n, name in enumerate(flow.roles):
                yield from self.known("role", name, component.roles, ("flows", at, "roles", n))
        if component.install is not None:
            for at, name in enumerate(component.install.after):
                yield from self.known("capability", name, self.capabilities, ("install", "after", at))
            for at, chart in enumerate(component.install.charts):
                place = ("install", "charts", at)
                for n, name in enumerate(chart.roles):
                    yield from self.known("role", name, component.roles, (*place, "roles", n))
                for n, name in enumerate(chart.needs):
                    yield from self.known("capability", name, self.capabilities, (*place, "needs", n))
                for name, value in chart.settings.items():
                    yield from self.setting(name, value, (*place, "settings", name))
                for path, value in chart.values_from.items():
                    yield from self.reference(value, (*place, "values-from", path))

    def plain(self, when: Iterable[Condition], where: Where, whose: str) -> Iterator[Complaint]:
        """Conditions that can be judged without settings and facts."""
        for at, condition in enumerate(when):
            yield from self.condition(condition, (*where, at))
            if condition.atom.context is None and condition.atom.chosen is None and condition.atom.capability is None:
                yield (*where, at), f"'when' of {whose} looks at context, choices and capabilities"

    def reference(self, value: str, where: Where) -> Iterator[Complaint]:
        kind, _, name = value.partition(":")
        known = {"setting": self.catalog.settings, "fact": FACTS, "context": self.catalog.questions}.get(kind)
        if kind == "version" and re.fullmatch(r"version:[a-z-]{0,20}", value):
            return
        if known is None:
            yield where, f"{value!r} must start with setting:, fact:, context: or version:"
        else:
            yield from self.known(kind, name, known, where)

    def lifecycle(self, component: Component) -> Iterator[Complaint]:
        successor = component.lifecycle.successor
        if successor is not None:
            yield from self.known("component", successor, self.components, ("lifecycle", "successor"))
            if successor == component.id:
                yield ("lifecycle", "successor"), "a component cannot succeed itself"
            elif successor in self.catalog.components:
                status = self.catalog.components[successor].status(self.catalog.as_of)
                if status not in ("active", "deprecated"):
                    yield ("lifecycle", "successor"), f"the successor {successor!r} is itself {status}"
        follows = component.lifecycle.follows
        if follows is not None:
            yield from self.known("component", follows, self.components, ("lifecycle", "follows"))
            if follows in self.catalog.components and not self.catalog.components[follows].releases:
                yield ("lifecycle", "follows"), f"{follows!r} has no releases whose last days could hold"
        for at, release in enumerate(component.releases):
            for name, versions in release.supports.items():
                place: Where = ("releases", at, "supports", name)
                yield from self.known("component", name, self.components, place)
                if name in self.catalog.components:
                    listed = {entry.version for entry in self.catalog.components[name].releases}
                    for n, version in enumerate(versions):
                        if version not in listed:
                            yield (*place, n), f"{name} has no release {version!r}; it has {', '.join(sorted(listed)) or 'none'}"
        own = [release.version for release in component.releases]
        for at, version in enumerate(own):
            if version in own[:at]:
                yield ("releases", at, "version"), f"release {version!r} is said twice"

    def layer(self, layer: Layer) -> Iterator[Complaint]:
        for at, rule in enumerate(layer.rules):
            yield from self.rule(rule, ("rules", at), set())
        for at, decision in enumerate(layer.decisions):
            place: Where = ("decisions", at)
            if not set(self.options[decision.id]) - {NONE}:
                yield place, f"no component answers the decision {decision.id!r}"
            for n, condition in enumerate(decision.asked_when):
                yield from self.condition(condition, (*place, "asked-when", n))
            for n, setting in enumerate(decision.settings):
                for m, name in enumerate(setting.only_for):
                    yield from self.known(f"option of {decision.id}", name, self.options[decision.id],
                                          (*place, "settings", n, "only-for", m))
                for m, default in enumerate(setting.default):
                    for k, condition in enumerate(default.when):
                        yield from self.condition(condition, (*place, "settings", n, "default", m, "when", k))
            for n, rule in enumerate(decision.none.rules if decision.none else ()):
                yield from self.rule(rule, (*place, "none", "rules", n), {decision.id})
            for n, entry in enumerate(decision.none.recommended_when if decision.none else ()):
                for m, condition in enumerate(entry.when):
                    yield from self.condition(condition, (*place, "none", "recommended-when", n, "when", m))

    def rule(self, rule: Rule, where: Where, roles: set[str]) -> Iterator[Complaint]:
        if rule.as_ is not None:
            yield from self.known("role", rule.as_, roles, (*where, "as"))
        for name in ("when", "requires", "excludes", "warns", "warns_without"):
            for at, condition in enumerate(getattr(rule, name) or ()):
                yield from self.condition(condition, (*where, name.replace("_", "-"), at))
        for setting, value in (rule.sets or {}).items():
            yield from self.setting(setting, value, (*where, "sets", setting))

    def setting(self, setting: str, value: Scalar, where: Where) -> Iterator[Complaint]:
        """A setting by a value that it takes."""
        yield from self.known("setting", setting, self.catalog.settings, where)
        if setting in self.catalog.settings:
            try:
                self.catalog.settings[setting].check(value)
            except ValueError as error:
                yield where, str(error)

    def condition(self, condition: Condition, where: Where) -> Iterator[Complaint]:
        if condition.not_ is not None:
            yield from self.condition(condition.not_, (*where, "not"))
        elif condition.context is not None:
            yield from self._context(condition.context, (*where, "context"))
        elif condition.chosen is not None:
            (decision, wanted), = condition.chosen.items()
            yield from self.known("decision", decision, self.catalog.decisions, (*where, "chosen", decision))
            if decision in self.options:
                for name in (wanted,) if isinstance(wanted, str) else wanted:
                    if name not in self.options[decision]:
                        if name == NONE:
                            yield (*where, "chosen", decision), f"{decision!r} cannot be answered with none"
                        else:
                            yield from self.known(
                                f"option of {decision}", name, self.options[decision], (*where, "chosen", decision))
        elif condition.component is not None:
            yield from self.known("component", condition.component, self.components, (*where, "component"))
        elif condition.capability is not None:
            yield from self.known("capability", condition.capability, self.capabilities, (*where, "capability"))
        elif condition.setting is not None:
            (name, bound), = condition.setting.items()
            yield from self.known("setting", name, self.catalog.settings, (*where, "setting", name))
            if name in self.catalog.settings:
                yield from self._bound(name, bound, (*where, "setting", name))
        elif condition.fact is not None:
            name = condition.fact if isinstance(condition.fact, str) else next(iter(condition.fact))
            yield from self.known("fact", name, FACTS, (*where, "fact"))
            if name in FACTS and FACTS[name].number == isinstance(condition.fact, str):
                yield where, f"the fact {name!r} is {'a number and needs a bound' if FACTS[name].number else 'true or false'}"

    def _context(self, context: dict[str, Any], where: Where) -> Iterator[Complaint]:
        (name, wanted), = context.items()
        yield from self.known("context question", name, self.catalog.questions, (*where, name))
        question = self.catalog.questions.get(name)
        if question is None:
            return
        if isinstance(wanted, Bound):
            if question.ordered is None:
                yield (*where, name), f"the values of {name!r} have no order"
            values = [value for value in (wanted.at_least, wanted.at_most, wanted.equals) if value is not None]
        else:
            values = list(wanted) if isinstance(wanted, tuple) else [wanted]
        for value in values:
            try:
                question_value(question, value)
            except ValueError as error:
                yield (*where, name), str(error)

    def _bound(self, name: str, bound: Bound, where: Where) -> Iterator[Complaint]:
        setting = self.catalog.settings[name]
        for limit in (bound.at_least, bound.at_most):
            if limit is None:
                continue
            if setting.type not in NUMERIC:
                yield where, f"{name!r} has no order; use equals"
            elif isinstance(limit, str) and limit in self.catalog.settings:
                other = self.catalog.settings[limit]
                if other.type != setting.type:
                    yield where, f"{name!r} ({setting.type}) cannot be compared with {limit!r} ({other.type})"
            elif isinstance(limit, str) and limit in self.catalog.questions:
                if not self.catalog.questions[limit].duration or setting.type != "duration":
                    yield where, f"{name!r} cannot be compared with the question {limit!r}"
            elif isinstance(limit, str) and limit in FACTS and FACTS[limit].number:
                if setting.type != "integer":
                    yield where, f"{name!r} ({setting.type}) cannot be compared with the number {limit!r}"
            else:
                try:
                    magnitude(limit, setting.type)
                except ValueError as error:
                    yield where, str(error)
        if bound.equals is not None:
            try:
                setting.check(bound.equals)
            except ValueError as error:
                yield where, str(error)
