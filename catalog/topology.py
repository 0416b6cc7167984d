"""The design as a graph: actors, externals, components, workloads, and flows between endpoints.

Derived purely from the Design and never stored. Pictures draw it, network policies come from it, the overview lists
it. `derive` is at the end; the rest is the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from catalog.components import FlowKind

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
