"""AWS X-Ray: takes spans from the collector."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def pipeline(view: View) -> dict[str, Any]:
    """Traces, signed in by workload identity."""
    return {"traces": {"name": "awsxray", "config": {"region": view.region}, "identity": True}}
