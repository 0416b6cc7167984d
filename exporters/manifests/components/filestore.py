"""Google Filestore as volumes: an instance for each claim, over zones where a zone may not take data with it."""

from __future__ import annotations

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "filestore.csi.storage.gke.io"
_CLASS = "filestore"
_KEY = "projects/PROJECT_ID/locations/{region}/keyRings/KEY_RING/cryptoKeys/CRYPTO_KEY"


def storage_class(view: View, purpose: str) -> str | None:
    """Files that several pods write."""
    return _CLASS if purpose == "file" else None


def objects(view: View) -> list[Obj]:
    """The class and that of its snapshots
    (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/filestore-csi-driver)."""
    lasting = volumes.zonal_loss_matters(view)
    own = volumes.own_key(view)
    # Only these tiers take a key of one's own.
    parameters = {"tier": "enterprise" if lasting else "zonal" if own else "standard", "network": "VPC_NETWORK"}
    if own:
        parameters["instance-encryption-kms-key"] = _KEY.format(region=view.region)
    made = volumes.storage_class(view, _CLASS, _DRIVER, parameters, shared=True)
    return [made, *volumes.snapshot_class(view, _CLASS, _DRIVER, {"type": "backup"})]
