"""Values that follow the design."""

from typing import Any

from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    return {"replicas": view.replicas(), "storageClass": view.storage_class(), "release": view.release}
