"""The sign-on of people, as tools with pages ask it: an OpenID Connect issuer."""

from __future__ import annotations

from exporters.manifests.view import View

_ISSUER = "sign-on.issuer"


def issuer(view: View) -> str | None:
    """Address of the issuer, or what stands in for it until somebody says; None where the chosen sign-on is none that tools
    can ask by an address."""
    setting = view.design.catalog.settings.get(_ISSUER)
    if setting is None or not set(view.chosen("sign-on")) & set(setting.only_for):
        return None
    return str(view.setting(_ISSUER, "") or "") or None


def works(view: View) -> bool:
    """Whether somebody has said the address: only then is it safe to close other ways in."""
    return issuer(view) is not None and _ISSUER not in view.design.placeholders
