"""CloudWatch Logs: takes logs that are pushed over OTLP from the collector."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def pipeline(view: View) -> dict[str, Any]:
    """Logs into one group for each cluster, signed in by workload identity."""
    return {
        "logs": {
            "name": "awscloudwatchlogs",
            "config": {
                "region": view.region,
                "log_group_name": f"/{view.design.name}/{view.cluster.name}",
                "log_stream_name": "otlp",
            },
            "identity": True,
        }
    }
