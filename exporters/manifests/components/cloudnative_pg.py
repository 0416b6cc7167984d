"""CloudNativePG: its operator, a PostgreSQL for the workloads, and one for each part of the platform that asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from exporters.manifests import authority
from exporters.manifests.cluster import PLATFORM_PRIORITY, WORKLOAD_PRIORITY, charts
from exporters.manifests.labels import kept
from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.view import View

_API = "postgresql.cnpg.io/v1"
_NAME, _DATABASE = "postgresql", "app"
_SIZE = "20Gi"
_PLUGIN = "barman-cloud.cloudnative-pg.io"


def values(view: View) -> dict[str, Any]:
    """Copies of the operator and how it is watched; its plugin for backups runs once."""
    if view.release != "cnpg":
        return {"priorityClassName": PLATFORM_PRIORITY}
    return {
        "replicaCount": max(1, min(2, view.replicas())),
        "priorityClassName": PLATFORM_PRIORITY,
        "monitoring": {"podMonitorEnabled": view.monitors},
    }


def objects(view: View) -> list[Obj]:
    """The workloads' own PostgreSQL; its operator makes owner and password
    (https://cloudnative-pg.io/docs/1.30/applications)."""
    return _cluster(view, _NAME, {"database": _DATABASE, "owner": _DATABASE}, WORKLOAD_PRIORITY)


def database(view: View) -> Callable[[View, str, str], dict[str, Any]]:
    """A function of the asking view, a name and a database: a PostgreSQL of its own whose owner's password both sides
    read from the same entry of the secret store."""

    def answer(asker: View, name: str, inside: str) -> dict[str, Any]:
        theirs = asker.secret(f"{name}-database", ["username", "password"])
        ours = view.secret(f"{name}-owner", dict(theirs.keys), type_="kubernetes.io/basic-auth")
        first = {"database": inside, "owner": name, "secret": {"name": ours.name}}
        made = _cluster(view, name, first, PLATFORM_PRIORITY, shared=True)
        host = f"{name}-rw.{view.namespace}.svc"
        return {
            "host": host,
            "port": 5432,
            "username": name,
            "secret": theirs.name,
            # The bucket's keys are there already, with the workloads' own PostgreSQL.
            "objects": [*theirs.objects, *ours.objects, *made],
        }

    return answer


def _cluster(view: View, name: str, first: dict[str, Any], priority: str, shared: bool = False) -> list[Obj]:
    """A PostgreSQL, its backups where there is a place for them, and, unless `shared`, what the bucket needs."""
    metadata = {"name": name, "namespace": view.namespace}
    storage: Obj = {"size": _SIZE}
    stated = view.storage_class()
    if stated:
        storage["storageClass"] = stated
    count = view.quorum()
    spec: Obj = {
        "instances": count,
        "priorityClassName": priority,
        "enableSuperuserAccess": False,
        "storage": storage,
        "bootstrap": {"initdb": {**first, "dataChecksums": True}},
        "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
        "postgresql": {"parameters": {"shared_buffers": "128MB"}},
        "affinity": {
            "enablePodAntiAffinity": True,
            "podAntiAffinityType": "required" if count <= view.nodes else "preferred",
            "topologyKey": "kubernetes.io/hostname",
        },
        "enablePDB": count > 1,
    }
    if count > 1:
        # What was confirmed is in two places, unless only one is left.
        spec["postgresql"]["synchronous"] = {"method": "any", "number": 1, "dataDurability": "preferred"}
    if view.zones > 1 and count > 1:
        spec["topologySpreadConstraints"] = view.spread({"cnpg.io/cluster": name})[:1]
    if view.monitors:
        spec["monitoring"] = {"enablePodMonitor": True}
    copied, needed = _backup(view, name)
    found: list[Obj] = [obj for obj in needed if not shared or obj["kind"] == "ObjectStore"]
    if copied:
        spec |= copied
        found.append(
            {
                "apiVersion": _API,
                "kind": "ScheduledBackup",
                "metadata": metadata,
                "spec": {
                    "cluster": {"name": name},
                    "schedule": "0 30 1 * * *",
                    "backupOwnerReference": "self",
                    "immediate": True,
                    **_method(copied),
                },
            }
        )
        identity = view.identity(name)
        if identity.annotations:
            spec["serviceAccountTemplate"] = {"metadata": {"annotations": dict(identity.annotations)}}
        if identity.pod_labels:
            spec["inheritedMetadata"] = {"labels": dict(identity.pod_labels)}
        found.extend(identity.objects)
    return [*found, kept({"apiVersion": _API, "kind": "Cluster", "metadata": metadata, "spec": spec})]


def _method(copied: Obj) -> Obj:
    """How a ScheduledBackup asks for it."""
    if "plugins" in copied:
        return {"method": "plugin", "pluginConfiguration": {"name": _PLUGIN}}
    return {"method": "barmanObjectStore" if "barmanObjectStore" in copied["backup"] else "volumeSnapshot"}


def _backup(view: View, name: str) -> tuple[Obj, list[Obj]]:
    """Fields of a Cluster: logs archived to a bucket, else nightly snapshots; and the objects that this needs.

    The operator's own way to a bucket is deprecated; its plugin needs certificates that cert-manager makes
    (https://cloudnative-pg.io/plugin-barman-cloud/docs/usage/).
    """
    store = _store(view)
    if store is None:
        return ({"backup": {"volumeSnapshot": {}}} if view.capability("volume-snapshots") else {}), []
    kept = f"{max(1, view.hours('backup.retention', '30d') // 24)}d"
    if store.protocol == "azure" and store.secret is not None:
        # The operator reads the account's name by reference too.
        entry = store.secret.keys["account-key"]
        keys = {"account-key": entry, "account-name": f"{entry.rpartition('/')[0]}/account-name"}
        store = replace(store, secret=view.secret("databases-account", keys))
    root = authority.of_store(view, store)
    secrets = [obj for secret in (store.secret, root) if secret is not None for obj in secret.objects]
    where = _destination(store)
    if root is not None:
        where["endpointCA"] = {"name": root.name, "key": authority.FILE}
    if not any(chart.release == "barman-cloud" for chart in charts(view, view.me)):
        return {"backup": {"barmanObjectStore": {**where, "serverName": name}, "retentionPolicy": kept}}, secrets
    place: Obj = {
        "apiVersion": "barmancloud.cnpg.io/v1",
        "kind": "ObjectStore",
        "metadata": {"name": name, "namespace": view.namespace},
        "spec": {"configuration": where, "retentionPolicy": kept},
    }
    parameters = {"barmanObjectName": name, "serverName": name}
    return {"plugins": [{"name": _PLUGIN, "isWALArchiver": True, "parameters": parameters}]}, [*secrets, place]


def _store(view: View) -> ObjectStore | None:
    """The bucket for copies: that of the backups where the design's own object storage runs in the cluster, and would be
    lost together with the databases."""
    store = view.object_store("databases")
    if store is not None and urlsplit(store.endpoint or "").hostname is not None and (
        str(urlsplit(store.endpoint or "").hostname).endswith((".svc", ".svc.cluster.local"))
    ):
        return view.object_store("databases", "backup-destination") or store
    return store


def _destination(store: ObjectStore) -> Obj:
    """Where logs and base backups go (https://cloudnative-pg.io/docs/1.30/appendixes/backup_barmanobjectstore)."""
    found: Obj = {"data": {"compression": "gzip"}, "wal": {"compression": "gzip"}}

    def key(entry: str) -> Obj:
        assert store.secret is not None
        return {"name": store.secret.name, "key": entry}

    if store.protocol == "gcs":
        return {"destinationPath": f"gs://{store.bucket}/", "googleCredentials": {"gkeEnvironment": True}, **found}
    if store.protocol == "azure":
        path = f"https://{store.account or 'STORAGE_ACCOUNT'}.blob.core.windows.net/{store.bucket}"
        inherit: Obj = {"inheritFromAzureAD": True}
        if not store.identity:
            inherit = {"storageAccount": key("account-name"), "storageKey": key("account-key")}
        return {"destinationPath": path, "azureCredentials": inherit, **found}
    credentials: Obj = {"inheritFromIAMRole": True}
    if not store.identity:
        credentials = {"accessKeyId": key("access-key"), "secretAccessKey": key("secret-key")}
    if store.endpoint:
        found["endpointURL"] = store.endpoint
    return {"destinationPath": f"s3://{store.bucket}/", "s3Credentials": credentials, **found}
