"""Workload ID of AKS: a managed identity is named on the account, and pods carry a label."""

from __future__ import annotations

from exporters.manifests.references import Identity
from exporters.manifests.view import View


def identity(view: View, account: str, namespace: str) -> Identity:
    """The identity's client id is for the owner to fill in, one for each account."""
    client = f"CLIENT_ID_OF_{account.upper().replace('-', '_')}"
    return Identity(
        annotations={"azure.workload.identity/client-id": client},
        pod_labels={"azure.workload.identity/use": "true"},
    )
