"""Crossplane: copies by availability, and the identity that its providers' calls begin with."""

from __future__ import annotations

from typing import Any

from exporters.manifests import monitors
from exporters.manifests.references import Obj
from exporters.manifests.view import View
from exporters.nodes.machines import mirror_of

_PACKAGES = "xpkg.crossplane.io"


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
    """Monitors, of which its chart has none, and where packages are, if nothing leads to their own registry."""
    return [*view.identity("crossplane").objects, *monitors.of_pods(view, view.me), *_packages(view)]


def _packages(view: View) -> list[Obj]:
    """Packages come from the mirror by their own names (https://docs.crossplane.io/latest/packages/image-configs/)."""
    mirror = mirror_of(view)
    if mirror is None or not mirror.only:
        return []
    spec = {
        "matchImages": [{"type": "Prefix", "prefix": _PACKAGES}],
        "rewriteImage": {"prefix": f"{mirror.host}/{_PACKAGES}"},
    }
    metadata = {"name": "mirror"}
    return [{"apiVersion": "pkg.crossplane.io/v1beta1", "kind": "ImageConfig", "metadata": metadata, "spec": spec}]
