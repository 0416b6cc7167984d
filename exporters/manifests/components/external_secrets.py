"""External Secrets: one ClusterSecretStore for the store of the design, and references into it.

Stores answer two hooks of their own: `external_store(view)`, a function of the operator's service account and namespace
that gives the provider of a ClusterSecretStore, and `remote(view)`, a function of an entry that gives its address there.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.view import View

STORE = "secret-store"
_ACCOUNT = "external-secrets"


def values(view: View) -> dict[str, Any]:
    """Copies, monitors and the identity that reads the store."""
    identity = view.identity(_ACCOUNT)
    copies = min(2, view.replicas())
    found: dict[str, Any] = {
        "replicaCount": copies,
        "webhook": {"replicaCount": copies},
        "serviceAccount": {"name": _ACCOUNT, "annotations": dict(identity.annotations)},
        "serviceMonitor": {"enabled": view.monitors},
        "priorityClassName": "platform",
    }
    if identity.pod_labels:
        found["podLabels"] = dict(identity.pod_labels)
    if copies > 1:
        found["podDisruptionBudget"] = {"enabled": True, "minAvailable": 1}
        found["webhook"]["podDisruptionBudget"] = {"enabled": True, "minAvailable": 1}
    return found


def asks(view: View) -> tuple[str, ...]:
    """The store: references cannot be followed, and what mounts their Secrets cannot start, before it answers."""
    return ("secret-store",)


def objects(view: View) -> list[Obj]:
    """The store that references name."""
    found: list[Obj] = list(view.identity(_ACCOUNT).objects)
    for provider in view.gather("external_store", "secret-store"):
        found.append(
            {
                "apiVersion": "external-secrets.io/v1",
                "kind": "ClusterSecretStore",
                "metadata": {"name": STORE},
                "spec": {"provider": provider(_ACCOUNT, view.namespace), "refreshInterval": 300},
            }
        )
        break
    return found


def secret(view: View, request: SecretRequest) -> list[Obj]:
    """A reference: the operator writes the Secret and keeps it when the reference is gone."""
    locate = next(iter(view.gather("remote", "secret-store")), lambda entry: {"key": entry})
    target: dict[str, Any] = {"name": request.name, "creationPolicy": "Owner", "deletionPolicy": "Retain"}
    if request.type != "Opaque":
        target["template"] = {"type": request.type}
    return [
        {
            "apiVersion": "external-secrets.io/v1",
            "kind": "ExternalSecret",
            "metadata": {"name": request.name, "namespace": request.namespace},
            "spec": {
                "refreshInterval": str(view.setting("secrets.refresh", "1h")),
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": STORE},
                "target": target,
                "data": [{"secretKey": key, "remoteRef": locate(entry)} for key, entry in request.keys.items()],
            },
        }
    ]
