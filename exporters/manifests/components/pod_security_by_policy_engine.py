"""Pods are held to the restricted standard by the policy engine of the design."""

from __future__ import annotations

from exporters.manifests.view import View


def judged_by_engine(view: View) -> bool:
    """The engine adds the checks to its policies."""
    return True
