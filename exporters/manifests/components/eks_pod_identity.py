"""EKS Pod Identity: the association of account and role lives in the EKS API, so objects carry nothing."""

from __future__ import annotations

from exporters.manifests.references import Identity
from exporters.manifests.view import View


def identity(view: View, account: str, namespace: str) -> Identity:
    """Nothing to write on the account."""
    return Identity()
