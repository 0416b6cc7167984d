"""NFS by its CSI driver: a directory of the server's export for each claim."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "nfs.csi.k8s.io"
_CLASS = "nfs"


def values(view: View) -> dict[str, Any]:
    """Copies of the controller."""
    return {"controller": {"replicas": 2 if view.highly_available else 1}}


def storage_class(view: View, purpose: str) -> str | None:
    """Files that several pods write."""
    return _CLASS if purpose == "file" else None


def objects(view: View) -> list[Obj]:
    """The class (https://github.com/kubernetes-csi/csi-driver-nfs/blob/master/docs/driver-parameters.md)."""
    reclaim = str(view.setting("storage.reclaim", "Delete"))
    parameters = {
        "server": str(view.setting("nfs.server", "nfs.example.internal")),
        "share": str(view.setting("nfs.share", "/export/kubernetes")),
        "subDir": f"{view.cluster.name}/${{pvc.metadata.namespace}}/${{pvc.metadata.name}}",
        "onDelete": reclaim.lower(),
    }
    options = ["nfsvers=4.1", "hard", "noatime"]
    made = volumes.storage_class(view, _CLASS, _DRIVER, parameters, shared=True, immediate=True, mountOptions=options)
    return [made]

def unsnapshotted(view: View) -> tuple[str, ...]:
    """Its class: its driver copies a whole share where it is asked for a snapshot, and no class asks for one."""
    return (_CLASS,)
