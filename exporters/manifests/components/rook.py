"""Rook: its operator, and the cluster of monitors and disks on the nodes that have raw ones.

Pools and classes on top of it follow from the roles of what it runs, and stand with that.
"""

from __future__ import annotations

from typing import Any

from catalog.workloads import Pool
from exporters.manifests.families import node_pools
from exporters.manifests.references import Obj
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the charts of the operator, of its drivers for volumes, and of the cluster."""
    if view.release == "ceph-csi-drivers":
        return _drivers(view)
    return _cluster(view) if view.release.endswith("-cluster") else _operator(view)


def _operator(view: View) -> dict[str, Any]:
    return {
        "monitoring": {"enabled": view.monitors},
        "csi": {"serviceMonitor": {"enabled": view.monitors}},
        # Buckets are made for a user whose keys come from the secret store.
        "obcAllowAdditionalConfigFields": "maxObjects,maxSize,bucketOwner",
        "enableOBCWatchOperatorNamespace": True,
    }


def _drivers(view: View) -> dict[str, Any]:
    """Since 1.20 nothing mounts a volume without this chart; its agents run on every node, whatever keeps pods away there
    (https://github.com/rook/rook/blob/master/Documentation/Upgrade/rook-upgrade.md)."""
    stated = dict.fromkeys(text for pool in view.cluster.pools for text in pool.taints)
    taints = [taint for text in stated if (taint := node_pools.taint_of(text))]
    if any(pool.spot for pool in view.cluster.pools):
        taints.append(dict(node_pools.SPOT_TAINT))
    tolerations = [node_pools.toleration(taint) for taint in taints]
    agents = {"nodePlugin": {"tolerations": tolerations}} if tolerations else {}
    policy = {"snapshotPolicy": "volumeSnapshot" if view.capability("volume-snapshots") else "none"}
    copies = {"controllerPlugin": {"replicas": 2 if view.highly_available else 1}}
    used = {"rbd": "block-storage", "cephfs": "file-storage"}
    roles = {role for component in view.providers("distributed-storage") for role in view.of(component).roles}
    drivers = {name: {"enabled": role in roles, **policy, **agents, **copies} for name, role in used.items()}
    return {"operatorConfig": {"driverSpecDefaults": {**policy, **agents, **copies}}, "drivers": drivers}


def _disks(view: View) -> tuple[Pool, ...]:
    """Pools whose nodes have raw disks."""
    return tuple(pool for pool in view.cluster.pools if pool.disks.raw and pool.compute == "machines")


def _cluster(view: View) -> dict[str, Any]:
    spec: dict[str, Any] = {"storage": _storage(view)}
    placement = _placement(view)
    placements: dict[str, Obj] = {"osd": placement, "prepareosd": placement} if placement else {}
    if view.zones > 2:
        # Two monitors in one zone would take the majority with them.
        apart = {"topologyKey": "topology.kubernetes.io/zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}
        selector = {"matchLabels": {"app": "rook-ceph-mon"}}
        placements["mon"] = {"topologySpreadConstraints": [{**apart, "labelSelector": selector}]}
    if placements:
        spec["placement"] = placements
    if view.context("compliance") == "regulated":
        # Over the wire and on disks: a disk that is replaced leaves the house with its data.
        spec["network"] = {"connections": {"encryption": {"enabled": True}, "requireMsgr2": True}}
    return {
        "cephClusterSpec": spec,
        "monitoring": {"enabled": view.monitors, "createPrometheusRules": view.monitors},
        "cephBlockPools": [],
        "cephFileSystems": [],
        "cephObjectStores": [],
    }


def _storage(view: View) -> dict[str, Any]:
    """Every raw disk of the nodes that have them; disks that carry a file system are never touched."""
    found: dict[str, Any] = {"useAllNodes": True, "useAllDevices": True}
    if view.context("compliance") == "regulated":
        found["config"] = {"encryptedDevice": "true"}
    return found


def _placement(view: View) -> Obj:
    """Disk daemons stay on the pools with raw disks, also where these keep other pods away."""
    pools = _disks(view)
    found: Obj = {}
    if pools and len(pools) < len(view.cluster.pools):
        term = {"matchExpressions": [{"key": node_pools.POOL_LABEL, "operator": "In", "values": [pool.name for pool in pools]}]}
        found["nodeAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    stated = dict.fromkeys(text for pool in pools for text in pool.taints)
    taints = [taint for text in stated if (taint := node_pools.taint_of(text))]
    if taints:
        found["tolerations"] = [node_pools.toleration(taint) for taint in taints]
    return found
