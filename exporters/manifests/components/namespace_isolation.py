"""Free within a namespace; into it only by the flows of the design."""

from __future__ import annotations

from exporters.manifests.view import View


def stance(view: View) -> str:
    """The stance that network policies follow."""
    return "namespace"
