"""Entra ID as tools ask it for people."""

from __future__ import annotations

from exporters.manifests.view import View


def oidc_scopes(view: View) -> tuple[str, ...]:
    """None beyond the usual ones: groups are a claim of the application's registration, and a scope of that name is refused
    (https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/microsoft/)."""
    return ()
