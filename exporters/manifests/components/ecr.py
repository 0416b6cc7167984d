"""Elastic Container Registry as nodes see it: those of its own cloud sign in by their role, others with a Secret."""

from __future__ import annotations

from collections.abc import Callable

from exporters.manifests.references import Secret
from exporters.manifests.view import View


def address(view: View, capability: str) -> str | None:
    """The host that images are pulled from."""
    return str(view.setting("registry.host", "registry.example.com")).split("/", 1)[0] if capability == "registry" else None


def pull_secret(view: View) -> Callable[[str], Secret] | None:
    """What the kubelet signs in with, outside of the registry's own cloud."""
    if view.cloud == "aws":
        return None

    def answer(namespace: str) -> Secret:
        return view.secret("registry-pull", [".dockerconfigjson"], namespace, "kubernetes.io/dockerconfigjson")

    return answer
