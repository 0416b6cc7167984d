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


def scopes(view: View) -> list[str]:
    """What tools ask the issuer for so that a token says who somebody is, and in which groups."""
    known: list[tuple[str, ...]] = view.gather("oidc_scopes", "sign-on")
    return ["openid", "profile", "email", *(known[0] if known else ("groups",))]


def endpoints(view: View) -> dict[str, str] | None:
    """Addresses of the issuer by what they are for (`auth`, `token`, `userinfo`), for tools that do not ask it themselves;
    None where nobody has said the issuer, or its product is not known."""
    found: list[dict[str, str]] = view.gather("oidc_endpoints", "sign-on") if works(view) else []
    return {use: f"{issuer(view)}{path}" for use, path in found[0].items()} if found else None
