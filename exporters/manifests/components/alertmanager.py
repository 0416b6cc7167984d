"""Alertmanager, run by the Prometheus operator: its routes and receivers, with every address in a Secret."""

from __future__ import annotations

from typing import Any

from exporters.manifests import authority
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View


def operated(view: View) -> dict[str, Any]:
    """Values below `alertmanager` for the chart that brings the operator: copies, Secrets and configuration."""
    receivers, secrets = _receivers(view)
    copies = view.quorum()
    spec: dict[str, Any] = {
        "replicas": copies,
        "retention": "120h",
        "podAntiAffinity": "soft",
        "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
    }
    root = authority.brought(view, view.namespace)
    if root is not None:
        # Where alerts are sent is in Secrets; inside the company, its own authority signs that too.
        secrets = [*secrets, root]
        folder = f"/etc/alertmanager/secrets/{root.name}"
        spec["containers"] = [{"name": "alertmanager", "env": [authority.variable(folder)]}]
    if secrets:
        spec["secrets"] = [secret.name for secret in secrets]
    if view.capability("block-storage"):
        name = view.storage_class("block")
        spec["storage"] = {
            "volumeClaimTemplate": {
                "spec": {
                    **({"storageClassName": name} if name else {}),
                    "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "1Gi"}},
                }
            }
        }
    found: dict[str, Any] = {"config": _config(view, receivers), "alertmanagerSpec": spec}
    if copies > 1:
        found["podDisruptionBudget"] = {"enabled": True}
    return found


def _receivers(view: View) -> tuple[list[Obj], list[Secret]]:
    """Receivers of the on-call services chosen, else one webhook; their addresses and keys are mounted from Secrets."""
    found = view.gather("alerts", "on-call")
    if not found:
        secret = view.secret("alert-receiver", ["url"], namespace=view.namespace)
        hook = {"url_file": f"/etc/alertmanager/secrets/{secret.name}/url", "send_resolved": True}
        found = [{"receiver": {"name": "on-call", "webhook_configs": [hook]}, "secrets": [secret]}]
    return [entry["receiver"] for entry in found], [secret for entry in found for secret in entry["secrets"]]


def _config(view: View, receivers: list[Obj]) -> Obj:
    """What is critical calls people, warnings are told once a day, the watchdog and notices go nowhere."""
    urgent = receivers[0]["name"]
    waits = {"group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h"}
    routes: list[Obj] = [
        {"receiver": "nobody", "matchers": ['alertname =~ "Watchdog|InfoInhibitor"']},
        *(
            {"receiver": entry["name"], "matchers": ['severity = "critical"'], "continue": True, **waits}
            for entry in receivers[1:]
        ),
        {"receiver": urgent, "matchers": ['severity = "critical"'], **waits},
        {"receiver": receivers[-1]["name"], "matchers": ['severity = "warning"'], "repeat_interval": "24h"},
    ]
    return {
        "global": {"resolve_timeout": "5m"},
        # All of them, or one workload's urgent alert would silence the warnings of its neighbours.
        "inhibit_rules": [
            {
                "source_matchers": ['severity = "critical"'],
                "target_matchers": ['severity =~ "warning|info"'],
                "equal": ["namespace", "alertname", "workload"],
            }
        ],
        "route": {"receiver": "nobody", "group_by": ["cluster", "namespace", "alertname", "workload"], "routes": routes},
        "receivers": [{"name": "nobody"}, *receivers],
        "templates": ["/etc/alertmanager/config/*.tmpl"],
    }


def objects(view: View) -> list[Obj]:
    """The Secrets that receivers name."""
    wanted = [*_receivers(view)[1], authority.brought(view, view.namespace)]
    return [obj for secret in wanted if secret is not None for obj in secret.objects]


def address(view: View, capability: str) -> str | None:
    """The Service that the operator creates."""
    return f"http://alertmanager-operated.{view.namespace}.svc:9093" if capability == "alerting" else None
