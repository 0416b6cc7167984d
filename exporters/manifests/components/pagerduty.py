"""PagerDuty as a receiver of alerts; its integration key stays in the secret store."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def alerts(view: View) -> dict[str, Any]:
    """The receiver, and the Secret with the key of the Events API v2 integration."""
    namespace = next((view.of(entry).namespace for entry in view.providers("alerting") if entry.install), "monitoring")
    secret = view.secret("pagerduty", ["routing-key"], namespace=namespace)
    config = {
        "routing_key_file": f"/etc/alertmanager/secrets/{secret.name}/routing-key",
        "send_resolved": True,
        # Unsaid, every event counts as an error, and a warning wakes somebody as well.
        "severity": "{{ if .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}critical{{ end }}",
    }
    return {"receiver": {"name": "pagerduty", "pagerduty_configs": [config]}, "secrets": [secret]}
