"""Views that follow one concern through the cluster: metrics, logs, tracing, backup, storage, registry, delivery.

Each is one entry of data: which decisions are its heart, which connections belong to it. What the heart talks to is
shown in its own box where that says something, and folded into one box where it would only repeat.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.components import FlowKind
from catalog.topology import Edge, Node
from exporters.pictures import pipeline
from exporters.pictures.graph import Direction, Picture
from exporters.pictures.sketch import Sketch, sentence
from exporters.pictures.subject import Subject


@dataclass(frozen=True)
class Concern:
    """One concern of a platform and what its picture shows."""

    view: str
    title: str
    decisions: tuple[str, ...]
    """The components chosen for these are its heart."""
    kinds: tuple[FlowKind, ...]
    caption: str
    """Says what flows; `{heart}` is replaced with the names of the heart."""
    needs: tuple[FlowKind, ...] = ()
    """Without a connection of one of these kinds the view has nothing to show."""
    core: tuple[str, ...] = ()
    """Without a component for one of these decisions the view has nothing to show; any of `decisions` when empty."""
    actors: bool = False
    also: tuple[str, ...] = ()
    """Decisions whose components are shown when they are joined to the heart, without being folded."""
    workload_volumes: bool = False
    images: bool = False
    """Also shows that the nodes pull images from the registry."""
    commits: bool = False
    """Also shows where the source comes from: developers, the repository, and what reads it."""
    calls: bool = False
    """Also shows which workloads call each other."""
    closed: bool = False
    """Requests count only between the parts of the heart and from people; sources of one kind share a box."""
    direction: Direction = "TB"


CONCERNS: tuple[Concern, ...] = (
    Concern(
        "metrics", "Metrics and alerts",
        ("metrics", "metrics-transport", "long-term-metrics", "alerting", "on-call", "dashboards", "objectives"),
        ("scrape", "push", "store", "request"),
        "{heart}: from what exposes metrics to whoever is called. Stores open the connection where metrics are pulled.",
        needs=("scrape", "push"), also=("object-storage", "instrumentation"), closed=True,
    ),
    Concern(
        "logs", "The way of a log line", ("log-collection", "log-aggregation", "log-store"),
        ("push", "store", "request"),
        "{heart}: from the container's output on each node to where somebody searches it.",
        needs=("push", "store"), also=("object-storage", "dashboards"),
    ),
    Concern(
        "tracing", "Distributed tracing", ("tracing",), ("push", "store", "request"),
        "{heart}: services hand on the context of a request and send what they did to be put together again.",
        needs=("push",), also=("object-storage", "dashboards", "instrumentation", "log-aggregation"), calls=True,
    ),
    Concern(
        "backup", "Backup and restore",
        ("backup", "backup-destination", "etcd-backup", "disaster-recovery", "restore-drills"),
        ("backup", "store", "control"),
        "{heart}: what is copied, and where the copies lie.",
        needs=("backup", "store"), also=("object-storage", "volume-snapshots", "block-storage", "distributed-storage"),
    ),
    Concern(
        "storage", "Storage",
        ("block-storage", "distributed-storage", "storage-operator", "file-storage", "object-storage",
         "volume-snapshots", "data-stores"),
        ("store", "backup"),
        "{heart}: who provides volumes and buckets, and what writes to them.", workload_volumes=True,
    ),
    Concern(
        "registry", "Image registry",
        ("registry", "image-scanning", "image-signing", "image-replication"),
        ("sync", "store", "push", "request"),
        "{heart}: where images come from, who looks at them, and who pulls them.",
        also=("object-storage", "ci", "runners", "image-build", "deployment", "policy-engine"),
        actors=True, images=True,
    ),
    Concern(
        "delivery", "The delivery pipeline",
        ("ci", "runners", "pipeline-steps", "image-build", "deployment", "environments", "promotion",
         "progressive-delivery"),
        ("sync", "push", "request", "control"),
        "{heart}: from a commit to a running workload.", core=("ci", "deployment"),
        also=("registry", "image-signing"), actors=True, images=True, commits=True,
    ),
)


def draw(subject: Subject, concern: Concern, most: int) -> Picture | None:
    """The picture of a concern; None when the design has nothing of it."""
    kind = subject.main.name
    reach = [node for node in subject.nodes.values() if node.cluster in (None, kind)]
    heart = {node.id for node in reach if subject.has_role(node, *concern.decisions)}
    if not any(subject.has_role(node, *(concern.core or concern.decisions)) for node in reach):
        return None
    near = [edge for edge in subject.topology.edges if edge.kind in concern.kinds
            and not heart.isdisjoint((edge.source, edge.target))]
    near = [edge for edge in near if not _watched(edge, near, heart)]
    if concern.closed:
        near = [edge for edge in near if edge.kind != "request" or subject.nodes[edge.source].kind == "actor"
                or heart >= {edge.source, edge.target}]
    if not heart or not near or (concern.needs and not any(edge.kind in concern.needs for edge in near)):
        return None
    sketch = Sketch(subject)
    for node in reach:
        if node.id in heart:
            sketch.put(node)
    _neighbours(sketch, concern, kind, _others(subject, near, heart, kind), most)
    sketch.join(*concern.kinds, edges=near)
    if concern.calls:
        sketch.join("request", labels=False, edges=[edge for edge in subject.topology.edges if all(
            subject.nodes[end].kind == "workload" for end in (edge.source, edge.target))])
    if concern.workload_volumes:
        _volumes(sketch, kind, most)
    steps: tuple[str, ...] = ()
    if concern.commits:
        pipeline.commits(sketch)
        steps = pipeline.steps(sketch)
    if concern.images:
        pipeline.images(sketch, kind, concern.commits)
    sketch.drop_loose(keep=_main_parts(sketch, concern))
    names = list(dict.fromkeys(subject.nodes[id_].title for id_ in subject.nodes if id_ in heart and id_ in sketch.of))
    caption = concern.caption.replace("{heart}", sentence(names))
    rows = (steps, pipeline.deployers(sketch)) if concern.commits else ()
    return sketch.picture(concern.view, concern.title, caption + twins(subject, heart), concern.direction, rows=rows)


def _watched(edge: Edge, near: list[Edge], heart: set[str]) -> bool:
    """True where a store also watches a part that it works with: the work is what the picture is about."""
    ends = {edge.source, edge.target}
    return edge.kind == "scrape" and not heart.isdisjoint(ends) and any(
        other.kind != "scrape" and {other.source, other.target} == ends for other in near)


def _main_parts(sketch: Sketch, concern: Concern) -> list[str]:
    """Boxes that stay even without an arrow: those chosen for the concern's first decision."""
    return [node.id for node in sketch.subject.nodes.values()
            if node.id in sketch.boxes and sketch.subject.has_role(node, concern.decisions[0])]


def _others(subject: Subject, near: list[Edge], heart: set[str], kind: str) -> list[Node]:
    ends = {end for edge in near for end in (edge.source, edge.target)} - heart
    return [node for node in subject.nodes.values() if node.id in ends and node.cluster in (None, kind)]


def _neighbours(sketch: Sketch, concern: Concern, kind: str, others: list[Node], most: int) -> None:
    subject = sketch.subject
    platform: list[Node] = []
    also = [node for node in others if subject.has_role(node, *concern.also)]
    for node in others:
        if node.kind == "actor":
            if concern.actors or node.name in ("operators",):
                sketch.put(node)
        elif node.kind in ("external", "platform") or (subject.has_role(node, *concern.also) and len(also) <= most):
            sketch.put(node)
        elif node.kind == "component":
            platform.append(node)
    many = sum(node.kind == "workload" for node in others) > min(most, 5)
    folded = concern.closed or (many and not concern.calls)
    sketch.workloads(kind, 1 if folded else min(most, 5), only=[node.id for node in others])
    frames: dict[str | None, list[Node]] = {}
    for node in platform:
        inside = sketch.zone(node) == "zone:edge" and any(edge.kind == "scrape" and edge.target == node.id for edge in
                                              subject.topology.edges)  # what is asked there runs in the cluster
        frames.setdefault(sketch.cluster(kind) if inside else sketch.zone(node), []).append(node)
    for frame, nodes in frames.items():
        title = "Parts of the platform" if frame == sketch.cluster(kind) else "Other services"
        sketch.fold(f"platform:{frame}", title, nodes, frame)


def _volumes(sketch: Sketch, kind: str, most: int) -> None:
    """Workloads with volumes write to what provides them."""
    subject = sketch.subject
    stateful = [node for node in subject.nodes.values() if node.cluster == kind
                and (workload := subject.workload(node)) is not None and workload.volumes]
    providers = [node for node in subject.nodes.values() if node.cluster in (None, kind) and node.id in sketch.of
                 and subject.can(node, "block-storage", "file-storage")]
    if not stateful or not providers:
        return
    sketch.workloads(kind, min(most, 3), only=[node.id for node in stateful])
    for node in stateful:
        sketch.arrow(sketch.of[node.id], sketch.of[providers[0].id], "store", "volume")


def twins(subject: Subject, shown: set[str]) -> str:
    """What the caption says about the other kinds of clusters, which are not drawn."""
    others = [kind for kind in subject.design.kinds if kind.name != subject.main.name]
    if not others:
        return ""
    names = {subject.nodes[id_].name for id_ in shown if subject.nodes[id_].cluster == subject.main.name}
    same = [kind.name for kind in others
            if names <= {node.name for node in subject.nodes.values() if node.cluster == kind.name}]
    said = f" Shown for {sentence(subject.main.clusters)}"
    return said + (f"; {sentence(same)} {'is' if len(same) == 1 else 'are'} built the same way." if same else ".")
