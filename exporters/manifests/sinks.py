"""Where collectors of logs send to, as data that every collector can translate into its own language.

A sink is what the hook `sink` of an aggregator or a log store answers: `kind` (loki, elasticsearch, forward, json: one
JSON document or array by HTTP POST), `host`, `port`, `url`, `beats` (host and port of what takes the protocol of Elastic's
agents beside it), and for stores that ask for a password `secret`, a
function of a namespace that gives the Secret with `username`, `password` and `ca.crt`.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

CA_FOLDER = "/etc/log-store"
"""Where collectors mount the certificate of the store's authority."""


def of(view: View, direct: bool = False) -> dict[str, Any] | None:
    """The aggregator's sink, or the store's where there is none or `direct` is asked; None when nothing answers."""
    words = ("log-store",) if direct else ("log-aggregation", "log-store")
    for word in words:
        for sink in view.gather("sink", word):
            found: dict[str, Any] = sink
            return found
    return None


def secret(view: View, sink: dict[str, Any] | None) -> Secret | None:
    """The Secret that a collector in the view's namespace signs in with."""
    if sink is None or "secret" not in sink:
        return None
    found: Secret = sink["secret"](view.namespace)
    return found


def objects(view: View, sink: dict[str, Any] | None) -> list[Obj]:
    """What brings that Secret into being."""
    found = secret(view, sink)
    return list(found.objects) if found is not None else []


def environment(secret: Secret, prefix: str = "STORE") -> list[Obj]:
    """User and password as environment variables `<prefix>_USERNAME` and `<prefix>_PASSWORD`."""
    return [
        {"name": f"{prefix}_{key.upper()}", "valueFrom": {"secretKeyRef": {"name": secret.name, "key": key}}}
        for key in ("username", "password")
    ]


def volume(secret: Secret, name: str = "log-store") -> Obj:
    """The volume with the authority's certificate and nothing else of the Secret."""
    return {"name": name, "secret": {"secretName": secret.name, "items": [{"key": "ca.crt", "path": "ca.crt"}]}}


def mount(name: str = "log-store", folder: str = CA_FOLDER) -> Obj:
    """Its mount."""
    return {"name": name, "mountPath": folder, "readOnly": True}


# ---- the audit log of own API servers


def audit_log(view: View) -> str | None:
    """Path of the audit log on the machines of the control plane; None where it is somebody else's."""
    return next(iter(view.gather("audit_log", "self-managed-kubernetes")), None) if view.capability("audit-log") else None


def audit_volume(path: str) -> Obj:
    """The log's folder and nothing else of the machine."""
    return {"name": "audit", "hostPath": {"path": path.rpartition("/")[0], "type": "DirectoryOrCreate"}}


def audit_mount(path: str) -> Obj:
    """Its mount, at the same place."""
    return {"name": "audit", "mountPath": path.rpartition("/")[0], "readOnly": True}


def on_servers() -> Obj:
    """Affinity to machines of the control plane; distributions give their label different values."""
    term = {"matchExpressions": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}
