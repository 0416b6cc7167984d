"""The own registry fetches what others publish; nodes ask it first."""

from __future__ import annotations

from exporters.manifests.view import View


def mirrors_public(view: View) -> bool:
    """True: nodes of one's own are told to pull through it."""
    return True
