"""Answers what a secrets tool answers."""

from typing import Any

from exporters.manifests.references import SecretRequest
from exporters.manifests.view import View


def secret(view: View, request: SecretRequest) -> list[dict[str, Any]]:
    data = [{"secretKey": key, "remoteRef": {"key": entry}} for key, entry in request.keys.items()]
    return [
        {
            "apiVersion": "external-secrets.io/v1",
            "kind": "ExternalSecret",
            "metadata": {"name": request.name, "namespace": request.namespace},
            "spec": {
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": "stand-in"},
                "target": {"name": request.name},
                "data": data,
            },
        }
    ]


def objects(view: View) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "external-secrets.io/v1",
            "kind": "ClusterSecretStore",
            "metadata": {"name": "stand-in"},
            "spec": {"provider": {"fake": {"data": [{"key": "shop/api", "value": "known to all"}]}}},
        }
    ]
