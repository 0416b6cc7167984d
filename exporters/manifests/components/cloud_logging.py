"""Cloud Logging: takes logs that are pushed over OTLP from the collector."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def pipeline(view: View) -> dict[str, Any]:
    """Logs, signed in by workload identity."""
    return {
        "logs": {
            "name": "googlecloud/logs",
            "config": {"log": {"default_log_name": f"{view.design.name}/otlp"}},
            "identity": True,
        }
    }
