"""The resolved Design: every decision made, with its reasons. The only thing exporters see.

A Design is a value: equal answers and catalog give an equal Design, however it was made. Nothing derived is part of it:
topology and bill of materials are computed from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.conditions import Scalar
from catalog.layers import NONE, Decision
from catalog.lifecycle import Release
from catalog.reasons import Margin, Option, Reason, State
from catalog.rules import Priority, Rule
from catalog.settings import KUBERNETES, KUBERNETES_VERSION
from catalog.workloads import Cluster, External, Workload

Origin = Literal["answered", "implied", "assumed", "recommended", "default"]


@dataclass(frozen=True)
class Value:
    """A context value or setting and where it came from."""

    value: Scalar | tuple[str, ...]
    origin: Origin
    said_at: str = ""
    """file:line, `wizard` or a flag, when answered."""


@dataclass(frozen=True)
class OptionState:
    """One considered option of a decision, as it stood under the answers."""

    component: str
    state: State
    reason: Reason | None = None
    """Why excluded or implied."""


@dataclass(frozen=True)
class Resolved:
    """One decision, made (for one kind of cluster, or for the design when `kind` is None)."""

    decision: str
    kind: str | None
    chosen: tuple[str, ...]
    """Component ids in catalog order; ("none",) for a deliberate absence; () where nothing was asked for."""
    origin: Origin
    asked: bool = True
    options: tuple[OptionState, ...] = ()
    reason: Reason | None = None
    """For implied choices: the chain that leads there."""
    margins: tuple[tuple[str, Margin], ...] = ()
    """For recommended choices: component and why it won; for answered ones, where it would have won as well."""

    @property
    def components(self) -> tuple[str, ...]:
        """Chosen components without `none`."""
        return tuple(component for component in self.chosen if component != NONE)


@dataclass(frozen=True)
class Kind:
    """Clusters with the same facts and overrides."""

    name: str
    """Name of its first cluster."""
    clusters: tuple[str, ...]
    context: dict[str, Value] = field(default_factory=dict)
    facts: dict[str, bool | int | None] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiver:
    """A risk that somebody accepted."""

    rule: str
    reason: str
    owner: str
    until: date


@dataclass(frozen=True)
class Warning_:
    """A rule that only warns and that applies, a lifecycle status worth a word, or a release out of support."""

    rule: str
    kind: str | None = None
    component: str | None = None


class _Within(NamedTuple):
    """What was chosen in one kind of clusters and for the design, or in all kinds."""

    roles: tuple[tuple[Resolved, Component], ...]
    selected: tuple[Component, ...]
    provided: frozenset[str]
    """Capabilities."""
    played: Mapping[str, tuple[str, ...]]
    """Decisions by the component that was chosen for them."""


@dataclass(frozen=True)
class Design:
    """All decisions resolved, with reasons, assumptions, versions."""

    name: str
    catalog: Catalog
    context: dict[str, Value]
    priorities: tuple[Priority, ...]
    clusters: tuple[Cluster, ...]
    kinds: tuple[Kind, ...]
    decisions: tuple[Resolved, ...]
    """In catalog order; a cluster-scoped decision once per kind."""
    settings: dict[str, Value]
    """Design-scoped settings; those of cluster-scoped decisions are in their kind."""
    releases: dict[str, str]
    """Chosen release per component that has any: one for the design, of Kubernetes itself the oldest of its kinds'."""
    waivers: tuple[Waiver, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    workloads: tuple[Workload, ...] = ()
    externals: tuple[External, ...] = ()
    placeholders: tuple[str, ...] = ()
    """Settings that still have their visible placeholder."""

    def by_name(self) -> Design:
        """The same design with workloads, what they call and externals in the order of their names: what runs does not
        depend on the order in which they were told, which only pictures and tables for people keep."""
        workloads = (each.model_copy(update={"calls": tuple(sorted(each.calls)), "clusters": tuple(sorted(each.clusters))})
                     for each in self.workloads)
        return replace(self, workloads=tuple(sorted(workloads, key=attrgetter("name"))),
                       externals=tuple(sorted(self.externals, key=attrgetter("name"))))

    def resolved(self, decision: str, kind: str | None = None) -> Resolved:
        """The resolution of a decision; for a cluster-scoped one of the kind named. KeyError when there is none."""
        for entry in self.decisions:
            if entry.decision == decision and (entry.kind == kind or entry.kind is None):
                return entry
        raise KeyError(decision)

    def chosen(self, decision: str, kind: str | None = None) -> tuple[str, ...]:
        """Component ids chosen for a decision (for a cluster-scoped one in the kind named, or in any), without none."""
        found: dict[str, None] = {}
        for entry in self.decisions:
            if entry.decision == decision and (kind is None or entry.kind in (None, kind)):
                found.update(dict.fromkeys(entry.components))
        return tuple(found)

    def roles(self, kind: str | None = None) -> Iterator[tuple[Resolved, Component]]:
        """Every (decision, component) chosen, in catalog order; for one kind also what is design-wide."""
        return iter(self._within(kind).roles)

    def selected(self, kind: str | None = None) -> tuple[Component, ...]:
        """Every selected component once, in catalog order of its first role."""
        return self._within(kind).selected

    def _within(self, kind: str | None) -> _Within:
        """What was chosen there; found once, because everything that reads a design asks for it again and again."""
        found = self._found.get(kind)
        if found is None:
            roles = tuple((entry, self.catalog.components[component]) for entry in self.decisions
                          if kind is None or entry.kind in (None, kind) for component in entry.components)
            provided: set[str] = set()
            played: dict[str, dict[str, None]] = {}
            for entry, component in roles:
                played.setdefault(component.id, {})[entry.decision] = None
                provided.update(component.provides)
                provided.update(component.roles[entry.decision].provides)
            found = self._found[kind] = _Within(
                roles, tuple({component.id: component for _, component in roles}.values()), frozenset(provided),
                {component: tuple(decisions) for component, decisions in played.items()})
        return found

    @cached_property
    def _found(self) -> dict[str | None, _Within]:
        return {}

    def selected_roles(self, component: str, kind: str | None = None) -> tuple[str, ...]:
        """The decisions that a component was chosen for."""
        return self._within(kind).played.get(component, ())

    def capabilities(self, kind: str | None = None) -> frozenset[str]:
        """What the selected components provide (in the kind named, or anywhere)."""
        return self._within(kind).provided

    def providers(self, capability: str, kind: str | None = None) -> tuple[Component, ...]:
        """Selected components that provide a capability."""
        found: dict[str, Component] = {}
        for entry, component in self.roles(kind):
            if capability in component.provides or capability in component.roles[entry.decision].provides:
                found[component.id] = component
        return tuple(found.values())

    def setting(self, name: str, kind: str | None = None) -> Scalar:
        """The resolved value of a setting; KeyError when its decision was not asked."""
        for group in ([entry.settings for entry in self.kinds if entry.name == kind] + [self.settings]):
            if name in group:
                value = group[name].value
                assert not isinstance(value, tuple)
                return value
        raise KeyError(name)

    def kubernetes_minor(self, kind: str) -> str:
        """The Kubernetes minor of a kind of cluster, such as `1.36`; LookupError where neither a setting nor a release says
        one."""
        try:
            stated = str(self.setting(KUBERNETES_VERSION, kind))
        except KeyError:
            stated = ""
        if stated:
            return stated
        for component in self.providers(KUBERNETES, kind):
            version = self.releases.get(component.id)
            if version:
                return ".".join(version.lstrip("v").split(".")[:2])
        raise LookupError(f"nothing says which Kubernetes minor {kind} runs")

    def answer(self, question: str, kind: str | None = None) -> str | tuple[str, ...]:
        """The value of a context question (of a kind of cluster for those that belong to clusters)."""
        for group in ([entry.context for entry in self.kinds if entry.name == kind] + [self.context]):
            if question in group:
                value = group[question].value
                return value if isinstance(value, tuple) else str(value)
        raise KeyError(question)

    def kind_of(self, cluster: str) -> Kind:
        """The kind that a cluster belongs to."""
        return next(kind for kind in self.kinds if cluster in kind.clusters)

    def release(self, component: str) -> Release | None:
        """The chosen release of a component, when it has any."""
        version = self.releases.get(component)
        releases = self.catalog.components[component].releases
        return next((release for release in releases if release.version == version), None)

    def rule(self, rule: str) -> Rule:
        """A rule of the catalog by id."""
        return self.catalog.rules[rule].rule

    def decision(self, decision: str) -> Decision:
        """The catalog's definition of a decision."""
        return self.catalog.decisions[decision]

    def option(self, entry: Resolved, component: str) -> Option:
        """The key of an option of a resolved decision."""
        return Option(entry.decision, component, entry.kind)
