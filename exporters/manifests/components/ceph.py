"""Ceph as the cluster uses it: pools, classes and buckets for the roles it was chosen for.

What runs it is the storage operator; it is found by that capability, and its namespace is where everything lies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exporters.manifests.families import buckets, volumes
from exporters.manifests.labels import kept
from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.shortened import short
from exporters.manifests.view import View

_API = "ceph.rook.io/v1"
_BLOCK, _FILE, _BUCKET, _STORE = "ceph-block", "ceph-files", "ceph-buckets", "objects"
_GATEWAY_PORT = 8080


def _home(view: View) -> str | None:
    """The namespace of the operator in this cluster; None where Ceph is another cluster's."""
    for operator in view.providers("storage-operator"):
        if operator.install is not None:
            return operator.install.namespace
    return None


def storage_class(view: View, purpose: str) -> str | None:
    """Block devices and shared files, each where that role was given."""
    if purpose == "file":
        return _FILE if "file-storage" in view.roles else None
    return _BLOCK if "block-storage" in view.roles else None


def objects(view: View) -> list[Obj]:
    """Pools, classes and the object store."""
    home = _home(view)
    if home is None:
        return []
    found: list[Obj] = []
    if "block-storage" in view.roles:
        found.extend(_block(view, home))
    if "file-storage" in view.roles:
        found.extend(_files(view, home))
    if "object-storage" in view.roles:
        found.extend(_buckets(view, home))
    return found


def _copies(view: View) -> dict[str, Any]:
    """Copies in different zones where there are as many, else on different nodes; one copy only if somebody said so."""
    count = max(1, min(int(view.setting("storage.replicas", 3)), view.nodes))
    return {
        "failureDomain": "zone" if 1 < count <= view.zones else "host",
        "replicated": {"size": count, "requireSafeReplicaSize": count > 1},
    }


def _made(kind: str, name: str, home: str, spec: dict[str, Any]) -> Obj:
    return {"apiVersion": _API, "kind": kind, "metadata": {"name": name, "namespace": home}, "spec": spec}


def _secrets(sort: str, home: str) -> dict[str, str]:
    """Parameters that name the Secrets which the operator makes for its CSI drivers
    (https://rook.io/docs/rook/v1.20/Storage-Configuration/Block-Storage-RBD/block-storage/)."""
    found: dict[str, str] = {}
    for use, who in (
        ("provisioner", "provisioner"),
        ("controller-expand", "provisioner"),
        ("controller-publish", "provisioner"),
        ("node-stage", "node"),
    ):
        found[f"csi.storage.k8s.io/{use}-secret-name"] = f"rook-csi-{sort}-{who}"
        found[f"csi.storage.k8s.io/{use}-secret-namespace"] = home
    return found


def _snapshots(sort: str, home: str) -> dict[str, str]:
    return {
        "clusterID": home,
        "csi.storage.k8s.io/snapshotter-secret-name": f"rook-csi-{sort}-provisioner",
        "csi.storage.k8s.io/snapshotter-secret-namespace": home,
    }


def _block(view: View, home: str) -> list[Obj]:
    parameters = {
        "clusterID": home,
        "pool": _BLOCK,
        "imageFormat": "2",
        # What every kernel since 5.4 can do; layering alone makes snapshots and clones slow.
        "imageFeatures": "layering,fast-diff,object-map,deep-flatten,exclusive-lock",
        "csi.storage.k8s.io/fstype": "ext4",
        **_secrets("rbd", home),
    }
    driver = f"{home}.rbd.csi.ceph.com"
    return [
        kept(_made("CephBlockPool", _BLOCK, home, _copies(view))),
        volumes.storage_class(view, _BLOCK, driver, parameters, immediate=True),
        *volumes.snapshot_class(view, _BLOCK, driver, _snapshots("rbd", home)),
    ]


def _files(view: View, home: str) -> list[Obj]:
    driver = f"{home}.cephfs.csi.ceph.com"
    parameters = {"clusterID": home, "fsName": _FILE, "pool": f"{_FILE}-data0", **_secrets("cephfs", home)}
    spec = {
        "metadataPool": _copies(view),
        "dataPools": [{"name": "data0", **_copies(view)}],
        "preserveFilesystemOnDelete": True,
        "metadataServer": {
            "activeCount": 1,
            "activeStandby": True,
            "resources": {"requests": {"cpu": "500m", "memory": "2Gi"}, "limits": {"memory": "4Gi"}},
            "priorityClassName": "system-cluster-critical",
        },
    }
    return [
        kept(_made("CephFilesystem", _FILE, home, spec)),
        volumes.storage_class(view, _FILE, driver, parameters, shared=True, immediate=True),
        *volumes.snapshot_class(view, _FILE, driver, _snapshots("cephfs", home)),
    ]


def _buckets(view: View, home: str) -> list[Obj]:
    spec = {
        "metadataPool": _copies(view),
        "dataPool": _copies(view),
        "preservePoolsOnDelete": True,
        "gateway": {
            "port": _GATEWAY_PORT,
            "instances": max(2, view.replicas()) if view.highly_available else 1,
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
            "priorityClassName": "system-cluster-critical",
        },
    }
    parameters = {"objectStoreName": _STORE, "objectStoreNamespace": home}
    made = volumes.storage_class(view, _BUCKET, f"{home}.ceph.rook.io/bucket", parameters, shared=True, immediate=True)
    # A claim that is deleted by mistake must not take its bucket along.
    made["reclaimPolicy"] = "Retain"
    del made["allowVolumeExpansion"]
    return [kept(_made("CephObjectStore", _STORE, home, spec)), made]


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The bucket, a user who owns it, and that user's keys, as the component that asks sees them.

    The secret store has the keys first; the user is made with them, so that no key leaves the cluster
    (https://rook.io/docs/rook/v1.20/CRDs/Object-Storage/ceph-object-store-user-crd/).
    """
    secret = buckets.keys(view, purpose)
    bucket = view.bucket(purpose)
    home = _home(view)
    if home is None:
        endpoint = f"https://buckets.{view.domain}"
        return ObjectStore("s3", bucket, endpoint, _REGION, secret=secret, path_style=True)
    user = short(f"{view.namespace}-{purpose}", 50)
    own = view.secret(f"{user}-keys", dict(secret.keys), home)
    references = {f"{key}KeyRef": {"name": own.name, "key": f"{key}-key"} for key in ("access", "secret")}
    account = _made("CephObjectStoreUser", user, home, {"store": _STORE, "displayName": user, "keys": [references]})
    claim = {
        "apiVersion": "objectbucket.io/v1alpha1",
        "kind": "ObjectBucketClaim",
        "metadata": {"name": bucket, "namespace": home},
        "spec": {"bucketName": bucket, "storageClassName": _BUCKET, "additionalConfig": {"bucketOwner": user}},
    }
    endpoint = f"http://rook-ceph-rgw-{_STORE}.{home}.svc:{_GATEWAY_PORT}"
    with_bucket = replace(secret, objects=(*secret.objects, *own.objects, account, kept(claim)))
    return ObjectStore("s3", bucket, endpoint, _REGION, secret=with_bucket, path_style=True)


_REGION = "us-east-1"
"""The gateway has no regions, and clients sign for one."""
