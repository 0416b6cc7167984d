"""The design as a graph: actors, externals, components, workloads, and flows between endpoints.

Derived purely from the Design and never stored. Pictures draw it, network policies come from it, the overview lists
it. `derive` is at the end; the rest is the vocabulary.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from catalog import handover
from catalog.components import Component, Flow, FlowKind
from catalog.design import Design
from catalog.workloads import Workload

NodeKind = Literal["actor", "component", "workload", "external", "platform"]
"""platform: the API server and the nodes, which every cluster has."""


@dataclass(frozen=True)
class Node:
    """Something that flows start or end at. `id` is unique in the topology: `prometheus@prod`, `cloudflare`, `users`."""

    id: str
    kind: NodeKind
    name: str
    """Component id, workload name, external name, or actor."""
    title: str
    cluster: str | None = None
    """Kind of cluster it stands in; None for what stands outside of clusters."""
    namespace: str | None = None
    pods: dict[str, str] = field(default_factory=dict)
    """Labels that select its pods; empty for what has none in the cluster."""
    host_network: bool = False
    layer: str | None = None
    roles: tuple[str, ...] = ()
    where: str = "cluster"
    """As in Drawing.where; for workloads `cluster`, for externals `outside`, for actors `actor`."""
    hop: int | None = None


@dataclass(frozen=True)
class Edge:
    """A connection: `source` opens it to `target`'s `port`. Telemetry pulled is opened by the store."""

    source: str
    target: str
    kind: FlowKind
    port: int | None = None
    protocol: Literal["TCP", "UDP"] = "TCP"
    application: str | None = None
    source_pods: dict[str, str] = field(default_factory=dict)
    """Narrower than the node's labels where only some of its pods connect; empty: all of them."""
    target_pods: dict[str, str] = field(default_factory=dict)
    source_namespace: str | None = None
    """Where the pods are that open it, where that is not the node's namespace; all pods there, unless labels say which."""
    because: str = ""
    """Decision, flow or `calls` that it comes from."""


@dataclass(frozen=True)
class Topology:
    """Nodes in catalog order, edges in a stable order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, id_: str) -> Node:
        """The node with that id; KeyError when there is none."""
        for node in self.nodes:
            if node.id == id_:
                return node
        raise KeyError(id_)

    def flows_from(self, id_: str) -> tuple[Edge, ...]:
        """Connections that a node opens."""
        return tuple(edge for edge in self.edges if edge.source == id_)

    def flows_to(self, id_: str) -> tuple[Edge, ...]:
        """Connections that a node takes."""
        return tuple(edge for edge in self.edges if edge.target == id_)


USERS, OPERATORS, DEVELOPERS, INTERNET = "users", "operators", "developers", "internet"
KUBERNETES_API, NODES = "kubernetes-api", "nodes"

_ACTORS = {USERS: "Users", OPERATORS: "Operators", DEVELOPERS: "Developers", INTERNET: "Internet"}
_PORTS = {"http": 80, "ssh": 22, "git": 9418}
"""Where an address leads that names no port; else 443."""
_CUT_OFF = "Private endpoints"
"""What stands for the internet in a network that is cut off from it: the interfaces of the provider, reached from inside."""
_PLATFORM = {KUBERNETES_API: ("Kubernetes API", 443), NODES: ("Nodes", None)}


def derive(design: Design) -> Topology:
    """The topology of a design: a pure function, equal for equal designs."""
    return _Derivation(design).topology()


@dataclass
class _Derivation:
    """Collects nodes, then edges; forgets everything once the topology is built."""

    design: Design
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[object, ...], Edge] = field(default_factory=dict)
    by_kind: dict[str | None, list[tuple[Node, Component]]] = field(default_factory=dict)
    offers: dict[str | None, dict[str, list[tuple[Node, Component]]]] = field(default_factory=dict)
    """The same by what they provide or serve, in the same order."""

    def topology(self) -> Topology:
        self._components()
        self._workloads()
        self._request_path()
        for kind, members in self.by_kind.items():
            for node, component in members:
                for flow in component.flows:
                    if (not flow.roles or set(flow.roles) & set(node.roles)) and self._exists(kind, component, flow):
                        self._flow(kind, node, component, flow)
        self._telemetry()
        self._calls()
        used = {end for edge in self.edges.values() for end in (edge.source, edge.target)}
        optional = {*_ACTORS, *(node.id for node in self.nodes.values() if node.kind == "platform")}
        nodes = tuple(node for node in self.nodes.values()
                      if node.id in used or (node.id not in optional and node.where != "none"))
        rank = {node.id: at for at, node in enumerate(nodes)}
        edges = sorted(self.edges.values(), key=lambda edge: (rank[edge.source], rank[edge.target], edge.kind, edge.port or 0))
        return Topology(nodes, tuple(edges))

    # --- nodes

    def _components(self) -> None:
        inside = {INTERNET: _CUT_OFF} if self._cut_off() else {}
        for id_, title in _ACTORS.items():
            self.nodes[id_] = Node(id_, "actor", id_, inside.get(id_, title), where="actor")
        for kind in (None, *(kind.name for kind in self.design.kinds)):
            self.by_kind[kind] = []
        chosen: dict[str, dict[str | None, None]] = {}
        for entry in self.design.decisions:
            for id_ in entry.chosen:
                chosen.setdefault(id_, {})[entry.kind] = None
        for component in self.design.selected():
            for kind in self._kinds_of(component, chosen[component.id]):
                self._component(component, kind)
        for kind_ in self.design.kinds:
            for name, (title, _) in _PLATFORM.items():
                id_ = f"{name}@{kind_.name}"
                self.nodes[id_] = Node(id_, "platform", name, title, cluster=kind_.name)

    def _cut_off(self) -> bool:
        """True where no cluster of the design reaches the internet."""
        kinds = [kind.name for kind in self.design.kinds]
        try:
            return bool(kinds) and all(self.design.answer("air-gap", kind) == "yes" for kind in kinds)
        except KeyError:  # a catalog that does not ask
            return False

    def _kinds_of(self, component: Component, chosen: Collection[str | None]) -> tuple[str | None, ...]:
        """In the clusters where it stands inside of them; once where it stands outside and was chosen for all."""
        inside = component.install is not None or component.draw.where in ("cluster", "node")
        every = tuple(kind.name for kind in self.design.kinds)
        if None in chosen:
            return every if inside else (None,)
        return tuple(kind for kind in every if kind in chosen)

    def _component(self, component: Component, kind: str | None) -> None:
        roles = self.design.selected_roles(component.id, kind)
        catalog = self.design.catalog
        hops = [hop for role in roles if (hop := catalog.decisions[role].hop) is not None]
        node = Node(
            id=f"{component.id}@{kind}" if kind else component.id,
            kind="component",
            name=component.id,
            title=component.role_title(roles[0]) if len(roles) == 1 else component.title,
            cluster=kind,
            namespace=component.install.namespace if component.install else None,
            pods=_common(tuple(endpoint.pods for endpoint in component.endpoints if endpoint.pods)),
            host_network=bool(component.endpoints) and all(endpoint.host_network for endpoint in component.endpoints),
            layer=catalog.layer_of[roles[0]],
            roles=roles,
            where=component.draw.where,
            hop=min(hops) if hops else None,
        )
        self.nodes[node.id] = node
        self.by_kind[kind].append((node, component))

    def _workloads(self) -> None:
        for kind in self.design.kinds:
            for workload in self.design.workloads:
                if workload.clusters and not set(workload.clusters) & set(kind.clusters):
                    continue
                id_ = f"workload:{workload.name}@{kind.name}"
                self.nodes[id_] = Node(
                    id_, "workload", workload.name, workload.title or workload.name, cluster=kind.name,
                    namespace=namespace_of(workload, self.design), pods={"app.kubernetes.io/name": workload.name},
                )
        for external in self.design.externals:
            id_ = f"external:{external.name}"
            self.nodes[id_] = Node(id_, "external", external.name, external.title or external.name, where="outside")

    # --- edges

    def _add(self, edge: Edge) -> None:
        key = (edge.source, edge.target, edge.kind, edge.port, edge.protocol,
               tuple(sorted(edge.source_pods.items())), tuple(sorted(edge.target_pods.items())), edge.source_namespace)
        if edge.source != edge.target:
            self.edges.setdefault(key, edge)

    def _request_path(self) -> None:
        """Users resolve a name, then the request goes from hop to hop down to the workloads that have a host name."""
        hosts = [workload for workload in self.design.workloads if workload.host]
        for kind in self.design.kinds:
            members = [*self.by_kind[None], *self.by_kind[kind.name]]
            hops: dict[int, dict[str, tuple[Node, Component]]] = {}
            resolving: dict[str, tuple[Node, Component]] = {}
            for node, component in members:
                for role in node.roles:
                    hop = self.design.catalog.decisions[role].hop
                    if hop is None:
                        continue
                    if "authoritative-dns" in {*component.provides, *component.roles[role].provides}:
                        resolving[node.id] = node, component
                    else:
                        hops.setdefault(hop, {})[node.id] = node, component
            for node, component in resolving.values():
                port, pods = _front(component, node, "dns")
                self._add(Edge(USERS, node.id, "resolve", port, "UDP", "dns", target_pods=pods, because="request path"))
            before = [self.nodes[USERS]]
            fronts: dict[str, dict[str, str]] = {}
            for hop in sorted(hops):
                for node, component in hops[hop].values():
                    port, pods = _front(component, node, "request")
                    for source in before:
                        self._add(Edge(source.id, node.id, "request", port, application="https",
                                       source_pods=fronts.get(source.id, {}), target_pods=pods, because="request path"))
                    fronts[node.id] = pods
                before = [node for node, _ in hops[hop].values()]
            for workload in hosts:
                id_ = f"workload:{workload.name}@{kind.name}"
                if id_ in self.nodes:
                    for source in before:
                        self._add(Edge(source.id, id_, "request", workload.port, application=workload.protocol,
                                       source_pods=fronts.get(source.id, {}), because="request path"))

    def _exists(self, kind: str | None, component: Component, flow: Flow) -> bool:
        """Whether the design is one for this flow, and no other component takes the place of where it leads."""
        here = next((entry for entry in self.design.kinds if entry.name == kind), None)
        if not all(handover.applies(self.design, condition, here) for condition in flow.when):
            return False
        return flow.unless is None or not any(
            other.id != component.id for other in self.design.providers(flow.unless, kind))

    def _flow(self, kind: str | None, node: Node, component: Component, flow: Flow) -> None:
        because = flow.why or f"{component.title}: {flow.kind} to {flow.to}"
        for other, port, protocol, pods, application in self._targets(kind, node, component, flow):
            if flow.opens == "other":
                endpoint = next(entry for entry in component.endpoints if entry.name == flow.endpoint)
                if endpoint.roles and not set(endpoint.roles) & set(node.roles):
                    continue
                self._add(Edge(other, node.id, flow.kind, endpoint.port, endpoint.protocol, endpoint.application,
                               target_pods=endpoint.pods, because=because))
            else:
                # What forwards requests is what takes them in, where the flow does not say which pods.
                own = flow.pods or (_front(component, node, "request")[1] if flow.to == "ingress-workloads" else {})
                self._add(Edge(node.id, other, flow.kind, port, protocol, application, source_pods=own, target_pods=pods,
                               source_namespace=flow.namespace, because=because))

    def _targets(
        self, kind: str | None, node: Node, component: Component, flow: Flow
    ) -> Iterator[tuple[str, int | None, Literal["TCP", "UDP"], dict[str, str], str | None]]:
        kinds = (kind,) if kind is not None else tuple(entry.name for entry in self.design.kinds)
        if flow.to in _ACTORS:
            yield flow.to, flow.port or 443, flow.protocol, {}, flow.application
        elif flow.to in _PLATFORM:
            for name in kinds:
                yield f"{flow.to}@{name}", flow.port or _PLATFORM[flow.to][1], flow.protocol, {}, flow.application
        elif flow.to in ("workloads", "ingress-workloads"):
            for name in kinds:
                for workload in self.design.workloads:
                    id_ = f"workload:{workload.name}@{name}"
                    if id_ not in self.nodes or (flow.to == "ingress-workloads" and not workload.host):
                        continue
                    port = workload.metrics_port if flow.kind == "scrape" else (flow.port or workload.port)
                    if port is not None or flow.opens == "other":
                        yield id_, port, "TCP", {}, flow.application or workload.protocol
        elif flow.to == "host":
            yield from self._host(kind, flow)
        elif flow.to == "externals":
            for external in self.design.externals:
                yield f"external:{external.name}", flow.port or external.port, "TCP", {}, external.kind
        else:
            yield from self._providers(kinds, node, component, flow)

    def _host(
        self, kind: str | None, flow: Flow
    ) -> Iterator[tuple[str, int | None, Literal["TCP", "UDP"], dict[str, str], str | None]]:
        """The system outside with the host of a setting's address: one that the design names, or one of that host's name."""
        try:
            address = urlsplit(str(self.design.setting(str(flow.of), kind)))
        except KeyError:  # its decision is not asked
            return
        if not address.hostname:
            return
        name = address.hostname
        known = next((external.name for external in self.design.externals if external.host == name), None)
        id_ = f"external:{known or name}"
        if known is None:
            self.nodes.setdefault(id_, Node(id_, "external", name, name, where="outside"))
        yield id_, flow.port or address.port or _PORTS.get(address.scheme, 443), "TCP", {}, flow.application or address.scheme

    def _providers(
        self, kinds: tuple[str, ...], node: Node, component: Component, flow: Flow
    ) -> Iterator[tuple[str, int | None, Literal["TCP", "UDP"], dict[str, str], str | None]]:
        """Every selected provider of a capability in reach: in the same cluster, or outside of clusters."""
        for name in (*kinds, None):
            for other, provider in self._offering(name, flow.to):
                if other.id == node.id:
                    continue
                serving = [endpoint for endpoint in provider.endpoints if flow.to in endpoint.serves
                           and (not endpoint.roles or set(endpoint.roles) & set(other.roles))]
                if flow.opens == "other" or not serving:
                    outside = other.cluster is None or not provider.endpoints
                    yield other.id, flow.port or (443 if outside and other.where != "none" else None), \
                        flow.protocol, {}, flow.application
                for endpoint in serving if flow.opens == "this" else ():
                    yield other.id, endpoint.port, endpoint.protocol, endpoint.pods, endpoint.application

    def _offering(self, kind: str | None, capability: str) -> Sequence[tuple[Node, Component]]:
        """Components of a kind of cluster that provide or serve something; all were found before the first flow."""
        if kind not in self.offers:
            found: dict[str, list[tuple[Node, Component]]] = {}
            for node, component in self.by_kind[kind]:
                for name in _provides(component, node) | _serves(component, node):
                    found.setdefault(name, []).append((node, component))
            self.offers[kind] = found
        return self.offers[kind].get(capability, ())

    def _telemetry(self) -> None:
        """Stores that scrape workloads also scrape every part that exposes metrics; workloads send traces."""
        for kind in self.design.kinds:
            members = [*self.by_kind[kind.name], *self.by_kind[None]]
            scrapers = [(node, flow) for node, component in members for flow in component.flows
                        if flow.kind == "scrape" and flow.to == "workloads"]
            for source, flow in scrapers:
                for node, component in self.by_kind[kind.name]:
                    for endpoint in component.endpoints:
                        if "metrics-endpoint" in endpoint.serves and (
                            not endpoint.roles or set(endpoint.roles) & set(node.roles)
                        ):
                            self._add(Edge(source.id, node.id, "scrape", endpoint.port, application="http",
                                           source_pods=flow.pods, target_pods=endpoint.pods, because="metrics"))
            if not any("tracing" in _provides(component, node) for node, component in members):
                continue
            for capability in ("telemetry-collector", "trace-ingest-otlp"):
                takers = [(node, endpoint) for node, component in members for endpoint in component.endpoints
                          if capability in endpoint.serves and (not endpoint.roles or set(endpoint.roles) & set(node.roles))]
                if takers:
                    taker, endpoint = takers[0]
                    for workload in self.design.workloads:
                        id_ = f"workload:{workload.name}@{kind.name}"
                        if id_ in self.nodes:
                            self._add(Edge(id_, taker.id, "push", endpoint.port, application=endpoint.application,
                                           target_pods=endpoint.pods, because="traces"))
                    break

    def _calls(self) -> None:
        externals = {external.name: external for external in self.design.externals}
        workloads = {workload.name: workload for workload in self.design.workloads}
        for kind in self.design.kinds:
            for workload in self.design.workloads:
                source = f"workload:{workload.name}@{kind.name}"
                if source not in self.nodes:
                    continue
                for name in workload.calls:
                    because = f"{workload.name} calls {name}"
                    if name in workloads and f"workload:{name}@{kind.name}" in self.nodes:
                        callee = workloads[name]
                        self._add(Edge(source, f"workload:{name}@{kind.name}", "request", callee.port,
                                       application=callee.protocol, because=because))
                    elif name in externals:
                        self._add(Edge(source, f"external:{name}", "request", externals[name].port,
                                       application=externals[name].kind, because=because))


def namespace_of(workload: Workload, design: Design) -> str:
    """The namespace of a workload: as stated, else its team's, else the design's name."""
    return workload.namespace or workload.team or design.name


def _provides(component: Component, node: Node) -> set[str]:
    found = set(component.provides)
    for role in node.roles:
        found.update(component.roles[role].provides)
    return found


def _serves(component: Component, node: Node) -> set[str]:
    return {name for endpoint in component.endpoints
            if not endpoint.roles or set(endpoint.roles) & set(node.roles) for name in endpoint.serves}


def _common(labels: tuple[dict[str, str], ...]) -> dict[str, str]:
    """Labels that all endpoints share: what selects every pod of the component, as far as one selector can."""
    if not labels:
        return {}
    first, *others = labels
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}


def _front(component: Component, node: Node, purpose: Literal["dns", "request"]) -> tuple[int, dict[str, str]]:
    """Port and pods by which a hop takes requests: an endpoint that serves something and speaks TLS, if it has one."""
    wanted = {"dns"} if purpose == "dns" else {"http", "https"}
    fitting = [endpoint for endpoint in component.endpoints
               if "metrics-endpoint" not in endpoint.serves
               and (endpoint.application in wanted or (purpose == "request" and endpoint.serves))
               and (not endpoint.roles or set(endpoint.roles) & set(node.roles))]
    fitting.sort(key=lambda endpoint: (not endpoint.serves, endpoint.application != "https"))
    if not fitting:
        return (53 if purpose == "dns" else 443), {}
    return fitting[0].port, fitting[0].pods
