"""Longhorn: copies of volumes, its classes, and a backup target beside the cluster's own."""

from __future__ import annotations

from typing import Any

from exporters.manifests import authority
from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.families import node_pools, volumes
from exporters.manifests.references import Obj, ObjectStore, Secret
from exporters.manifests.view import View

_DRIVER = "driver.longhorn.io"
_BLOCK, _FILE = "longhorn", "longhorn-shared"


def _copies(view: View) -> int:
    return max(1, min(int(view.setting("storage.replicas", 3)), view.nodes))


def _backups(view: View) -> ObjectStore | None:
    """The bucket that volumes are copied to; it speaks to S3 alone among the interfaces that need no file share."""
    store = view.object_store("volumes")
    return store if store is not None and store.protocol == "s3" and store.secret is not None else None


def _credentials(view: View, store: ObjectStore) -> Secret:
    """The bucket's keys under the names that Longhorn reads
    (https://longhorn.io/docs/1.12.1/snapshots-and-backups/backup-and-restore/set-backup-target/)."""
    assert store.secret is not None
    keys = {"AWS_ACCESS_KEY_ID": store.secret.keys["access-key"], "AWS_SECRET_ACCESS_KEY": store.secret.keys["secret-key"]}
    if store.endpoint:
        keys["AWS_ENDPOINTS"] = f"{store.secret.keys['access-key'].rpartition('/')[0]}/endpoint"
    if authority.signs(view, store.endpoint):
        keys["AWS_CERT"] = authority.entry(view)
    return view.secret("longhorn-backup", keys)


def values(view: View) -> dict[str, Any]:
    """Copies, zones, and how many of its own parts run."""
    one = 1 if not view.highly_available else min(3, view.nodes)
    settings: dict[str, Any] = {
        "defaultReplicaCount": _copies(view),
        "defaultLonghornStaticStorageClass": _BLOCK,
        # A volume with too few nodes for its copies waits for them and does not stop its pod.
        "allowVolumeCreationWithDegradedAvailability": True,
        "replicaZoneSoftAntiAffinity": view.zones < _copies(view),
        # A node that leaves for maintenance takes its copy along only when another one is whole.
        "nodeDrainPolicy": "block-if-contains-last-replica",
        "upgradeChecker": not view.yes("air-gap"),
        "allowCollectingLonghornUsageMetrics": False,
    }
    store = _backups(view)
    found: dict[str, Any] = {}
    if store is not None:
        target = f"s3://{store.bucket}@{store.region or 'us-east-1'}/"
        found["defaultBackupStore"] = {
            "backupTarget": target,
            "backupTargetCredentialSecret": _credentials(view, store).name,
        }
    stated = dict.fromkeys(text for pool in view.cluster.pools for text in pool.taints)
    taints = {text: taint for text in stated if (taint := node_pools.taint_of(text))}
    if taints:
        # A pod finds its volume on a node only where Longhorn runs too.
        found["global"] = {"tolerations": [node_pools.toleration(taint) for taint in taints.values()]}
        settings["taintToleration"] = "; ".join(taints)
    return {
        **found,
        "defaultSettings": settings,
        "persistence": {"defaultClass": False, "defaultClassReplicaCount": _copies(view)},
        "csi": {f"{part}ReplicaCount": one for part in ("attacher", "provisioner", "resizer", "snapshotter")},
        "longhornUI": {"replicas": 1, "priorityClass": PLATFORM_PRIORITY},
        "metrics": {"serviceMonitor": {"enabled": view.monitors}},
    }


def storage_class(view: View, purpose: str) -> str | None:
    """Volumes for one pod, and shared ones by an NFS server for each."""
    if purpose == "file":
        return _FILE if "file-storage" in view.roles else None
    return _BLOCK if "block-storage" in view.roles else None


def objects(view: View) -> list[Obj]:
    """Classes of volumes and of snapshots that stay in the cluster
    (https://longhorn.io/docs/1.12.1/snapshots-and-backups/csi-snapshot-support/)."""
    # Two hours without a node are an outage and not a reboot: then a copy is made elsewhere.
    parameters = {"numberOfReplicas": str(_copies(view)), "staleReplicaTimeout": "120", "fsType": "ext4"}
    found: list[Obj] = []
    if "block-storage" in view.roles:
        found.append(volumes.storage_class(view, _BLOCK, _DRIVER, {**parameters, "dataLocality": "best-effort"}, immediate=True))
        found.extend(volumes.snapshot_class(view, "longhorn", _DRIVER, {"type": "snap"}))
    if "file-storage" in view.roles:
        shared = {**parameters, "nfsOptions": "vers=4.2,noresvport,softerr,timeo=600,retrans=5"}
        found.append(volumes.storage_class(view, _FILE, _DRIVER, shared, shared=True, immediate=True))
    return [*found, *_copied(view)]


def _copied(view: View) -> list[Obj]:
    """What the backup target needs, and a job that copies every volume each night where nothing else backs them up."""
    store = _backups(view)
    if store is None:
        return []
    assert store.secret is not None
    # The Secret itself is asked for under other names; what makes the bucket is wanted all the same.
    made = [obj for obj in store.secret.objects if obj["metadata"]["name"] != store.secret.name]
    found: list[Obj] = [*made, *_credentials(view, store).objects]
    if not view.capability("cluster-backup"):
        job = {"task": "backup", "cron": "0 2 * * *", "groups": ["default"], "retain": 30, "concurrency": 2}
        metadata = {"name": "nightly-backup", "namespace": view.namespace}
        found.append({"apiVersion": "longhorn.io/v1beta2", "kind": "RecurringJob", "metadata": metadata, "spec": job})
    return found
