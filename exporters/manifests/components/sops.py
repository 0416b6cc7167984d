"""SOPS: a Secret for each need that a person fills and encrypts before it is committed."""

from __future__ import annotations

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.view import View

UNFILLED = "REPLACE_AND_ENCRYPT_WITH_SOPS"


def secret(view: View, request: SecretRequest) -> list[Obj]:
    """The Secret with placeholders."""
    return [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": request.name, "namespace": request.namespace},
            "type": request.type,
            "stringData": dict.fromkeys(request.keys, UNFILLED),
        }
    ]
