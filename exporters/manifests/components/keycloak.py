"""Keycloak, which somebody runs outside of the clusters: where tools ask it."""

from __future__ import annotations

from exporters.manifests.view import View


def oidc_endpoints(view: View) -> dict[str, str]:
    """What its issuer's address, that of a realm, goes on with (https://www.keycloak.org/securing-apps/oidc-layers)."""
    return {use: f"/protocol/openid-connect/{use}" for use in ("auth", "token", "userinfo")}
