"""Persistent Disks of GKE: balanced disks, copied into a second zone where a zone may not take data with it."""

from __future__ import annotations

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_DRIVER = "pd.csi.storage.gke.io"
_ZONAL, _REGIONAL = "pd-balanced", "pd-balanced-regional"
_KEY = "projects/PROJECT_ID/locations/{region}/keyRings/KEY_RING/cryptoKeys/CRYPTO_KEY"


def storage_class(view: View, purpose: str) -> str | None:
    """Disks are for one pod at a time."""
    if purpose != "block":
        return None
    return _REGIONAL if volumes.zonal_loss_matters(view) else _ZONAL


def objects(view: View) -> list[Obj]:
    """Classes of the disks, which are always encrypted, and of their snapshots."""
    parameters = {"type": "pd-balanced"}
    if volumes.own_key(view):
        parameters["disk-encryption-kms-key"] = _KEY.format(region=view.region)
    found = [volumes.storage_class(view, _ZONAL, _DRIVER, parameters)]
    if view.zones > 1:
        found.append(volumes.storage_class(view, _REGIONAL, _DRIVER, {**parameters, "replication-type": "regional-pd"}))
    places = {"storage-locations": view.region} if view.cluster.region else {}
    return [*found, *volumes.snapshot_class(view, "pd", _DRIVER, places)]
