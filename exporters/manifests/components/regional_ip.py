"""An address of one region or site."""

from __future__ import annotations

from exporters.manifests.view import View


def address_scope(view: View) -> str:
    """Where the address of the entry holds."""
    return "regional"
