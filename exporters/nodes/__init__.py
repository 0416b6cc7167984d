"""Configuration of the machines of self-managed Kubernetes: what stands on a node before there is a cluster.

`NodeConfiguration` is the exporter: files under nodes/<cluster>/, outside of everything that is applied to a cluster.
`steps(view)`, `upgrade(view)` and `restore(view)` say what a person does with them. `machines.py` holds what the design
decided in neutral words, `distributions/<id>.py` puts it into the words of one distribution. No file holds a secret:
tokens and keys are made on a node by a step of the runbook.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from catalog.design import Design
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Stamp

if TYPE_CHECKING:
    from exporters.manifests.view import View

__all__ = ["EXPORTER", "NodeConfiguration", "Step", "restore", "steps", "upgrade"]

Step = tuple[str, str, str, str, str]
"""(title, what to do, command, what to see, link)."""


class NodeConfiguration:
    """Everything under nodes/; nothing where every platform is managed."""

    name = "nodes"
    title = "Node configuration"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """Every file in the order of its path."""
        from exporters.manifests.view import views

        for view in views(design):
            files = _files(view)
            for name in sorted(files):
                yield Artifact(paths.node(view.cluster.name, name), files[name].encode())


EXPORTER: Exporter = NodeConfiguration()


def changed(before: Design, after: Design) -> dict[str, list[str]]:
    """Cluster to the paths of its files that are not what they were, those that are new or gone among them; only of clusters
    that both designs have."""
    from exporters.manifests.view import views

    old, new = ({view.cluster.name: _files(view) for view in views(design)} for design in (before, after))
    return {
        name: differing
        for name in new
        if name in old
        and (differing := [
            paths.node(name, file)
            for file in sorted(old[name].keys() | new[name].keys())
            if old[name].get(file) != new[name].get(file)
        ])
    }


def _files(view: View) -> dict[str, str]:
    from exporters.nodes.machines import machines

    module = _distribution(view)
    found: dict[str, str] = module.files(machines(view)) if module is not None else {}
    return found


def steps(view: View) -> list[Step]:
    """What a person does with the files of a cluster, in order; empty for a managed platform."""
    return _asked(view, "steps")


def upgrade(view: View) -> list[Step]:
    """How a person brings a cluster to another version, in order; empty for a managed platform."""
    return _asked(view, "upgrade")


def restore(view: View) -> list[Step]:
    """How a person brings etcd back from a copy while the machines are there, in order; empty for a managed platform."""
    return _asked(view, "restore")


def reach(view: View) -> tuple[str, ...]:
    """Commands on an operator's machine that make a kubectl context; empty for a managed platform."""
    from exporters.nodes.machines import machines

    module = _distribution(view)
    return tuple(module.reach(machines(view))) if module is not None else ()


def _asked(view: View, name: str) -> list[Step]:
    from exporters.nodes.machines import machines

    module = _distribution(view)
    found: list[Step] = getattr(module, name)(machines(view)) if module is not None else []
    return found


def _distribution(view: View) -> ModuleType | None:
    """The module of whatever the cluster's machines run; None where somebody else runs them, or we have none."""
    for component in view.providers("self-managed-kubernetes"):
        name = f"{__name__}.distributions.{component.id.replace('-', '_')}"
        if importlib.util.find_spec(name) is not None:
            return importlib.import_module(name)
    return None
