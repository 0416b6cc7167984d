"""Google Cloud Managed Service for Prometheus: takes what is pushed over OTLP from the collector."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def pipeline(view: View) -> dict[str, Any]:
    """Metrics, signed in by workload identity."""
    return {"metrics": {"name": "googlemanagedprometheus", "config": {}, "identity": True}}
