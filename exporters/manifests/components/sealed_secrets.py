"""Sealed Secrets: a place for each Secret that a person fills with kubeseal."""

from __future__ import annotations

import re
from typing import Any

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.view import View

UNSEALED = "REPLACE_WITH_OUTPUT_OF_KUBESEAL"
_SEALED = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")
"""What kubeseal puts out: base64 of more than a key's length."""


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


def kept(ours: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The object with the values that somebody sealed for the same name; places that are new stay open."""
    if ours.get("kind") != "SealedSecret" or not isinstance(before.get("spec"), dict):
        return ours
    sealed = before["spec"].get("encryptedData")
    said = sealed if isinstance(sealed, dict) else {}
    values = {
        key: text if isinstance(text := said.get(key), str) and _SEALED.fullmatch(text) else place
        for key, place in ours["spec"]["encryptedData"].items()
    }
    return {**ours, "spec": {**ours["spec"], "encryptedData": values}}


def filled(place: tuple[str, str], key: str) -> str:
    """The command that seals one value."""
    return (
        f"kubeseal --raw --cert sealed-secrets.crt --namespace {place[0]} --name {place[1]} --from-file=<FILE WITH {key}>"
    )


def adopted(context: str, place: tuple[str, str]) -> str:
    """The command that lets it write to a Secret that somebody else made; without it that one is left alone, and after some
    tries it is not tried again (https://github.com/bitnami/sealed-secrets#managing-existing-secrets)."""
    return (
        f"kubectl --context {context} --namespace {place[0]} annotate secret {place[1]} "
        "sealedsecrets.bitnami.com/managed=true --overwrite"
    )
