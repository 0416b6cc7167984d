"""The catalog: every layer, decision, question, setting, component and rule, indexed. Immutable once loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from catalog.faults import did_you_mean, nearest
from catalog.layers import NONE, Absence, Capability, Decision, Layer, Question
from catalog.phrases import listed
from catalog.settings import Setting

if TYPE_CHECKING:
    from catalog.components import Component, Undo
    from catalog.rules import Rule


class PlacedRule(NamedTuple):
    """A rule and whose it is: a component, the `none` of a decision, or a layer (subject None)."""

    rule: Rule
    component: str | None
    """The subject component; `none` with `decision` for an absence; None for a layer's own rule."""
    decision: str | None
    layer: str


@dataclass(frozen=True)
class Catalog:
    """All that is known. Mappings keep catalog order: layers by `after`, decisions and components as listed."""

    layers: Mapping[str, Layer]
    components: Mapping[str, Component]
    capabilities: Mapping[str, Capability]
    as_of: date
    """The day of the last refresh: the day on which statuses are judged unless another is named."""
    revision: str
    """Digest of everything that was loaded."""
    refreshed: date | None = None
    """The day on which versions and support dates were last compared with upstream: ages are counted from it in CI."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """`component:<id>`, `rule:<id>`, `layer:<id>` to the file (and line) that said it, relative to its folder."""
    key: str = field(default="", init=False, compare=False)
    """Under which what is computed from this catalog may be cached; empty for one that is made by hand, or from
    another."""

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """Every decision by id, in catalog order."""
        return {decision.id: decision for layer in self.layers.values() for decision in layer.decisions}

    @cached_property
    def layer_of(self) -> Mapping[str, str]:
        """Decision id to layer id."""
        return {decision.id: layer.id for layer in self.layers.values() for decision in layer.decisions}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every context question by id, in catalog order."""
        return {question.id: question for layer in self.layers.values() for question in layer.questions}

    @cached_property
    def documented(self) -> Mapping[str, Question]:
        """Questions whose answers have documentation of their own: a step shows the page for the answer that was given."""
        return {id_: question for id_, question in self.questions.items() if any(value.hosts for value in question.values)}

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting by id, in catalog order."""
        return {
            setting.id: setting for decision in self.decisions.values() for setting in decision.settings
        }

    @cached_property
    def setting_decision(self) -> Mapping[str, str]:
        """Setting id to the decision it stands under."""
        return {setting.id: decision.id for decision in self.decisions.values() for setting in decision.settings}

    @cached_property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """Decision id to the ids of its components, in catalog order (`none` last where it is an option)."""
        found: dict[str, list[str]] = {decision: [] for decision in self.decisions}
        for component in self.components.values():
            for decision in component.roles:
                # A role under an unknown decision is a fault that the cross-check words.
                found.setdefault(decision, []).append(component.id)
        return {
            decision: (*ids, NONE) if self.decisions[decision].many == "optional" else tuple(ids)
            for decision, ids in found.items() if decision in self.decisions
        }

    def decision_meant(self, said: str) -> str:
        """A clause for a message about a decision that nobody knows: the one that was meant, else those of the layer, or of
        the component, that was named instead; or nothing."""
        below = [decision.id for decision in self.layers[said].decisions] if said in self.layers else []
        component = self.components.get(nearest(said, self.components) or "")
        if below:
            return f" (a layer; its decisions are {listed(below)})"
        guess = did_you_mean(said, self.decisions)
        if guess or component is None:
            return guess
        return f" ({component.id!r} is a component; it is chosen for {listed(tuple(component.roles), 'or')})"

    @cached_property
    def undo(self) -> Mapping[str, tuple[Undo, str]]:
        """Component id to how hard it is to undo, and why, in catalog order."""
        return {component.id: (component.undo.how, component.undo.because) for component in self.components.values()}

    @cached_property
    def ageing(self) -> Mapping[str, Mapping[str, Sequence[Mapping[str, str | None]]]]:
        """Component to version to what of it is past on the catalog's day, or will be soon, as plain values by date; the
        version is empty for a design that names none. What has nothing to tell is left out."""
        from catalog.ageing import lasting, soon

        found: dict[str, dict[str, list[Mapping[str, str | None]]]] = {}
        for component in self.components.values():
            for version in ("", *(release.version for release in component.releases)):
                told: list[Mapping[str, str | None]] = [
                    {"on": entry.on.isoformat(), "what": entry.what, "text": entry.text, "source": entry.source,
                     "successor": entry.successor}
                    for entry in soon(component, lasting(component, version or None, self.components), self.as_of,
                                      self.components)]
                if told:
                    found.setdefault(component.id, {})[version] = told
        return found

    @cached_property
    def namespaces(self) -> Mapping[str, str]:
        """Namespace to the name of the component (the last of several) that is installed into it."""
        return {component.install.namespace: component.title for component in self.components.values()
                if component.install is not None}

    @cached_property
    def titles(self) -> Mapping[str, Mapping[str, str]]:
        """Decision id to the names of its components where they answer it."""
        return {
            decision: {name: self.components[name].role_title(decision) for name in ids if name != NONE}
            for decision, ids in self.options.items()
        }

    @cached_property
    def rules(self) -> Mapping[str, PlacedRule]:
        """Every rule by id, in catalog order."""
        found: dict[str, PlacedRule] = {}
        for layer in self.layers.values():
            for rule in layer.rules:
                found[rule.id] = PlacedRule(rule, None, None, layer.id)
            for decision in layer.decisions:
                for rule in decision.none.rules if decision.none else ():
                    found[rule.id] = PlacedRule(rule, NONE, decision.id, layer.id)
        for component in self.components.values():
            layer_id = self.layer_of.get(next(iter(component.roles)), "")
            for rule in component.rules:
                found[rule.id] = PlacedRule(rule, component.id, rule.as_, layer_id)
        return found

    def overlaid(self, key: str) -> str:
        """Where an overlay says something (`rule:<id>`, `component:<id>`); empty where the built-in catalog does."""
        origin = self.origins.get(key, "")
        return "" if origin.partition("/")[0] in ("components", "layers") else origin

    def absence(self, decision: str) -> Absence:
        """What `none` means for an optional decision."""
        none = self.decisions[decision].none
        assert none is not None
        return none

    def title(self, decision: str, component: str) -> str:
        """The name of an option where it answers `decision`."""
        if component == NONE:
            return self.absence(decision).title
        return self.titles.get(decision, {}).get(component) or self.components[component].title
