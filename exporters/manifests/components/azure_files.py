"""Azure Files as volumes: premium NFS shares, over zones where a zone may not take data with it."""

from __future__ import annotations

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "file.csi.azure.com"
_CLASS = "azure-files"


def storage_class(view: View, purpose: str) -> str | None:
    """Files that several pods write."""
    return _CLASS if purpose == "file" else None


def objects(view: View) -> list[Obj]:
    """The class: NFS needs the premium tier and reaches its share by a private endpoint
    (https://learn.microsoft.com/en-us/azure/aks/azure-files-csi)."""
    sku = "Premium_ZRS" if volumes.zonal_loss_matters(view) else "Premium_LRS"
    parameters = {"protocol": "nfs", "skuName": sku, "networkEndpointType": "privateEndpoint"}
    options = ["nconnect=4", "noresvport", "actimeo=30"]
    return [volumes.storage_class(view, _CLASS, _DRIVER, parameters, shared=True, immediate=True, mountOptions=options)]

def unsnapshotted(view: View) -> tuple[str, ...]:
    """Its class: no class of snapshots goes with it."""
    return (_CLASS,)
