"""What the pictures of delivery and registry show beside the flows of the topology: commits, steps, images on nodes.

The topology says who opens a connection; a pipeline is read the way a change goes. So arrows that pull stand `back` to
front: the change goes on, the arrow still shows who asks.
"""

from __future__ import annotations

from catalog.topology import DEVELOPERS, INTERNET, NODES, Node
from exporters.pictures import icons
from exporters.pictures.graph import Box
from exporters.pictures.sketch import Sketch
from exporters.pictures.subject import Subject

_SOURCE = "source"


def _outside(subject: Subject, node: str) -> bool:
    """Whether a node stands for the internet, or for a host that a part names."""
    return node == INTERNET or (node in subject.nodes and subject.nodes[node].kind == "external")


def commits(sketch: Sketch) -> None:
    """Developers commit to a repository; the pipeline reads it, and so does a delivery tool that pulls from Git."""
    subject = sketch.subject
    readers = [node for node in subject.nodes.values() if node.id in sketch.boxes and subject.has_role(node, "ci")]
    outward = [edge for edge in subject.topology.edges if edge.source in sketch.boxes and _outside(subject, edge.target)]
    pullers = {edge.source: edge.target for edge in outward
               if edge.kind == "sync" and subject.has_role(subject.nodes[edge.source], "deployment")}
    if not readers and not pullers:
        return
    runners = {edge.source: edge.target for edge in outward if subject.has_role(subject.nodes[edge.source], "runners")}
    # What a part asks outside is the repository here; how people sign in to it is no part of a delivery.
    sketch.forget(lambda source, target: source in {*pullers, *runners} and (
        _outside(subject, target) or (target in subject.nodes and subject.has_role(subject.nodes[target], "sign-on"))))
    for node in readers[:1]:
        for runner in sorted(set(runners) - {node.id}):
            sketch.arrow(runner, node.id, "control", "asks for jobs", back=True)
    named = [subject.nodes[id_].title for id_ in (*pullers.values(), *runners.values()) if id_ != INTERNET]
    source = sketch.box(Box(_SOURCE, "Git repository", named[0] if named else subject.answer_title("code-host"), "external",
                            sketch.group("zone:ci", "Delivery pipeline"), "onprem.vcs.Git"))
    developers = sketch.put(subject.nodes[DEVELOPERS]) if DEVELOPERS in subject.nodes else sketch.box(
        Box(DEVELOPERS, "Developers", "", "actor", None, icons.ACTORS[DEVELOPERS]))
    sketch.arrow(developers, source, "push", "commits")
    for node in readers:
        sketch.arrow(node.id, source, "sync", "source", back=True)
    for id_ in pullers:
        sketch.arrow(sketch.of[id_], source, "sync", "manifests", back=True)


def images(sketch: Sketch, kind: str, back: bool = False) -> None:
    """Nodes pull images from the registry; `back` puts them behind it, where an image goes."""
    subject = sketch.subject
    nodes = f"{NODES}@{kind}"
    registries = [node for node in subject.nodes.values() if node.id in sketch.boxes
                  and subject.has_role(node, "registry")]
    for node in registries[:1]:
        if not sketch.has(nodes, node.id):
            box = sketch.put(subject.nodes[nodes]) if nodes in subject.nodes else sketch.box(
                Box(nodes, "Nodes", "", "platform", sketch.cluster(kind), icons.PLATFORM[NODES]))
            sketch.arrow(box, node.id, "sync", "images", back=back)


_STEPS = (("image-build", "built"), ("image-scanning", "scanned"), ("image-signing", "signed"))
"""Decisions that are steps of the pipeline, in their order, and what an image is after each."""

def deployers(sketch: Sketch) -> tuple[str, ...]:
    """The registry and what brings a change into the cluster: both stand behind the steps of the pipeline."""
    subject, joined = sketch.subject, sketch.joined
    return tuple(node.id for node in subject.nodes.values() if node.id in joined
                 and subject.has_role(node, "registry", "deployment") and not subject.has_role(node, "ci"))


def steps(sketch: Sketch) -> tuple[str, ...]:
    """What a pipeline does between the source and the registry, one step after the other; returns the row they make.

    Only what runs in the pipeline: a scanner inside of the registry is no step of it."""
    subject = sketch.subject
    runs: list[Node] = [node for node in subject.nodes.values()
                        if node.id in sketch.boxes and subject.has_role(node, "ci")]
    if not runs:
        return ()
    row = [runs[0].id]
    at, said = runs[0].id, "starts"
    registries = [node.id for node in subject.nodes.values()
                  if node.id in sketch.boxes and subject.has_role(node, "registry")]
    for decision, after in _STEPS:
        for node in subject.nodes.values():
            if node.where == "ci" and subject.has_role(node, decision) and node.id not in sketch.joined:
                step = sketch.put(node)
                sketch.arrow(at, step, "control", said)
                row.append(step)
                at, said = step, after
    if at != runs[0].id and registries:
        sketch.forget(lambda source, target: source == runs[0].id and target in registries)
        sketch.arrow(at, registries[0], "push", f"{said} image")
    return tuple(row)
