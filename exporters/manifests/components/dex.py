"""Dex: its way in, copies, whose accounts it passes on, the clients of the design, and every key by reference."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from catalog.workloads import Workload
from exporters.manifests import authority, hosts, sign_on
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

_PORT = 5556


def _connector(view: View) -> Secret:
    keys = ["CONNECTOR_CLIENT_ID", "CONNECTOR_CLIENT_SECRET", "CONNECTOR_REDIRECT_URI"]
    return view.secret("dex-connector", keys, namespace=view.namespace)


def _known(view: View) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = view.gather("oidc_client", "deployment", "dashboards", "registry")
    return found


def _variable(client: dict[str, Any]) -> str:
    return f"{str(client['id']).upper().replace('-', '_')}_SECRET"


def _secrets(view: View) -> Secret | None:
    """What clients prove themselves with: the same entries of the store as on their side."""
    keys = {_variable(client): str(client["secret"]) for client in _known(view) if "secret" in client}
    return view.secret("dex-clients", keys, namespace=view.namespace) if keys else None


def _clients(view: View) -> list[dict[str, Any]]:
    return [
        {**{key: value for key, value in client.items() if key != "secret"}, "secretEnv": _variable(client)}
        if "secret" in client
        else client
        for client in _known(view)
    ]


def _accounts(view: View) -> str:
    """Where the accounts are: at the host of the source code, or with the issuer that the answers name."""
    named = str(view.context("code-host")) not in ("github", "gitlab")
    return str(view.setting("sign-on.accounts" if named else "delivery.code-repository", ""))


def _upstream(view: View) -> dict[str, Any]:
    """Type, name and place of whose accounts are passed on (https://dexidp.io/docs/connectors/): a host of one's own is named,
    a public one is what the connector knows."""
    host = urlsplit(_accounts(view)).hostname or ""
    if str(view.context("code-host")) == "gitlab":
        place = {"baseURL": f"https://{host}"} if host and host != "gitlab.com" else {}
        return {"type": "gitlab", "id": "gitlab", "name": "GitLab", "config": place}
    if str(view.context("code-host")) != "github":
        # Without the last line groups are left out, and rights belong to groups (https://dexidp.io/docs/connectors/oidc/).
        known = {"issuer": _accounts(view), "scopes": ["profile", "email", "groups"], "insecureEnableGroups": True}
        return {"type": "oidc", "id": "company", "name": "Company", "config": known}
    own = {"hostName": host} if host and view.yes("air-gap") else {}
    return {"type": "github", "id": "github", "name": "GitHub", "config": {"loadAllGroups": True, **own}}


def _root(view: View) -> Secret | None:
    return authority.root(view, view.namespace, _accounts(view))


def own_host(view: View) -> str | None:
    """The host of its issuer, in each cluster that has an entrance."""
    return urlsplit(sign_on.issuer(view) or "").hostname if view.entry() is not None else None


def _service(view: View, host: str) -> Workload:
    path = urlsplit(sign_on.issuer(view) or "").path.rstrip("/")
    return hosts.place(view, view.me.id, host, _PORT, f"{path}/healthz", path or "/")


def values(view: View) -> dict[str, Any]:
    """Every tool of the design that people sign in to is a client."""
    assert view.chart is not None
    known = view.chart.values.get("config", {}).get("staticClients", [])
    upstream, host, root = _upstream(view), own_host(view), _root(view)
    upstream["config"] |= {
        "clientID": "$CONNECTOR_CLIENT_ID",
        "clientSecret": "$CONNECTOR_CLIENT_SECRET",
        "redirectURI": "$CONNECTOR_REDIRECT_URI",
    }
    references = [secret for secret in (_connector(view), _secrets(view)) if secret is not None]
    found: dict[str, Any] = {
        "replicaCount": view.replicas(),
        "config": {"connectors": [upstream], "staticClients": [*known, *_clients(view)]},
        "envFrom": [{"secretRef": {"name": secret.name}} for secret in references],
        "podDisruptionBudget": {"enabled": view.replicas() > 1, "minAvailable": 1},
        "serviceMonitor": {"enabled": view.monitors},
    }
    told = hosts.service_annotations(view, _service(view, host)) if host is not None else {}
    if told:
        found["service"] = {"annotations": told}
    if root is not None:
        found |= {
            "envVars": [authority.variable()],
            "volumes": [authority.volume(root)],
            "volumeMounts": [authority.mount()],
        }
    return found


def objects(view: View) -> list[Obj]:
    """The keys, whom it trusts, and the way to the host of its issuer."""
    wanted = (_connector(view), _secrets(view), _root(view))
    found = [obj for secret in wanted if secret is not None for obj in secret.objects]
    host = own_host(view)
    return [*found, *(hosts.routed(view, _service(view, host)) if host is not None else ())]


def oidc_endpoints(view: View) -> dict[str, str]:
    """What its issuer's address goes on with (https://github.com/dexidp/dex/blob/master/server/server.go)."""
    return {"auth": "/auth", "token": "/token", "userinfo": "/userinfo"}
