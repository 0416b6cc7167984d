"""Sealed Secrets: a place for each Secret that a person fills with kubeseal."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.view import View

UNSEALED = "REPLACE_WITH_OUTPUT_OF_KUBESEAL"


def values(view: View) -> dict[str, Any]:
    """Monitors, and a priority: without it nothing can be opened after a restart."""
    return {"metrics": {"serviceMonitor": {"enabled": view.monitors}}, "priorityClassName": "platform"}


def secret(view: View, request: SecretRequest) -> list[Obj]:
    """The sealed object without its values: each is sealed for exactly this name and namespace."""
    metadata = {"name": request.name, "namespace": request.namespace}
    return [
        {
            "apiVersion": "bitnami.com/v1alpha1",
            "kind": "SealedSecret",
            "metadata": dict(metadata),
            "spec": {
                "encryptedData": dict.fromkeys(request.keys, UNSEALED),
                "template": {"metadata": dict(metadata), "type": request.type},
            },
        }
    ]
