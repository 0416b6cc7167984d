"""Crossplane: copies by availability, and the identity that its providers' calls begin with."""

from __future__ import annotations

from typing import Any

from exporters.manifests import monitors
from exporters.manifests.references import Obj
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """One copy leads, the others wait."""
    identity = view.identity("crossplane")
    return {
        "replicas": min(2, view.replicas()),
        "serviceAccount": {"name": "crossplane", "customAnnotations": dict(identity.annotations)},
        "rbacManager": {"replicas": min(2, view.replicas())},
        "priorityClassName": "platform",
    }


def objects(view: View) -> list[Obj]:
    """Monitors: its chart has none."""
    return [*view.identity("crossplane").objects, *monitors.of_pods(view, view.me)]
