"""Flux: how much its controllers do at a time, by the number of clusters' parts they bring in."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Monitors are not among them: their kinds do not exist yet when the delivery tool is installed."""
    many = {"container": {"additionalArgs": ["--concurrent=10", "--requeue-dependency=10s"]}}
    return {
        "helmController": many,
        "kustomizeController": many,
        "policies": {"create": False},  # the design's own policies say what may be reached
        "logLevel": "info",
    }
