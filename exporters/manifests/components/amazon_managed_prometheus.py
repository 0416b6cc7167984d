"""Amazon Managed Service for Prometheus: takes metrics from the collector by remote write."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def pipeline(view: View) -> dict[str, Any]:
    """Metrics, signed with the identity of the collector; the workspace is for the owner to fill in."""
    return {
        "metrics": {
            "name": "prometheusremotewrite/managed",
            "config": {
                "endpoint": f"https://aps-workspaces.{view.region}.amazonaws.com/workspaces/WORKSPACE_ID/api/v1/remote_write",
                "auth": {"authenticator": "sigv4auth"},
            },
            "extensions": {"sigv4auth": {"region": view.region, "service": "aps"}},
            "identity": True,
        }
    }
