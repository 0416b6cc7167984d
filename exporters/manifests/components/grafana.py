"""Grafana: data sources for whatever stores are chosen, and the administrator's password by reference."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View


def _admin(view: View) -> Secret:
    return view.secret("grafana-admin", ["admin-user", "admin-password"], namespace=view.namespace)


def _sources(view: View) -> list[dict[str, Any]]:
    found = [
        source
        for group in view.gather("datasource", "metrics-store", "long-term-metrics", "log-store", "tracing")
        for source in group
    ]
    alerting = view.address("alerting")
    if alerting:
        about = {"implementation": "prometheus", "handleGrafanaManagedAlerts": False}
        source = {"name": "Alertmanager", "uid": "alerts", "type": "alertmanager", "access": "proxy"}
        found.append({**source, "url": alerting, "jsonData": about})
    first = next((at for at, source in enumerate(found) if source.get("isDefault")), 0)
    # Exactly one source may be the default one, or Grafana does not start.
    return [{**source, "isDefault": at == first} for at, source in enumerate(found)]


def _passwords(view: View) -> list[Secret]:
    """Secrets whose values data sources read from the environment, such as `$LOGS_PASSWORD`."""
    return [ask(view.namespace) for ask in view.gather("datasource_secret", "log-store")]


def values(view: View) -> dict[str, Any]:
    """Data sources are provisioned, so that nothing has to be clicked together again."""
    found: dict[str, Any] = {
        "replicas": 1,
        "deploymentStrategy": {"type": "Recreate"},
        "admin": {"existingSecret": _admin(view).name, "userKey": "admin-user", "passwordKey": "admin-password"},
        "serviceMonitor": {"enabled": view.monitors},
        "sidecar": {"datasources": {"enabled": False}},
        "grafana.ini": {
            "security": {"cookie_secure": True, "disable_gravatar": True},
            "users": {"allow_sign_up": False},
            "auth.anonymous": {"enabled": False},
        },
    }
    sources = _sources(view)
    if sources:
        found["datasources"] = {"datasources.yaml": {"apiVersion": 1, "datasources": sources}}
    for secret in _passwords(view):
        found["envValueFrom"] = {
            f"LOGS_{key.upper().replace('.', '_')}": {"secretKeyRef": {"name": secret.name, "key": key}} for key in secret.keys
        }
    return found


def objects(view: View) -> list[Obj]:
    """The Secrets that values name."""
    return [obj for secret in [_admin(view), *_passwords(view)] for obj in secret.objects]


def collects_dashboards(view: View) -> bool | None:
    """Its sidecar shows every ConfigMap labelled as a dashboard."""
    return True


def address(view: View, capability: str) -> str | None:
    """Its Service."""
    return f"http://{view.me.id}.{view.namespace}.svc:80" if capability == "dashboards" else None
