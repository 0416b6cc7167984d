"""A chat channel as a receiver of alerts; the address of its webhook is a secret and stays in the store."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def alerts(view: View) -> dict[str, Any]:
    """A webhook in Slack's format, which the common chat services take."""
    namespace = next((view.of(entry).namespace for entry in view.providers("alerting") if entry.install), "monitoring")
    secret = view.secret("chat-webhook", ["url"], namespace=namespace)
    config = {
        "api_url_file": f"/etc/alertmanager/secrets/{secret.name}/url",
        "send_resolved": True,
        "title": "{{ .CommonLabels.alertname }} ({{ .Status }}) {{ .CommonLabels.cluster }}",
        "text": "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ end }}",
    }
    return {"receiver": {"name": "chat", "slack_configs": [config]}, "secrets": [secret]}
