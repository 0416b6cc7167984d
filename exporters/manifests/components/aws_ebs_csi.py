"""EBS volumes by a driver of our own: its identity, and encrypted gp3 volumes."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import volumes
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_ACCOUNT = "ebs-csi-controller-sa"
_DRIVER = "ebs.csi.aws.com"
_CLASS = "ebs-gp3"


def values(view: View) -> dict[str, Any]:
    """Copies of the controller, its identity, and what tells its volumes from those of other clusters."""
    identity = view.identity(_ACCOUNT)
    copies = 2 if view.highly_available else 1
    return {
        "controller": {
            "replicaCount": copies,
            "podDisruptionBudget": {"enabled": copies > 1},
            "region": view.region,
            "k8sTagClusterId": view.cluster.name,
            "extraVolumeTags": {"cluster": view.cluster.name, "environment": view.environment},
            "serviceAccount": {"name": _ACCOUNT, "annotations": dict(identity.annotations)},
            "podLabels": dict(identity.pod_labels),
            "topologySpreadConstraints": view.spread({"app": "ebs-csi-controller"}) if copies > 1 else [],
        },
        "sidecars": {"snapshotter": {"forceEnable": view.capability("volume-snapshots")}},
        # Its pod runs an image of Kubernetes' own tests, which no production registry mirrors.
        "helmTester": {"enabled": False},
    }


def storage_class(view: View, purpose: str) -> str | None:
    """Disks are for one pod at a time."""
    return _CLASS if purpose == "block" else None


def objects(view: View) -> list[Obj]:
    """Classes of volumes and snapshots, and what the driver's identity needs."""
    parameters = {"type": "gp3", "encrypted": "true"}
    if volumes.own_key(view):
        parameters["kmsKeyId"] = f"arn:aws:kms:{view.region}:ACCOUNT_ID:key/KEY_ID"
    return [
        volumes.storage_class(view, _CLASS, _DRIVER, parameters),
        *volumes.snapshot_class(view, "ebs", _DRIVER),
        *view.identity(_ACCOUNT).objects,
    ]
