"""Secrets lie in etcd under keys that a key service wraps."""

from __future__ import annotations

from exporters.manifests.view import View


def at_rest(view: View) -> str:
    """What encrypts: a key service by a KMS v2 plugin."""
    return "service"
