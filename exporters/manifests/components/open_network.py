"""No policies: every pod may talk to every other."""

from __future__ import annotations

from exporters.manifests.view import View


def stance(view: View) -> str:
    """The stance that network policies follow."""
    return "open"
