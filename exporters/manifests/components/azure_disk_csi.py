"""Managed disks of AKS: Premium SSD, copied over zones where a zone may not take data with it."""

from __future__ import annotations

from exporters.manifests.families.volumes import own_key, snapshot_class, storage_class as made, zonal_loss_matters
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
    return _ZONES if zonal_loss_matters(view) else _LOCAL


def objects(view: View) -> list[Obj]:
    """Classes of the disks, which are always encrypted, and of their snapshots."""
    parameters = {"diskEncryptionSetID": _KEYS} if own_key(view) else {}
    found = [made(view, _LOCAL, _DRIVER, {"skuName": "Premium_LRS", **parameters})]
    if view.zones > 1:
        found.append(made(view, _ZONES, _DRIVER, {"skuName": "Premium_ZRS", **parameters}))
    return [*found, *snapshot_class(view, "azure-disk", _DRIVER, {"incremental": "true"})]
