"""Amazon EFS as volumes: an access point of one file system for each claim."""

from __future__ import annotations

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "efs.csi.aws.com"
_CLASS = "efs"


def storage_class(view: View, purpose: str) -> str | None:
    """Files that several pods write."""
    return _CLASS if purpose == "file" else None


def objects(view: View) -> list[Obj]:
    """The class; data is encrypted on the way by the driver's own mount option
    (https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md)."""
    parameters = {
        "provisioningMode": "efs-ap",
        "fileSystemId": "FILE_SYSTEM_ID",
        "directoryPerms": "700",
        "basePath": f"/{view.cluster.name}",
        "subPathPattern": "${.PVC.namespace}/${.PVC.name}",
        "ensureUniqueDirectory": "true",
    }
    made = volumes.storage_class(view, _CLASS, _DRIVER, parameters, shared=True, immediate=True, mountOptions=["tls"])
    del made["allowVolumeExpansion"]  # a file system without bounds has nothing to expand
    return [made]

def unsnapshotted(view: View) -> tuple[str, ...]:
    """Its class: its driver takes no snapshots."""
    return (_CLASS,)
