"""Secrets lie in etcd under a key of the control plane's own."""

from __future__ import annotations

from exporters.manifests.view import View


def at_rest(view: View) -> str:
    """What encrypts: a local key."""
    return "key"
