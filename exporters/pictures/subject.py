"""What pictures are drawn of: a design with its topology, and the few questions that views ask about a node.

Owns titles, subtitles, icons and links of boxes; refuses to know where anything goes. Components are told apart by
layer, role, capability and place only, never by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from catalog.components import Drawing
from catalog.design import Design, Kind
from catalog.layers import NONE
from catalog.topology import Edge, Node, Topology, derive
from catalog.workloads import Cluster, External, Workload
from exporters.pictures import icons
from exporters.pictures.graph import Box, BoxKind

_KINDS: dict[str, BoxKind] = {
    "component": "component", "workload": "workload", "external": "external", "actor": "actor", "platform": "platform",
}
_SPOKEN = {
    "http": "HTTP", "https": "HTTPS", "grpc": "gRPC", "dns": "DNS", "tcp": "TCP", "ssh": "SSH", "bgp": "BGP",
    "otlp-grpc": "OTLP", "otlp-http": "OTLP", "otlp": "OTLP", "postgresql": "PostgreSQL", "mysql": "MySQL",
    "redis": "Redis", "kafka": "Kafka", "mongodb": "MongoDB", "s3": "S3", "smtp": "SMTP", "ldap": "LDAP",
    "object-storage": "Objects", "thrift": "Thrift", "other": "TCP", "ldaps": "LDAPS", "oidc": "OIDC",
    "ceph": "Ceph", "wireguard": "WireGuard", "ipsec": "IPsec", "raft": "Raft", "gossip": "gossip",
}
"""Protocols as they are written."""


@dataclass(frozen=True)
class Subject:
    """A design, seen by the pictures."""

    design: Design
    topology: Topology
    links: Mapping[str, str] = field(default_factory=dict)
    """Decision id to the relative path, from a picture, of its record."""

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by id, in catalog order."""
        return {node.id: node for node in self.topology.nodes}

    @cached_property
    def main(self) -> Kind:
        """The kind of cluster that detail views are drawn for: the first for production, else the first."""
        environments = {cluster.name: cluster.environment for cluster in self.design.clusters}
        for kind in self.design.kinds:
            if any(environments.get(name, "").startswith("prod") for name in kind.clusters):
                return kind
        return self.design.kinds[0]

    @cached_property
    def _capabilities(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for node in self.topology.nodes:
            component = self.design.catalog.components.get(node.name) if node.kind == "component" else None
            if component is not None:
                roles = {name for role in node.roles if role in component.roles
                         for name in component.roles[role].provides}
                found[node.id] = frozenset(component.provides) | frozenset(roles)
        return found

    def can(self, node: Node, *capabilities: str) -> bool:
        """True when a node provides any of these capabilities."""
        return not self._capabilities.get(node.id, frozenset()).isdisjoint(capabilities)

    def has_role(self, node: Node, *decisions: str) -> bool:
        """True when a component was chosen for any of these decisions."""
        return not set(node.roles).isdisjoint(decisions)

    @cached_property
    def _carriers(self) -> frozenset[str]:
        return frozenset(edge.target for edge in self.topology.edges
                         if edge.kind == "request" and edge.because == "request path")

    def carries(self, node: Node) -> bool:
        """True for a hop that requests pass, false for one that is only asked for names."""
        return node.hop is not None and node.id in self._carriers

    def workload(self, node: Node) -> Workload | None:
        """The workload that a node stands for."""
        if node.kind != "workload":
            return None
        return next((entry for entry in self.design.workloads if entry.name == node.name), None)

    def external(self, node: Node) -> External | None:
        """The system outside that a node stands for."""
        if node.kind != "external":
            return None
        return next((entry for entry in self.design.externals if entry.name == node.name), None)

    def layer_title(self, layer: str | None) -> str:
        """The title of a layer; `Platform` for what belongs to none."""
        found = self.design.catalog.layers.get(layer) if layer else None
        return found.title if found else "Platform"

    def role_titles(self, node: Node) -> str:
        """The decisions a component answers, in words."""
        decisions = self.design.catalog.decisions
        titles = [decisions[role].title for role in node.roles if role in decisions]
        return ", ".join(titles[:2]) + (f" and {len(titles) - 2} more" if len(titles) > 2 else "")

    def link(self, node: Node) -> str | None:
        """Where a component's choice is explained."""
        return next((self.links[role] for role in node.roles if role in self.links), None)

    def box(self, node: Node, group: str | None) -> Box:
        """A node as a box."""
        drawing = Drawing()
        subtitle, icon = "", None
        if node.kind == "component":
            component = self.design.catalog.components[node.name]
            drawing, icon = component.draw, component.draw.icon
            subtitle = self.role_titles(node)
            if subtitle.casefold() == node.title.casefold():
                subtitle = ""
        elif node.kind == "workload":
            workload = self.workload(node)
            kind = workload.kind if workload else "deployment"
            icon, subtitle = icons.WORKLOADS.get(kind), (workload.host or "") if workload else ""
            subtitle = subtitle or {"cronjob": "cron job", "statefulset": "stateful"}.get(kind, kind)
        elif node.kind == "external":
            external = self.external(node)
            if external is not None:
                icon = icons.EXTERNALS.get(external.kind)
                subtitle = _SPOKEN.get(external.kind, "outside") if external.kind != "other" else "outside"
        elif node.kind == "actor":
            icon = icons.ACTORS.get(node.name)
        else:
            icon = icons.PLATFORM.get(node.name)
        return Box(node.id, node.title, subtitle, _KINDS[node.kind], group, icon if icon and icons.path(icon) else None,
                   drawing.glyph or "", self.link(node))

    def clusters(self, kind: Kind) -> tuple[Cluster, ...]:
        """The clusters of a kind."""
        return tuple(cluster for cluster in self.design.clusters if cluster.name in kind.clusters)

    def answer_title(self, question: str, kind: str | None = None) -> str:
        """A context answer in words; empty when it was not asked."""
        try:
            value = self.design.answer(question, kind)
        except KeyError:
            return ""
        ids = value if isinstance(value, tuple) else (value,)
        titles = {entry.id: entry.title for entry in self.design.catalog.questions[question].values}
        return ", ".join(titles.get(id_, id_) for id_ in ids)

    def required(self, node: Node) -> bool:
        """True when a component answers a decision that no design can leave open."""
        decisions = self.design.catalog.decisions
        return any(decisions[role].many == "one" for role in node.roles if role in decisions)


def subject(design: Design, links: Mapping[str, str] | None = None) -> Subject:
    """The subject of a design's pictures."""
    return Subject(design, derive(design), links or {})


def label(edge: Edge) -> str:
    """Protocol and port of a connection, as people write them."""
    if edge.port is None:
        return ""
    spoken = edge.application or edge.protocol.lower()
    if edge.kind == "scrape" and spoken != "https":
        spoken = "http"  # metrics are read over HTTP, whatever the workload speaks otherwise
    return f"{_SPOKEN.get(spoken, spoken.upper())} {edge.port}"


def none_chosen(design: Design, decision: str) -> bool:
    """True when a decision was deliberately answered with nothing."""
    return any(entry.decision == decision and entry.chosen == (NONE,) for entry in design.decisions)
