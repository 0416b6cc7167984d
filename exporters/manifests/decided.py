"""What was decided, as one component in one cluster sees it: capabilities, choices, settings, context and facts.

The first part of a view (exporters/manifests/view.py): it asks the design alone, and no other component's module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from catalog.components import ChartInstall, Component
from catalog.conditions import Scalar
from catalog.design import Design, Kind
from catalog.layers import NONE
from catalog.settings import magnitude, pem
from catalog.topology import Topology
from catalog.workloads import Cluster


@dataclass(frozen=True)
class Decided:
    """One cluster of a design, seen by one component (`component` None: by the framework itself)."""

    design: Design
    topology: Topology
    cluster: Cluster
    kind: Kind
    component: Component | None = None
    chart: ChartInstall | None = None
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Answers already found for this cluster, shared by its views."""

    def of(self, component: Component | str) -> Self:
        """The view of another component in the same cluster."""
        found = self.design.catalog.components[component] if isinstance(component, str) else component
        seen: Self = self.memoized(("view", found.id), lambda: replace(self, component=found, chart=None))
        return seen

    def charted(self, chart: ChartInstall) -> Self:
        """The view of one of the component's charts (values of several charts differ by `view.release`)."""
        return replace(self, chart=chart)

    # ---- who asks

    @property
    def me(self) -> Component:
        """The component that asks; a framework view has none."""
        assert self.component is not None
        return self.component

    @property
    def roles(self) -> tuple[str, ...]:
        """The decisions that the component was chosen for in this cluster."""
        return self.roles_of(self.me.id)

    @property
    def release(self) -> str:
        """Helm release name of the chart being valued."""
        return self.chart.release if self.chart is not None else self.me.id

    def pem(self, name: str) -> str | None:
        """The certificate or public key that a setting of type `pem` says; None where nobody has said it."""
        return pem(str(self.setting(name, "none")))

    def extra(self, name: str) -> str:
        """The image of something that comes along with this component, at the version that the catalog names."""
        return self.me.extra(name).reference

    @property
    def other_version(self) -> str | None:
        """The version to run, where the chart by itself would bring another release than the one that was resolved."""
        resolved = self.design.release(self.me.id)
        if resolved is None or self.chart is None or self.chart.chart in resolved.charts:
            return None
        if not any(self.chart.chart in release.charts for release in self.me.releases):
            return None
        return resolved.version.removeprefix("v")

    @property
    def namespace(self) -> str:
        """Where the chart, or else the component, is installed."""
        if self.chart is not None and self.chart.namespace:
            return self.chart.namespace
        return self.me.install.namespace if self.me.install else "default"

    # ---- what was decided

    def capability(self, name: str) -> bool:
        """True when something selected for this cluster provides the capability."""
        return name in self.capabilities

    @property
    def capabilities(self) -> frozenset[str]:
        """Everything that is provided in this cluster."""
        found: frozenset[str] = self.memoized("capabilities", lambda: self.design.capabilities(self.kind.name))
        return found

    def provides(self, name: str) -> bool:
        """True when this component itself provides the capability (in the roles it was chosen for)."""
        return any(entry.id == self.me.id for entry in self.providers(name))

    def providers(self, capability: str) -> tuple[Component, ...]:
        """Components that provide a capability here. Ask them for roles and namespaces, never for their ids."""
        found: tuple[Component, ...] = self.memoized(
            ("providers", capability), lambda: self.design.providers(capability, self.kind.name)
        )
        return found

    def setting(self, name: str, default: Scalar | None = None) -> Any:
        """The resolved value of a setting; `default` when its decision was not asked (None raises KeyError)."""
        try:
            return self.design.setting(name, self.kind.name)
        except KeyError:
            if default is None:
                raise
            return default

    def hours(self, name: str, default: str = "24h") -> int:
        """A duration setting in whole hours (at least one), as charts often want it."""
        return max(1, int(magnitude(self.setting(name, default), "duration") // 3600))

    def fact(self, name: str) -> bool | int | None:
        """A named fact of this cluster (None when the answers do not say)."""
        return self.kind.facts.get(name)

    def context(self, question: str) -> Any:
        """The value of a context question (a tuple for those that take several)."""
        return self.design.answer(question, self.kind.name)

    def yes(self, question: str) -> bool:
        """A boolean context question; False where the catalog does not ask it."""
        try:
            return bool(self.context(question) == "yes")
        except KeyError:
            return False

    def chosen(self, decision: str) -> tuple[str, ...]:
        """Ids of what was chosen here for a decision, to be handed on, never to be compared."""
        found: tuple[str, ...] = self.memoized(("chosen", decision), lambda: self.design.chosen(decision, self.kind.name))
        return found

    def roles_of(self, component: str) -> tuple[str, ...]:
        """The decisions that a component was chosen for here."""
        found: tuple[str, ...] = self.memoized(
            ("roles", component), lambda: self.design.selected_roles(component, self.kind.name)
        )
        return found

    def none(self, decision: str) -> bool:
        """True when a decision was deliberately answered with none, or never asked."""
        try:
            entry = self.design.resolved(decision, self.kind.name)
        except KeyError:
            return True
        return entry.chosen in ((NONE,), ())

    def memoized(self, key: Any, compute: Callable[[], Any]) -> Any:
        """What `compute` gave for this cluster the first time."""
        if key not in self.memo:
            self.memo[key] = compute()
        return self.memo[key]
