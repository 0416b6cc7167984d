"""What storage is asked of a cluster: how much, by whom. Classes themselves come from the drivers' own modules."""

from __future__ import annotations

from catalog.settings import magnitude
from exporters.manifests.view import View


def claimed(view: View) -> dict[str, int]:
    """Namespace to gibibytes that its workloads claim at their upper limits."""
    found: dict[str, int] = {}
    for workload in view.workloads:
        copies = workload.replicas.at_most if workload.replicas else view.replicas()
        for volume in workload.volumes:
            namespace = view.workload_namespace(workload)
            size = -(-magnitude(volume.size, "quantity") // 2**30)
            found[namespace] = found.get(namespace, 0) + copies * int(size)
    return found


def residue(view: View) -> list[str]:
    """What storage leaves open, in plain sentences."""
    if claimed(view) and view.storage_class() is None:
        return [f"Volumes in {view.cluster.name} use the cluster's default StorageClass, because no driver names one."]
    return []
