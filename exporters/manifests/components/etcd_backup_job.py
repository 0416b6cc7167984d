"""A copy of etcd on a schedule, taken on a control plane node and sent to the bucket for backups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from catalog.settings import magnitude
from exporters.manifests import authority
from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.view import View

if TYPE_CHECKING:
    from exporters.nodes.machines import Copies

_NAME = "etcd-backup"
_NAMESPACE = "kube-system"
_CERTIFICATES = "/etc/kubernetes/pki/etcd"
_HERE = "/var/backups/etcd"
"""Where copies lie on the machine that took them, where there is no bucket."""


def _store(view: View) -> ObjectStore | None:
    store = view.object_store("backup", "backup-destination") or view.object_store(_NAME)
    if store is None or store.secret is None:
        return store
    # The job runs beside etcd, so its keys have to be there and not where the asking component would be installed.
    made = tuple(obj for obj in store.secret.objects if obj["metadata"].get("name") != store.secret.name)
    own = view.secret(f"{_NAME}-bucket", dict(store.secret.keys), _NAMESPACE)
    return replace(store, secret=replace(own, objects=(*made, *own.objects)))


def _schedule(view: View) -> str:
    hours = max(1, int(magnitude(view.setting("etcd-backup.interval", "6h"), "duration") // 3600))
    return "17 2 * * *" if hours >= 24 else f"17 */{hours} * * *" if hours > 1 else "17 * * * *"


def _target(view: View, store: ObjectStore) -> str:
    return f"backup:{store.bucket}/etcd/{view.cluster.name}"


def copies(view: View) -> Copies:
    """Where a person finds what the job sent, with the settings that the job has."""
    from exporters.nodes.machines import Copies

    store = _store(view)
    if store is None:
        return Copies(_HERE)
    told = []
    for entry in _env(store):
        told.append(f"{entry['name']}={entry['value']}" if "value" in entry
                    else f"{entry['name']}='<{entry['valueFrom']['secretKeyRef']['key'].upper()}>'")
    if authority.signs(view, store.endpoint):
        told.append("RCLONE_CA_CERT='<ROOT CERTIFICATE>'")
    return Copies(_target(view, store), tuple(told))


def objects(view: View) -> list[Obj]:
    """The CronJob (https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/)."""
    store = _store(view)
    target = _target(view, store) if store is not None else "/backup"
    keep = int(view.setting("etcd-backup.retention", 28))
    save = {
        "name": "save",
        "image": view.extra("etcd"),
        "command": [
            "etcdctl",
            "--endpoints=https://127.0.0.1:2379",
            f"--cacert={_CERTIFICATES}/ca.crt",
            f"--cert={_CERTIFICATES}/healthcheck-client.crt",
            f"--key={_CERTIFICATES}/healthcheck-client.key",
            "snapshot",
            "save",
            "/scratch/etcd.db",
        ],
        "volumeMounts": [
            {"name": "certificates", "mountPath": _CERTIFICATES, "readOnly": True},
            {"name": "work", "mountPath": "/scratch"},
        ],
        **_limits(),
    }
    script = (
        f'name="etcd-$(date -u +%Y%m%dT%H%M%SZ).db" && rclone copyto /scratch/etcd.db "{target}/$name" && '
        # Only what it sent itself: others keep backups in this bucket too.
        f'rclone lsf --files-only --include "/etcd-*.db" "{target}/" | '
        f'sort -r | tail -n +{keep + 1} | while read -r old; do rclone deletefile "{target}/$old"; done'
    )
    send = {
        "name": "send",
        "image": view.extra("rclone"),
        "command": ["/bin/sh", "-ec", script],
        "env": _env(store),
        "volumeMounts": [{"name": "work", "mountPath": "/scratch"}, {"name": "tmp", "mountPath": "/tmp"}],
        **_limits(),
    }
    volumes: list[Obj] = [
        {"name": "certificates", "hostPath": {"path": _CERTIFICATES, "type": "Directory"}},
        {"name": "work", "emptyDir": {}},
        {"name": "tmp", "emptyDir": {}},
    ]
    if store is None:
        volumes.append({"name": "backup", "hostPath": {"path": _HERE, "type": "DirectoryOrCreate"}})
        send["volumeMounts"] = [*send["volumeMounts"], {"name": "backup", "mountPath": "/backup"}]
    root = authority.root(view, _NAMESPACE, store.endpoint if store is not None else None)
    if root is not None:
        send["env"] = [*send["env"], authority.variable()]
        send["volumeMounts"] = [*send["volumeMounts"], authority.mount()]
        volumes.append(authority.volume(root))
    pod = {
        "hostNetwork": True,
        "restartPolicy": "OnFailure",
        "automountServiceAccountToken": False,
        "nodeSelector": {"node-role.kubernetes.io/control-plane": ""},
        "tolerations": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}],
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "initContainers": [save],
        "containers": [send],
        "volumes": volumes,
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": _NAME, "namespace": _NAMESPACE},
        "spec": {
            "schedule": _schedule(view),
            "concurrencyPolicy": "Forbid",
            "jobTemplate": {"spec": {"backoffLimit": 3, "template": {"spec": pod}}},
        },
    }
    secrets = [store.secret if store is not None else None, root]
    return [*(obj for secret in secrets if secret is not None for obj in secret.objects), job]


def _limits() -> Obj:
    return {
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }


def _env(store: ObjectStore | None) -> list[Obj]:
    if store is None:
        return []
    found: list[Obj] = [{"name": "RCLONE_CONFIG_BACKUP_TYPE", "value": "azureblob" if store.protocol == "azure" else "s3"}]
    if store.protocol != "azure":
        found.append({"name": "RCLONE_CONFIG_BACKUP_PROVIDER", "value": "Other"})
    if store.endpoint:
        found.append({"name": "RCLONE_CONFIG_BACKUP_ENDPOINT", "value": store.endpoint})
    if store.region:
        found.append({"name": "RCLONE_CONFIG_BACKUP_REGION", "value": store.region})
    if store.secret is not None:
        names = {"access-key": "ACCESS_KEY_ID", "secret-key": "SECRET_ACCESS_KEY", "account-key": "KEY"}
        for key in store.secret.keys:
            if key in names:
                reference = {"secretKeyRef": {"name": store.secret.name, "key": key}}
                found.append({"name": f"RCLONE_CONFIG_BACKUP_{names[key]}", "valueFrom": reference})
    return found
