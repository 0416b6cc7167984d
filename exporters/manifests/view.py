"""What a component's module may ask: the design as one cluster sees it, and nothing about other components' ids.

A view is frozen: `view.of(component)` gives the view of another component, `view.charted(chart)` that of one chart.
Questions about what somebody else provides (a Secret, a bucket, an identity, an address) are answered here, by the module
of whichever component provides the capability (see `exporters.manifests.components` for those hooks); what was decided
is answered in `decided`, where and how much in `placed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.design import Design
from catalog.topology import Edge, Node, derive, namespace_of
from catalog.workloads import Cluster, External, Workload
from exporters.manifests.modules import hook
from exporters.manifests.placed import Placed
from exporters.manifests.references import Entry, Identity, Issuer, ObjectStore, Secret, SecretRequest
from exporters.manifests.shortened import label, short


@dataclass(frozen=True)
class View(Placed):
    """One cluster of a design, seen by one component, with what its neighbours provide and the topology around it."""

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
                told = Secret(name, where, wanted, tuple(ask(self.of(component), request)), type=type_)
                self.brought[where, name] = told
                return told
        made = Secret(name, where, wanted, by_hand=True, type=type_)
        self.by_hand[where, name] = made
        return made

    @property
    def by_hand(self) -> dict[tuple[str, str], Secret]:
        """Secrets of this cluster that somebody asked for and no tool brings, by namespace and name."""
        found: dict[tuple[str, str], Secret] = self.memoized("by hand", dict)
        return found

    @property
    def brought(self) -> dict[tuple[str, str], Secret]:
        """Secrets of this cluster that somebody asked for and a tool brings, by namespace and name."""
        found: dict[tuple[str, str], Secret] = self.memoized("brought", dict)
        return found

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

    @property
    def api_host(self) -> str:
        """The name that leads to the API servers of a cluster of our own machines; its port is the platform's."""
        return f"api.{label(self.cluster.name)}.{self.domain}"

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


def views(design: Design) -> tuple[View, ...]:
    """One framework view per cluster, in the order of the design; workloads by name."""
    design = design.by_name()
    topology = derive(design)
    found = []
    for kind_cluster in design.clusters or (Cluster(name=design.kinds[0].name),):
        kind = next(kind for kind in design.kinds if kind_cluster.name in kind.clusters)
        found.append(View(design, topology, kind_cluster, kind))
    return tuple(found)
