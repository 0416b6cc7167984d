"""What a component's module may ask: the design as one cluster sees it, and nothing about other components' ids.

A view is frozen: `view.of(component)` gives the view of another component, `view.charted(chart)` that of one chart.
Questions about what somebody else provides (a Secret, a bucket, an identity, an address) are answered by the module
of whichever component provides the capability; see `exporters.manifests.components` for those hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.components import ChartInstall, Component
from catalog.conditions import Scalar
from catalog.design import Design, Kind
from catalog.layers import NONE
from catalog.settings import magnitude
from catalog.topology import Edge, Node, Topology, derive, namespace_of
from catalog.workloads import Cluster, External, Workload
from exporters.manifests.modules import hook
from exporters.manifests.references import Entry, Identity, Issuer, Obj, ObjectStore, Secret, SecretRequest

_REPLICAS = (("99.95", 3), ("99.5", 2), ("0", 1))
"""Availability target (at least) to copies of a stateless part."""


@dataclass(frozen=True)
class View:
    """One cluster of a design, seen by one component (`component` None: by the framework itself)."""

    design: Design
    topology: Topology
    cluster: Cluster
    kind: Kind
    component: Component | None = None
    chart: ChartInstall | None = None
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Answers already found for this cluster, shared by its views."""

    def of(self, component: Component | str) -> View:
        """The view of another component in the same cluster."""
        found = self.design.catalog.components[component] if isinstance(component, str) else component
        seen: View = self.memoized(("view", found.id), lambda: replace(self, component=found, chart=None))
        return seen

    def charted(self, chart: ChartInstall) -> View:
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

    # ---- where it runs

    @property
    def cloud(self) -> str:
        """Value of the context question `cloud`: gcp, aws, azure, on-premises, other-cloud."""
        return str(self.context("cloud"))

    @property
    def region(self) -> str:
        """The cluster's region, or the visible placeholder `REGION`."""
        return self.cluster.region or "REGION"

    @property
    def environment(self) -> str:
        """prod, staging, dev ..."""
        return self.cluster.environment

    @property
    def environments(self) -> tuple[str, ...]:
        """Every environment of the design, in the order of its clusters."""
        return tuple(dict.fromkeys(cluster.environment for cluster in self.design.clusters))

    @property
    def production(self) -> bool:
        """False for clusters that are not held to the availability target."""
        return self.environment == "prod"

    @property
    def zones(self) -> int:
        """Over how many zones nodes are spread (1 when nobody said and the target does not need more)."""
        stated = self.fact("zones")
        if isinstance(stated, int) and not isinstance(stated, bool):
            return stated
        return 3 if self.at_least("99.9") else 1

    @property
    def nodes(self) -> int:
        """The least number of nodes; 3 when nobody said."""
        stated = self.fact("nodes")
        return stated if isinstance(stated, int) and not isinstance(stated, bool) else 3

    @property
    def kubernetes_minor(self) -> str:
        """The Kubernetes minor of this cluster, such as `1.36`; LookupError where neither a setting nor a release says one."""
        return self.design.kubernetes_minor(self.kind.name)

    def at_least(self, availability: str) -> bool:
        """True when the availability target is at least this (percent)."""
        return float(self.context("availability")) >= float(availability)

    # ---- how much of it

    @property
    def highly_available(self) -> bool:
        """More than one copy is worth it: a production cluster of several nodes held to 99.5 % or more."""
        return self.replicas() > 1

    def replicas(self, least: int = 1) -> int:
        """Copies of a stateless part: 1, 2 (from 99.5 %) or 3 (from 99.95 %); 1 outside production or on one node."""
        wanted = next(count for bound, count in _REPLICAS if self.at_least(bound)) if self.production else 1
        return max(least, min(wanted, self.nodes))

    def quorum(self) -> int:
        """Members of a part that votes: 3 where more than one copy is worth it, else 1."""
        return 3 if self.highly_available and self.nodes >= 3 else 1

    def spread(self, labels: Mapping[str, str]) -> list[Obj]:
        """Topology spread over zones (where there are several) and nodes for pods with these labels."""
        keys = ["kubernetes.io/hostname"] if self.zones < 2 else ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        return [
            {
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": dict(labels)},
            }
            for key in keys
        ]

    # ---- what others provide

    def storage_class(self, purpose: str = "block") -> str | None:
        """Name of the StorageClass for `block` or `file` volumes; None for the cluster's default."""
        decisions = {
            "block": ("distributed-storage", "storage-operator", "block-storage"),
            "file": ("file-storage", "storage-operator", "distributed-storage"),
        }[purpose]
        for decision in decisions:
            for component in self.chosen(decision):
                ask = hook(component, "storage_class")
                if ask is not None:
                    name: str | None = ask(self.of(component), purpose)
                    if name:
                        return name
        return None

    def object_store(self, purpose: str, capability: str = "object-storage") -> ObjectStore | None:
        """The bucket for `purpose` (a word such as `logs`), with identity or Secret; None when there is none.

        Where it needs a Secret, its objects have to be returned from the asking component's `objects(view)`.
        """
        for component in self.providers(capability):
            ask = hook(component.id, "object_store")
            if ask is not None:
                store: ObjectStore | None = ask(self, purpose)
                if store is not None:
                    return store
        return None

    def bucket(self, purpose: str) -> str:
        """The name of a bucket: what its setting says, else prefix, cluster and purpose, at most 63 characters."""
        stated = str(self.setting(f"{purpose}.bucket", "") or "")
        if stated:
            alone = len(self.design.clusters) < 2
            return short(stated if alone else f"{stated}-{self.cluster.name}", 63)
        prefix = self.setting("object-storage.prefix", self.design.name)
        return short(f"{prefix}-{self.cluster.name}-{purpose}", 63)

    def secret(
        self, name: str, keys: Mapping[str, str] | Iterable[str], namespace: str | None = None, type_: str = "Opaque"
    ) -> Secret:
        """A Secret through the chosen secrets tool. `keys`: key in the Secret to entry in the store, or only keys
        (the entry is then `<design>/<namespace>/<name>/<key>`)."""
        where = namespace or self.namespace
        wanted = dict(keys) if isinstance(keys, Mapping) else {key: f"{self.design.name}/{where}/{name}/{key}" for key in keys}
        request = SecretRequest(name, where, wanted, type_)
        for component in self.providers("secrets-delivery"):
            ask = hook(component.id, "secret")
            if ask is not None:
                return Secret(name, where, wanted, tuple(ask(self.of(component), request)))
        return Secret(name, where, wanted, by_hand=True)

    def identity(self, account: str, namespace: str | None = None) -> Identity:
        """What a service account needs to sign in to the platform's services (empty without workload identity)."""
        for component in self.providers("workload-identity"):
            ask = hook(component.id, "identity")
            if ask is not None:
                found: Identity = ask(self.of(component), account, namespace or self.namespace)
                return found
        return Identity()

    def address(self, capability: str) -> str | None:
        """Where this cluster reaches a capability: `http://loki-gateway.loki.svc:80`, `tempo.tracing.svc:4317`."""
        for component in self.providers(capability):
            ask = hook(component.id, "address")
            if ask is not None:
                found: str | None = ask(self.of(component), capability)
                if found:
                    return found
        return None

    def issuer(self) -> Issuer | None:
        """Who signs the certificates of routes; None when they come from outside the cluster."""
        for decision in ("certificates", "certificate-automation"):
            for component in self.chosen(decision):
                ask = hook(component, "issuer")
                if ask is not None:
                    found: Issuer | None = ask(self.of(component))
                    if found is not None:
                        return found
        return None

    def entry(self) -> Entry | None:
        """What answers routes from outside; None when the design has no ingress."""
        for component in self.chosen("ingress"):
            ask = hook(component, "entry")
            if ask is not None:
                found: Entry | None = ask(self.of(component))
                if found is not None:
                    return found
        return None

    def gather(self, name: str, *of: str) -> list[Any]:
        """What the hook `name` answers in the modules of all components that provide one of these capabilities (or
        were chosen for one of these decisions), in catalog order, called with their own views. None is left out."""
        found: dict[str, Any] = {}
        for word in of:
            chosen = [self.design.catalog.components[entry] for entry in self.chosen(word)]
            for component in (*self.providers(word), *chosen):
                ask = hook(component.id, name)
                if ask is not None and component.id not in found:
                    found[component.id] = ask(self.of(component))
        return [answer for answer in found.values() if answer is not None]

    # ---- observability, mesh, names

    @property
    def monitors(self) -> bool:
        """True where ServiceMonitor, PodMonitor and PrometheusRule objects are acted on."""
        return self.capability("prometheus-operator")

    @property
    def tracing(self) -> str | None:
        """`host:port` that takes OTLP over gRPC: the collector where there is one, else the trace store."""
        return self.address("telemetry-collector") or self.address("trace-ingest-otlp")

    @property
    def meshed(self) -> bool:
        """True where workloads are members of a service mesh."""
        return self.capability("mesh")

    @property
    def domain(self) -> str:
        """The design's public domain (setting `dns.domain`, else the first workload's host, else a placeholder)."""
        stated = self.setting("dns.domain", "")
        if stated:
            return str(stated)
        hosts = [workload.host for workload in self.design.workloads if workload.host]
        return hosts[0].split(".", 1)[1] if hosts else "example.com"

    # ---- topology

    @property
    def node(self) -> Node | None:
        """This component in the topology."""
        for node in self.topology.nodes:
            if node.kind == "component" and node.name == self.me.id and node.cluster in (None, self.kind.name):
                return node
        return None

    def flows_from(self) -> tuple[Edge, ...]:
        """Connections that this component opens."""
        node = self.node
        return tuple(edge for edge in self.topology.edges if node is not None and edge.source == node.id)

    def flows_to(self) -> tuple[Edge, ...]:
        """Connections that reach this component."""
        node = self.node
        return tuple(edge for edge in self.topology.edges if node is not None and edge.target == node.id)

    # ---- what runs here

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """Workloads of this cluster."""
        return tuple(
            workload for workload in self.design.workloads if not workload.clusters or self.cluster.name in workload.clusters
        )

    @property
    def externals(self) -> tuple[External, ...]:
        """Systems outside the clusters."""
        return self.design.externals

    def workload_namespace(self, workload: Workload) -> str:
        """Where a workload runs: its namespace, its team's, or the design's own."""
        return namespace_of(workload, self.design)

    def memoized(self, key: Any, compute: Callable[[], Any]) -> Any:
        """What `compute` gave for this cluster the first time."""
        if key not in self.memo:
            self.memo[key] = compute()
        return self.memo[key]


def label(text: str) -> str:
    """Text as a DNS label that starts with a letter: lower case, hyphens, at most 63 characters."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in text.lower()).strip("-")
    kept = kept if kept and kept[0].isalpha() else f"d-{kept}".rstrip("-")
    return short(kept, 63)


def short(name: str, most: int) -> str:
    """The name, or where it is too long its beginning and a digest of all of it, so that two never collide."""
    if len(name) <= most:
        return name
    import hashlib

    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: most - 9].rstrip('-.')}-{digest}"


def views(design: Design) -> tuple[View, ...]:
    """One framework view per cluster, in the order of the design; workloads by name."""
    design = design.by_name()
    topology = derive(design)
    found = []
    for kind_cluster in design.clusters or (Cluster(name=design.kinds[0].name),):
        kind = next(kind for kind in design.kinds if kind_cluster.name in kind.clusters)
        found.append(View(design, topology, kind_cluster, kind))
    return tuple(found)
