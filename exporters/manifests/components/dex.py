"""Dex: copies, the clients of the design, and the connector's key by reference."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View


def _connector(view: View) -> Secret:
    keys = ["CONNECTOR_CLIENT_ID", "CONNECTOR_CLIENT_SECRET", "CONNECTOR_REDIRECT_URI"]
    return view.secret("dex-connector", keys, namespace=view.namespace)


def values(view: View) -> dict[str, Any]:
    """Every tool of the design that people sign in to is a client."""
    assert view.chart is not None
    known = view.chart.values.get("config", {}).get("staticClients", [])
    return {
        "replicaCount": view.replicas(),
        "config": {"staticClients": [*known, *view.gather("oidc_client", "deployment", "dashboards")]},
        "envFrom": [{"secretRef": {"name": _connector(view).name}}],
        "podDisruptionBudget": {"enabled": view.replicas() > 1, "minAvailable": 1},
        "serviceMonitor": {"enabled": view.monitors},
    }


def objects(view: View) -> list[Obj]:
    """The connector's key."""
    return list(_connector(view).objects)


def oidc_endpoints(view: View) -> dict[str, str]:
    """What its issuer's address goes on with (https://github.com/dexidp/dex/blob/master/server/server.go)."""
    return {"auth": "/auth", "token": "/token", "userinfo": "/userinfo"}
