"""Views of where things stand: the network and its zones, and regions with what leads users to them."""

from __future__ import annotations

from catalog.components import Component
from catalog.design import Kind
from catalog.topology import KUBERNETES_API, NODES
from catalog.workloads import Cluster, Pool
from exporters.pictures.graph import Box, Picture
from exporters.pictures.sketch import Sketch, sentence
from exporters.pictures.subject import Subject

_ACCESS = ("operator-access", "api-access", "nat", "egress-control", "firewall")
"""Decisions whose components stand at the borders of the network."""


_MANAGED = "run by the provider"

_FRAMES = ("vpc-layout", "node-exposure")
"""Decisions that name the frame itself."""


def network(subject: Subject, most: int) -> Picture | None:
    """Networks, subnets and what lets anything in or out."""
    kind = subject.main
    at_border = [node for node in subject.nodes.values() if node.cluster in (None, kind.name) and (
        node.where == "network" or subject.has_role(node, *_ACCESS)) and set(node.roles) - set(_FRAMES)]
    if not at_border:
        return None
    sketch = Sketch(subject)
    layout = [component.role_title("vpc-layout") for component in _chosen(subject, "vpc-layout", kind.name)]
    exposure = [component.role_title("node-exposure") for component in _chosen(subject, "node-exposure", kind.name)]
    outer = sketch.group("network", sentence(layout) or "Network", "zone", None, sentence(exposure))
    clusters = subject.clusters(kind)
    ranges = next((cluster.ranges for cluster in clusters if cluster.ranges.nodes), None)
    nodes_range = ranges.nodes if ranges else None
    subnet = sketch.group("subnet", "Node subnet", "cluster", outer, nodes_range or "")
    for node in subject.nodes.values():
        if node.kind == "actor" and node.name in ("users", "operators", "internet"):
            sketch.put(node)
        elif node in at_border:
            inside = node.where in ("network", "cluster", "node")
            sketch.put(node, outer if inside else sketch.zone(node))
        elif subject.carries(node) and node.cluster in (None, kind.name):
            sketch.put(node, subnet if node.where in ("cluster", "node") else sketch.zone(node))
        elif node.name == KUBERNETES_API and node.cluster == kind.name:
            managed = "managed-kubernetes" in subject.design.capabilities(kind.name)
            sketch.put(node, sketch.group("control", "Control plane", "plain") if managed else subnet)
            if managed:
                sketch.renamed(node.id, _MANAGED)
    pools = _pools(sketch, clusters, subnet, kind)
    doors = {node.id for node in subject.nodes.values() if node.kind == "actor" or subject.has_role(node, *_ACCESS)}
    sketch.join("request")
    sketch.join("control", edges=[edge for edge in subject.topology.edges
                                  if not doors.isdisjoint((edge.source, edge.target))
                                  and all(subject.nodes[end].hop is None for end in (edge.source, edge.target))])
    _in(sketch, kind)
    _out(sketch, pools, kind)
    sketch.drop_loose(keep=[pools, *(node.id for node in at_border if node.where == "network")])
    chain = sorted((node for node in subject.nodes.values() if node.id in sketch.boxes and subject.carries(node)
                    and sketch.boxes[node.id].group == "zone:edge"), key=lambda node: node.hop or 0)
    row = [node.id for node in chain] if len(chain) == 2 and "control" not in sketch.groups else []  # saves a row
    return sketch.picture("network", "Network and security zones", _caption(subject, clusters), rows=[row])


def _chosen(subject: Subject, decision: str, kind: str) -> list[Component]:
    return [subject.design.catalog.components[id_] for id_ in subject.design.chosen(decision, kind)]


def _pools(sketch: Sketch, clusters: tuple[Cluster, ...], group: str, kind: Kind) -> str:
    """The nodes: one box that also stands for the workloads on them."""
    pools = [pool for cluster in clusters[:1] for pool in cluster.pools]
    icon = "k8s.infra.Node"
    name = "Nodes" if len(clusters) < 2 else f"Nodes of {len(clusters)} clusters"
    id_ = f"{NODES}@{kind.name}"
    subtitle = "; ".join(_pool(pool) for pool in pools[:3]) + (f"; {len(pools) - 3} more" if len(pools) > 3 else "")
    box = Box(id_, name, subtitle or "with the workloads", "summary" if len(pools) > 1 else "platform", group, icon,
              members=tuple(_pool(pool) for pool in pools))
    sketch.box(box)
    sketch.of[id_] = id_
    for node in sketch.subject.nodes.values():
        if node.kind == "workload" and node.cluster == kind.name:
            sketch.of[node.id] = id_
    return id_


def _pool(pool: Pool) -> str:
    count = f"{pool.nodes} " if pool.nodes else ""
    extra = [pool.machine or "", "arm64" if pool.architecture == "arm64" else "", "spot" if pool.spot else ""]
    return f"{pool.name}: {count}{' '.join(filter(None, extra))}".strip().rstrip(":")


def _in(sketch: Sketch, kind: Kind) -> None:
    """Whoever gives access to the Kubernetes API leads to it."""
    subject = sketch.subject
    api = f"{KUBERNETES_API}@{kind.name}"
    ways = [node for node in subject.nodes.values() if node.id in sketch.boxes and subject.has_role(node, "api-access")]
    if not ways:
        return
    if api not in sketch.boxes:
        managed = "managed-kubernetes" in subject.design.capabilities(kind.name)
        group = sketch.group("control", "Control plane", "plain") if managed else "subnet"
        sketch.box(Box(api, "Kubernetes API", _MANAGED if managed else "", "platform", group, "k8s.controlplane.APIServer"))
    for node in ways:
        if not any(edge.source == node.id and edge.target == api for edge in subject.topology.edges):
            sketch.arrow(node.id, api, "control")


def _out(sketch: Sketch, pools: str, kind: Kind) -> None:
    """What the nodes call outside goes through whatever carries it."""
    subject = sketch.subject
    carriers = [node for node in subject.nodes.values() if node.id in sketch.of and node.id in sketch.boxes
                and subject.can(node, "nat", "egress-control") and node.cluster in (None, kind.name)
                and any(edge.source == node.id and edge.target == "internet" for edge in subject.topology.edges)]
    for node in carriers:
        if not any(edge.target == node.id for edge in subject.topology.edges):
            sketch.arrow(pools, node.id, "request", "egress")


def _caption(subject: Subject, clusters: tuple[Cluster, ...]) -> str:
    said = ["What may enter, what may leave, and how operators get in."]
    planned = [cluster for cluster in clusters if cluster.ranges.nodes]
    for cluster in planned[:3]:
        ranges = cluster.ranges
        parts = [f"{name} {value}" for name, value in (("nodes", ranges.nodes), ("pods", ranges.pods),
                                                        ("services", ranges.services)) if value]
        said.append(f"{cluster.name}: {', '.join(parts)}.")
    return " ".join(said)


def regions(subject: Subject, most: int) -> Picture | None:
    """Every cluster where it stands, and what leads users there or away from a place that fails."""
    design = subject.design
    if len(design.clusters) < 2:
        return None
    sketch = Sketch(subject)
    steering = sentence([design.catalog.components[id_].role_title("dns-steering")
                         for id_ in design.chosen("dns-steering")])
    last: list[str] = []
    for node in subject.nodes.values():
        if node.kind == "actor" and node.name == "users":
            sketch.put(node)
        elif node.hop is not None and node.cluster is None:
            sketch.put(node, sketch.group("edge", "In front of every region", "zone", None, steering))
    chain = sorted((node for node in subject.nodes.values() if node.id in sketch.boxes and subject.carries(node)),
                   key=lambda node: node.hop or 0)
    if chain:
        last = [node.id for node in chain if node.hop == chain[-1].hop]
    sketch.join("request", "resolve")
    names: dict[str, str] = {}
    for cluster in design.clusters[: max(most, 2) * 3]:
        kind = design.kind_of(cluster.name)
        cloud = subject.answer_title("cloud", kind.name) or cluster.cloud or "Own data centres"
        place = sketch.group(f"cloud:{cluster.cloud or cloud}", cloud)
        region = sketch.group(f"region:{cluster.cloud}:{cluster.region}", cluster.region or "One place", "cluster",
                              place)
        count = sum(not workload.clusters or cluster.name in workload.clusters for workload in design.workloads)
        title = [design.catalog.components[id_].title for id_ in design.chosen("kubernetes", kind.name)]
        icon = next((design.catalog.components[id_].draw.icon for id_ in design.chosen("kubernetes", kind.name)), None)
        names[cluster.name] = sketch.box(Box(
            f"place:{cluster.name}", cluster.name, f"{cluster.environment}, {sentence(title) or 'Kubernetes'}, "
            f"{count} workload{'s' if count != 1 else ''}", "summary", region, icon))
    production = [cluster.name for cluster in design.clusters if cluster.environment.startswith("prod")]
    for name in production or list(names):
        for source in last or [id_ for id_ in sketch.boxes if id_ == "users"]:
            if name in names:
                sketch.arrow(source, names[name], "request", "")
    for node in subject.nodes.values():
        here = node.where != "none" and node.cluster in (None, subject.main.name)
        if here and subject.has_role(node, "multi-cluster"):
            sketch.put(node, sketch.group("fleet", "For all clusters"))
            for target in names.values():
                sketch.arrow(node.id, target, "sync", "")
    places = list(dict.fromkeys(cluster.region or cluster.cloud or "one place" for cluster in design.clusters))
    caption = f"{len(design.clusters)} clusters in {sentence(places)}."
    recovery = sentence([design.catalog.components[id_].role_title("disaster-recovery")
                         for id_ in design.chosen("disaster-recovery")])
    if steering:
        caption += f" Users are led by {_spoken(steering)}."
    if recovery:
        caption += f" When a place is lost: {_spoken(recovery)}."
    return sketch.picture("regions", "Regions and failover", caption)


def _spoken(title: str) -> str:
    """A title as it stands within a sentence: small, but for names and letters that stand for words."""
    first, _, rest = title.partition(" ")
    return title if any(char.isupper() for char in first[1:]) else " ".join(filter(None, (first.lower(), rest)))
