"""Vault: servers with Raft and TLS, and how other parts of the design sign in to them."""

from __future__ import annotations

from typing import Any

from exporters.manifests import raft
from exporters.manifests.view import View

address = raft.address
connection = raft.connection
csi = raft.csi
external_store = raft.external_store
objects = raft.objects
pki = raft.pki
remote = raft.remote


def values(view: View) -> dict[str, Any]:
    """Values of its chart."""
    return raft.values(view, "/vault", "VAULT")


def restore(view: View) -> list[tuple[str, str, str]]:
    """What brings a saved store back."""
    return raft.restored(view, "vault")
