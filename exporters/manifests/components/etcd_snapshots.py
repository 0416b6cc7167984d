"""Copies of etcd that the distribution takes by itself and sends to the bucket for backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exporters.manifests import authority
from exporters.manifests.view import View

if TYPE_CHECKING:
    from exporters.nodes.machines import Snapshots


def snapshots(view: View) -> Snapshots:
    """Schedule and bucket (https://docs.rke2.io/datastore/backup_restore)."""
    from exporters.nodes.machines import Snapshots, cron

    store = view.object_store("backup", "backup-destination") or view.object_store("etcd")
    keep = int(view.setting("etcd-backup.retention", 28))
    schedule = cron(view.setting("etcd-backup.interval", "12h"))
    private = store is not None and authority.signs(view, store.endpoint)
    return Snapshots(schedule, keep, store, f"etcd/{view.cluster.name}", private)
