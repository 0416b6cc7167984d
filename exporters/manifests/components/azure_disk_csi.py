"""Managed disks of AKS: Premium SSD, copied over zones where a zone may not take data with it."""

from __future__ import annotations

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "disk.csi.azure.com"
_LOCAL, _ZONES = "premium-lrs", "premium-zrs"
_KEYS = (
    "/subscriptions/SUBSCRIPTION_ID/resourceGroups/RESOURCE_GROUP/providers/Microsoft.Compute/diskEncryptionSets/"
    "DISK_ENCRYPTION_SET"
)


def storage_class(view: View, purpose: str) -> str | None:
    """Disks are for one pod at a time."""
    if purpose != "block":
        return None
    return _ZONES if volumes.zonal_loss_matters(view) else _LOCAL


def objects(view: View) -> list[Obj]:
    """Classes of the disks, which are always encrypted, and of their snapshots."""
    parameters = {"diskEncryptionSetID": _KEYS} if volumes.own_key(view) else {}
    found = [volumes.storage_class(view, _LOCAL, _DRIVER, {"skuName": "Premium_LRS", **parameters})]
    if view.zones > 1:
        found.append(volumes.storage_class(view, _ZONES, _DRIVER, {"skuName": "Premium_ZRS", **parameters}))
    return [*found, *volumes.snapshot_class(view, "azure-disk", _DRIVER, {"incremental": "true"})]
