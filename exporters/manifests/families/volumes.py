"""Classes of volumes and of their snapshots: what differs between drivers is a name, a provisioner and parameters."""

from __future__ import annotations

from collections.abc import Mapping

from exporters.manifests.references import Obj
from exporters.manifests.view import View


def storage_class(
    view: View,
    name: str,
    provisioner: str,
    parameters: Mapping[str, str],
    *,
    shared: bool = False,
    immediate: bool = False,
    **fields: object,
) -> Obj:
    """A StorageClass. `shared`: several pods write its volumes. `immediate`: a volume is made before a pod needs it,
    which only storage that every node reaches can do without stranding the pod in another zone.

    A class that is the cluster's own answer for volumes is marked as default; among several the newest wins
    (https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass).
    """
    metadata: Obj = {"name": name}
    if not shared and view.storage_class() == name:
        metadata["annotations"] = {"storageclass.kubernetes.io/is-default-class": "true"}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": metadata,
        "provisioner": provisioner,
        **({"parameters": dict(parameters)} if parameters else {}),
        "reclaimPolicy": str(view.setting("storage.reclaim", "Delete")),
        "allowVolumeExpansion": True,
        "volumeBindingMode": "Immediate" if immediate else "WaitForFirstConsumer",
        **fields,
    }


def snapshot_class(view: View, name: str, driver: str, parameters: Mapping[str, str] | None = None) -> list[Obj]:
    """The driver's VolumeSnapshotClass where the cluster takes snapshots; backups find theirs by the label
    (https://velero.io/docs/main/csi/)."""
    if not view.capability("volume-snapshots"):
        return []
    metadata: Obj = {
        "name": name,
        "labels": {"velero.io/csi-volumesnapshot-class": "true"},
        "annotations": {"snapshot.storage.kubernetes.io/is-default-class": "true"},
    }
    return [
        {
            "apiVersion": "snapshot.storage.k8s.io/v1",
            "kind": "VolumeSnapshotClass",
            "metadata": metadata,
            "driver": driver,
            # A snapshot goes with the object that asked for it; what has to stay is copied by backups.
            "deletionPolicy": "Delete",
            **({"parameters": dict(parameters)} if parameters else {}),
        }
    ]


def zonal_loss_matters(view: View) -> bool:
    """True where a volume should outlive its zone: production over several zones that is held to 99.9 % or more."""
    return view.production and view.zones > 1 and view.at_least("99.9")


def own_key(view: View) -> bool:
    """True where disks are encrypted under a key of one's own: supervisors ask who can destroy it."""
    return bool(view.context("compliance") == "regulated")
