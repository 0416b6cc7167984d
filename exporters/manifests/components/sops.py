"""SOPS: a Secret for each need, in a file of its own that a person fills and encrypts before it is committed."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.view import View

UNFILLED = "REPLACE_AND_ENCRYPT_WITH_SOPS"
_KEY = "sops-age"
"""The Secret with the private key, made by a person in the namespace of the delivery tool."""


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


def decryption(view: View) -> dict[str, Any]:
    """How Flux opens them (https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption)."""
    return {"provider": "sops", "secretRef": {"name": _KEY}}


def own_file(obj: Obj) -> str | None:
    """Ending of the file that an object has for itself: a file is encrypted as a whole."""
    filled = obj.get("stringData")
    mine = obj.get("kind") == "Secret" and isinstance(filled, dict) and bool(filled) and set(filled.values()) == {UNFILLED}
    return ".sops.yaml" if mine else None


def stays(ours: Obj, before: Obj) -> bool:
    """Whether an encrypted file is left as it is: it holds the keys that are wanted. Nobody else can make it anew."""
    held = before.get("stringData", before.get("data"))
    return isinstance(before.get("sops"), dict) and isinstance(held, dict) and set(held) == set(ours.get("stringData", {}))
