"""Directories of a node's disk as volumes; the distribution brings provisioner and class."""

from __future__ import annotations

from exporters.manifests.view import View


def storage_class(view: View, purpose: str) -> str | None:
    """The class that is there already, and the cluster's default (https://docs.k3s.io/storage)."""
    return "local-path" if purpose == "block" else None


def packaged(view: View) -> tuple[str, ...]:
    """What the distribution has to keep."""
    return ("local-volumes",)

def unsnapshotted(view: View) -> tuple[str, ...]:
    """Its class: folders of a node are no volumes of a driver."""
    return ("local-path",)
