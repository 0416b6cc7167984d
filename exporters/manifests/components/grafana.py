"""Grafana: data sources for whatever stores are chosen, and the administrator's password by reference."""

from __future__ import annotations

from typing import Any

from exporters.manifests import authority, sign_on
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


_LOCAL = "http://localhost:3000"
"""Where a person opens it by port-forward, as the hand-over says."""


def _signed_on(view: View) -> dict[str, Any]:
    """Sections of its configuration that let people in by the sign-on and no longer by the form. It has no secret with the
    sign-on: a public client proves itself by PKCE (https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/
    configure-authentication/generic-oauth/)."""
    found = sign_on.endpoints(view)
    if found is None:
        return {}
    admins = str(view.setting("access.admin-group", "platform-admins"))
    viewers = str(view.setting("access.viewer-group", "viewers"))
    roles = f"contains(groups[*], '{admins}') && 'Admin' || contains(groups[*], '{viewers}') && 'Viewer'"
    return {
        "server": {"root_url": f"{_LOCAL}/"},
        "auth": {"disable_login_form": True},
        "auth.generic_oauth": {
            "enabled": True,
            "name": "Company",
            "client_id": "grafana",
            "use_pkce": True,
            "scopes": " ".join(sign_on.scopes(view)),
            "auth_url": found["auth"],
            "token_url": found["token"],
            "api_url": found["userinfo"],
            "groups_attribute_path": "groups",
            "role_attribute_path": roles,
            # Whoever is in neither group does not get in.
            "role_attribute_strict": True,
            "allow_sign_up": True,
        },
    }


def oidc_client(view: View) -> dict[str, Any]:
    """How it is known to a sign-on that runs in the cluster."""
    return {"id": "grafana", "name": "Grafana", "public": True, "redirectURIs": [f"{_LOCAL}/login/generic_oauth"]}


def _passwords(view: View) -> list[Secret]:
    """Secrets whose values data sources read from the environment, such as `$LOGS_PASSWORD`."""
    return [ask(view.namespace) for ask in view.gather("datasource_secret", "log-store")]


def _root(view: View) -> Secret | None:
    """Who signs the sign-on. Grafana is told by a folder: a file named in its configuration would take the place of public
    authorities (https://github.com/grafana/grafana/blob/main/pkg/login/social/socialimpl/service.go)."""
    return authority.root(view, view.namespace, sign_on.issuer(view))


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
            **_signed_on(view),
        },
    }
    sources = _sources(view)
    if sources:
        found["datasources"] = {"datasources.yaml": {"apiVersion": 1, "datasources": sources}}
    root = _root(view)
    if root is not None:
        found["extraSecretMounts"] = [{**authority.mount(), "secretName": root.name}]
        found["env"] = {"SSL_CERT_DIR": authority.folders()}
    for secret in _passwords(view):
        found["envValueFrom"] = {
            f"LOGS_{key.upper().replace('.', '_')}": {"secretKeyRef": {"name": secret.name, "key": key}} for key in secret.keys
        }
    return found


def objects(view: View) -> list[Obj]:
    """The Secrets that values name."""
    return [obj for secret in [_admin(view), *_passwords(view), _root(view)] if secret for obj in secret.objects]


def collects_dashboards(view: View) -> bool | None:
    """Its sidecar shows every ConfigMap labelled as a dashboard."""
    return True


def address(view: View, capability: str) -> str | None:
    """Its Service."""
    return f"http://{view.me.id}.{view.namespace}.svc:80" if capability == "dashboards" else None
