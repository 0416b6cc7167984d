"""Every exported path is made here, so that links between artifacts and folders cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator

LOCK = "design.lock.json"
OVERVIEW = "docs/architecture/README.md"
DIAGRAMS = "docs/architecture/diagrams"
DECISIONS = "docs/decisions"
RUNBOOKS = "docs/runbooks"
MANIFESTS = "manifests"
BOOTSTRAP = "manifests/00-bootstrap"
DELIVERY = "delivery"
NODES = "nodes"
IMAGES = "manifests/clusters/*/images/kustomization.yaml"
"""Files that a pipeline writes to when it delivers."""
FILLED = ("manifests/*/*.yaml", "manifests/clusters/*/*/*.yaml")
"""Files in which people may have filled in values that lie in Git, where they say so by one of SEALED."""
SEALED = ("kind: SealedSecret", "\nsops:")


def diagram(view: str, suffix: str) -> str:
    """A picture: `diagram("overview", "svg")`; dark and 2x variants are part of the suffix (`dark.svg`, `2x.png`)."""
    return f"{DIAGRAMS}/{view}.{suffix}"


def record(number: int, slug: str) -> str:
    """A decision record."""
    return f"{DECISIONS}/{number:04d}-{slug}.md"


def records_index() -> str:
    """The list of all records."""
    return f"{DECISIONS}/README.md"


def runbook(name: str) -> str:
    """What a person does, in order."""
    return f"{RUNBOOKS}/{name}.md"


def layer_folder(rank: int, layer: str) -> str:
    """Folder of a layer's manifests; `rank` is its install rank (1 upwards; 0 is the bootstrap)."""
    return f"{MANIFESTS}/{rank:02d}-{layer}"


def manifest(rank: int, layer: str, name: str) -> str:
    """One file of manifests."""
    return f"{layer_folder(rank, layer)}/{name}.yaml"


def bootstrap(name: str) -> str:
    """A file of what cannot come through the delivery tool."""
    return f"{BOOTSTRAP}/{name}"


def overlay(cluster: str, name: str = "kustomization.yaml") -> str:
    """A file of what differs in one cluster."""
    return f"{MANIFESTS}/clusters/{cluster}/{name}"


def delivery(name: str) -> str:
    """A pipeline file or its companion."""
    return f"{DELIVERY}/{name}"


def node(cluster: str, name: str) -> str:
    """A file for the machines of a self-managed cluster."""
    return f"{NODES}/{cluster}/{name}"


def up(path: str) -> str:
    """The relative way from the folder of `path` back to the output folder: `docs/decisions/x.md` gives `../..`."""
    depth = path.count("/")
    return "/".join([".."] * depth) if depth else "."


def link(origin: str, target: str) -> str:
    """A relative link from one exported file to another."""
    start, end = origin.split("/")[:-1], target.split("/")
    while start and len(end) > 1 and start[0] == end[0]:
        start, end = start[1:], end[1:]
    return "/".join([".."] * len(start) + end)


def safe(paths: Iterator[str] | list[str]) -> list[str]:
    """The paths unchanged; ValueError when one would leave the output folder or two differ only in case."""
    seen: dict[str, str] = {}
    result = []
    for path in paths:
        parts = path.split("/")
        if path.startswith("/") or any(part in ("", ".", "..") for part in parts) or "\\" in path or ":" in path:
            raise ValueError(f"{path!r} would leave the output folder")
        if path.lower() in seen:
            raise ValueError(f"{path!r} and {seen[path.lower()]!r} are the same file")
        seen[path.lower()] = path
        result.append(path)
    return result
