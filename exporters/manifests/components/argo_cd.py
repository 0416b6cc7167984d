"""Argo CD: copies by availability, sign-on of the company, and when an Application counts as healthy."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from catalog.settings import magnitude
from exporters.manifests import authority, sign_on
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_HEALTH = """hs = {}
hs.status = "Progressing"
hs.message = ""
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
  if obj.status.health.message ~= nil then
    hs.message = obj.status.health.message
  end
end
return hs
"""
"""Without this, waves of an app of apps do not wait for the Applications in them."""


_LOCAL = "https://localhost:8080"
"""Where a person opens it by port-forward, as the hand-over says."""


def _host(view: View) -> str:
    return f"argocd.{view.domain}"


def _told(view: View) -> dict[str, Obj]:
    """Values by which parts know the company's authority, from a Secret that the bootstrap makes: the server beside public
    authorities, where a root in `oidc.config` would take their place
    (https://github.com/argoproj/argo-cd/blob/master/util/settings/settings.go); what reads Git by a file of its host's name,
    beside those that Argo CD itself keeps (https://argo-cd.readthedocs.io/en/stable/user-guide/private-repositories/)."""
    found: dict[str, Obj] = {}
    if authority.signs(view, sign_on.issuer(view)):
        found["server"] = {
            "volumes": [{"name": authority.NAME, "secret": {"secretName": authority.NAME}}],
            "volumeMounts": [authority.mount()],
            "env": [authority.variable()],
        }
    repository = str(view.setting("delivery.repository", ""))
    if authority.signs(view, repository):
        file = {"key": authority.FILE, "path": urlsplit(repository).hostname}
        sources = [
            {"configMap": {"name": "argocd-tls-certs-cm", "optional": True}},
            {"secret": {"name": authority.NAME, "items": [file]}},
        ]
        found["repoServer"] = {
            "volumes": [{"name": authority.NAME, "projected": {"sources": sources}}],
            "volumeMounts": [authority.mount()],
            "env": [{"name": "ARGOCD_TLS_DATA_PATH", "value": authority.FOLDER}],
        }
    return found


def values(view: View) -> dict[str, Any]:
    """Monitors are not among them: the metrics store brings those of everything that is there before it."""
    several = view.highly_available and view.nodes >= 3
    copies = 2 if several else 1
    part: dict[str, Any] = {"replicas": copies}
    if several:
        part["pdb"] = {"enabled": True, "minAvailable": 1}
    seconds = int(magnitude(view.setting("delivery.interval", "3m"), "duration"))
    config: dict[str, Any] = {
        "url": f"https://{_host(view)}",
        # Reached through the API server, where sign-on has to lead back to.
        "additionalUrls": f"- {_LOCAL}\n",
        "timeout.reconciliation": f"{seconds}s",
        "application.resourceTrackingMethod": "annotation",
        "resource.customizations.health.argoproj.io_Application": _HEALTH,
    }
    # One password that everybody knows is no way in where each has an account.
    config["admin.enabled"] = not sign_on.works(view)
    issuer = sign_on.issuer(view)
    if issuer is not None:
        # A public client with PKCE: there is no client secret that could leak.
        config["oidc.config"] = (
            f"name: Company\nissuer: {issuer}\nclientID: argo-cd\nenablePKCEAuthentication: true\n"
            f"requestedScopes: {json.dumps(sign_on.scopes(view))}\n"
        )
    admins = str(view.setting("access.admin-group", "platform-admins"))
    viewers = str(view.setting("access.viewer-group", "viewers"))
    told = _told(view)
    rights = f"g, {admins}, role:admin\ng, {viewers}, role:readonly\n"
    return {
        "global": {"domain": _host(view), "logging": {"format": "json"}},
        "configs": {
            "cm": config,
            "params": {"controller.diff.server.side": "true"},
            "rbac": {"policy.default": "", "policy.csv": rights},
        },
        "redis-ha": {"enabled": several},
        "server": {**part, **told.get("server", {})},
        "repoServer": {**part, **told.get("repoServer", {})},
        "applicationSet": part,
    }


def oidc_client(view: View) -> dict[str, Any]:
    """How it is known to a sign-on that runs in the cluster."""
    base = f"https://{_host(view)}"
    return {
        "id": "argo-cd",
        "name": "Argo CD",
        "public": True,
        "redirectURIs": [
            *(f"{url}{path}" for url in (base, _LOCAL) for path in ("/auth/callback", "/pkce/verify")),
            "http://localhost:8085/auth/callback",
        ],
    }
