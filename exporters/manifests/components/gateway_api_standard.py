"""The Gateway API kinds of the standard channel, applied from their release before anything uses them."""

from __future__ import annotations

from catalog import handover
from exporters.manifests.view import View


def steps(view: View) -> list[tuple[str, str, str]]:
    """The commands of the catalog, for this cluster."""
    return [
        (step.do, step.command.replace("kubectl ", f"kubectl --context {view.cluster.name} ", 1), step.see or "")
        for step in handover.steps(view.design, view.me)
        if step.command
    ]
