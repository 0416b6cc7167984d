"""Velero: where backups go, how often, how volumes are saved, and how all of it comes back."""

from __future__ import annotations

from typing import Any

from catalog.settings import magnitude
from exporters.manifests import authority
from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.view import View

_ACCOUNT = "velero-server"
_POLICY = "volumes"
_FREQUENT = 72
"""Hours for which backups more frequent than daily ones are kept: what is older is found in the daily ones."""
_PLUGINS = {"s3": "aws", "gcs": "gcp", "azure": "microsoft-azure"}
_PROVIDERS = {"s3": "aws", "gcs": "gcp", "azure": "azure"}


def _store(view: View) -> ObjectStore | None:
    return view.object_store("backup", "backup-destination")


def _environment(store: ObjectStore | None) -> list[Obj]:
    """Keys of the bucket as the variables that its SDK reads."""
    if store is None or store.identity or store.secret is None or store.protocol == "gcs":
        return []
    names = (
        {"AZURE_STORAGE_KEY": "account-key"}
        if store.protocol == "azure"
        else {"AWS_ACCESS_KEY_ID": "access-key", "AWS_SECRET_ACCESS_KEY": "secret-key"}
    )
    return [{"name": name, "valueFrom": {"secretKeyRef": {"name": store.secret.name, "key": key}}} for name, key in names.items()]


def _snapshots(view: View) -> bool:
    return view.capability("volume-snapshots")


def _agent(view: View) -> bool:
    """The agent on each node copies volumes into the bucket: file by file, or out of snapshots."""
    return view.capability("daemonsets") and (view.capability("host-access") or _snapshots(view))


def _by_file(view: View) -> list[str]:
    """Classes whose volumes are copied file by file while others are snapshotted: a backup that asks them for a snapshot
    fails in part, each time (https://velero.io/docs/main/resource-filtering/)."""
    if not _snapshots(view) or not view.capability("host-access"):
        return []
    return sorted({name for found in view.gather("unsnapshotted", "file-storage", "block-storage") for name in found})


def values(view: View) -> dict[str, Any]:
    """Plugin, ways to save volumes, identity or keys, and monitors."""
    store = _store(view)
    protocol = store.protocol if store is not None else "s3"
    environment = _environment(store)
    hosted = view.capability("host-access")
    plugin = {
        "name": f"velero-plugin-for-{_PLUGINS[protocol]}",
        "image": view.extra(f"plugin-{_PLUGINS[protocol]}"),
        "imagePullPolicy": "IfNotPresent",
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "volumeMounts": [{"mountPath": "/target", "name": "plugins"}],
    }
    found: dict[str, Any] = {
        "initContainers": [plugin],
        "configuration": {
            # Objects of their own, so that they are checked like all others.
            "backupStorageLocation": [],
            "volumeSnapshotLocation": [],
            "defaultVolumesToFsBackup": hosted and not _snapshots(view),
            # A snapshot lies beside what it was taken of; only a copy in the bucket survives the loss of the place.
            "defaultSnapshotMoveData": _snapshots(view) and _agent(view),
        },
        "credentials": {"useSecret": False},
        "deployNodeAgent": _agent(view),
        "nodeAgent": {
            "disableHostPath": not hosted,
            "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "1Gi"}},
            "tolerations": [{"operator": "Exists"}],
        },
        "metrics": {"serviceMonitor": {"enabled": view.monitors}},
        "serviceAccount": {"server": {"name": _ACCOUNT}},
    }
    if not _snapshots(view):
        # The feature asks for kinds that are not installed here.
        found["configuration"]["features"] = ""
    if environment:
        # These reach the agent too: saying them again for it would name each variable twice, which no server takes.
        found["configuration"]["extraEnvVars"] = environment
    if store is not None and store.protocol == "gcs" and not store.identity and store.secret is not None:
        found["credentials"] = {"useSecret": True, "existingSecret": store.secret.name}
    if store is not None and store.identity:
        identity = view.identity(_ACCOUNT)
        found["serviceAccount"]["server"]["annotations"] = dict(identity.annotations)
        if identity.pod_labels:
            found["podLabels"] = dict(identity.pod_labels)
            found["nodeAgent"]["podLabels"] = dict(identity.pod_labels)
    return found


def objects(view: View) -> list[Obj]:
    """The location, the schedules, an alert when no backup succeeds, and what the bucket's keys need."""
    store = _store(view)
    if store is None:
        return []
    found: list[Obj] = [*(store.secret.objects if store.secret else ())]
    if store.identity:
        found += view.identity(_ACCOUNT).objects
    root = authority.of_store(view, store)
    found += root.objects if root is not None else ()
    found.append(_location(view, store))
    if _by_file(view):
        found.append(_policy(view))
    found += _schedules(view)
    if view.monitors:
        found.append(_alert(view))
    return found


def _location(view: View, store: ObjectStore) -> Obj:
    config: dict[str, str] = {}
    if store.protocol == "s3":
        config["region"] = store.region or view.region
        if store.endpoint:
            # A bucket whose versions are locked refuses what comes without a checksum.
            config |= {"s3Url": store.endpoint, "checksumAlgorithm": "CRC32"}
        if store.path_style:
            config["s3ForcePathStyle"] = "true"
    elif store.protocol == "azure":
        config = {"resourceGroup": "RESOURCE_GROUP", "storageAccount": store.account or "STORAGE_ACCOUNT"}
        if store.identity:
            config["useAAD"] = "true"
        else:
            config["storageAccountKeyEnvVar"] = "AZURE_STORAGE_KEY"
    elif store.identity and (signer := view.identity(_ACCOUNT).annotations.get("iam.gke.io/gcp-service-account")):
        # Whom its plugin asks to sign addresses: without the name no backup is written at all
        # (https://github.com/velero-io/velero-plugin-for-gcp#option-3-using-gke-workload-identity).
        config["serviceAccount"] = signer
    root = authority.of_store(view, store)
    # https://velero.io/docs/v1.18/api-types/backupstoragelocation/
    trusted = {"caCertRef": {"name": root.name, "key": authority.FILE}} if root is not None else {}
    return {
        "apiVersion": "velero.io/v1",
        "kind": "BackupStorageLocation",
        "metadata": {"name": "default", "namespace": view.namespace},
        "spec": {
            "provider": _PROVIDERS[store.protocol],
            "default": True,
            "objectStorage": {"bucket": store.bucket, "prefix": view.cluster.name, **trusted},
            **({"config": config} if config else {}),
            "accessMode": "ReadWrite",
        },
    }


def cron(seconds: int) -> str:
    """A schedule with this interval; what does not divide a day is counted from the start."""
    if seconds < 3600:
        return f"*/{max(1, seconds // 60)} * * * *" if 3600 % max(60, seconds) == 0 else f"@every {seconds // 60}m"
    hours = seconds // 3600
    if hours >= 24:
        return "17 1 * * *" if hours < 168 else "17 1 * * 0"
    if 24 % hours == 0 and seconds % 3600 == 0:
        return "17 * * * *" if hours == 1 else f"17 */{hours} * * *"
    return f"@every {seconds // 60}m"


def _schedules(view: View) -> list[Obj]:
    """One a day for as long as backups are kept; where more is asked for, frequent ones for three days at most."""
    every = int(magnitude(view.setting("backup.interval", "24h"), "duration"))
    kept = view.hours("backup.retention", "30d")
    if every >= 86400:
        return [_schedule(view, "daily" if every < 604800 else "weekly", every, kept)]
    return [_schedule(view, "frequent", every, min(kept, _FREQUENT)), _schedule(view, "daily", 86400, kept)]


def _told(view: View) -> str:
    """How far back there is what, in a sentence."""
    every, kept = str(view.setting("backup.interval", "24h")), str(view.setting("backup.retention", "30d"))
    if len(_schedules(view)) == 1:
        return f"There is one for every {every} of the last {kept}."
    brief = min(view.hours("backup.retention", "30d"), _FREQUENT)
    return f"There is one for every {every} of the last {brief} hours, and one for each day of the last {kept}."


def _policy(view: View) -> Obj:
    """How volumes of some classes are saved."""
    names = "".join(f"        - {name}\n" for name in _by_file(view))
    text = f"version: v1\nvolumePolicies:\n  - conditions:\n      storageClass:\n{names}    action:\n      type: fs-backup\n"
    metadata = {"name": _POLICY, "namespace": view.namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"policies.yaml": text}}


def _schedule(view: View, name: str, seconds: int, kept: int) -> Obj:
    template: dict[str, Any] = {
        "storageLocation": "default",
        "ttl": f"{kept}h0m0s",
        "includedNamespaces": ["*"],
        "excludedNamespaces": ["kube-system", "kube-public", "kube-node-lease", view.namespace],
        "includeClusterResources": True,
        "snapshotVolumes": _snapshots(view),
    }
    if _by_file(view):
        template["resourcePolicy"] = {"kind": "configmap", "name": _POLICY}
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Schedule",
        "metadata": {"name": name, "namespace": view.namespace},
        "spec": {"schedule": cron(seconds), "useOwnerReferencesInBackup": False, "template": template},
    }


def _alert(view: View) -> Obj:
    rules = []
    for schedule in _schedules(view):
        name = schedule["metadata"]["name"]
        every = 86400
        if name == "frequent":
            every = int(magnitude(view.setting("backup.interval", "24h"), "duration"))
        elif name == "weekly":
            every = 604800
        age = f'time() - velero_backup_last_successful_timestamp{{schedule="{name}"}}'
        never = f'absent(velero_backup_last_successful_timestamp{{schedule="{name}"}})'
        rules.append(
            {
                "alert": "BackupMissing",
                "expr": never,
                # A schedule of which no backup ever succeeded has no age.
                "for": f"{(every + 3600) // 60}m",
                "labels": {"severity": "critical", "schedule": name},
                "annotations": {
                    "summary": f"No backup of schedule {name} has ever succeeded",
                    "description": "Its first run is over, and there is nothing that could be restored.",
                },
            }
        )
        rules.append(
            {
                "alert": "BackupTooOld",
                "expr": f"{age} > {2 * every + 3600}",
                "for": "10m",
                "labels": {"severity": "critical", "schedule": name},
                "annotations": {
                    "summary": f"The last good backup of schedule {name} is too old",
                    "description": "Two runs in a row did not succeed; more would be lost than the design accepts.",
                },
            }
        )
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "backups", "namespace": view.namespace},
        "spec": {"groups": [{"name": "backups", "rules": rules}]},
    }


def images(view: View) -> tuple[str, ...]:
    """Pods that come back wait in a container of its own image until their volumes are filled, where these were copied file by
    file (https://velero.io/docs/main/file-system-backup/)."""
    return ("docker.io/velero/velero:",) if _agent(view) else ()


def restore(view: View) -> list[tuple[str, str, str]]:
    """What brings objects and volumes back."""
    where = f"--namespace {view.namespace}"
    # A location set to read-only would be set back within seconds by what follows Git; that a schedule is paused, no file says.
    return [
        (
            "Pause the schedules while restoring, so that no half-restored state becomes the newest backup.",
            f"velero {where} schedule pause --all",
            "Every schedule is paused.",
        ),
        (
            f"Choose the newest complete backup from before the loss. {_told(view)}"
            " What was written while it ran may be missing.",
            f"velero {where} backup get",
            "The backup's status is Completed.",
        ),
        (
            "Restore one namespace first, and look at it, then the others.",
            f"velero {where} restore create --from-backup BACKUP --include-namespaces NAMESPACE --wait",
            "The restore's phase is Completed, and volumes are bound.",
        ),
        (
            "Let the schedules run again.",
            f"velero {where} schedule unpause --all",
            "The next scheduled backup completes.",
        ),
    ]
