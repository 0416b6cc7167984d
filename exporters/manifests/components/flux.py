"""Flux: how much its controllers do at a time, by the number of clusters' parts they bring in."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Monitors are not among them: the metrics store brings those of everything that is there before it."""
    many = {"container": {"additionalArgs": ["--concurrent=10", "--requeue-dependency=10s"]}}
    return {
        "helmController": many,
        "kustomizeController": many,
        "policies": {"create": False},  # the design's own policies say what may be reached
        "logLevel": "info",
    }
