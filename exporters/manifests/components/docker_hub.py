"""Docker Hub as nodes see it: a token that may read, in each namespace with workloads."""

from __future__ import annotations

from collections.abc import Callable

from exporters.manifests.references import Secret
from exporters.manifests.view import View


def address(view: View, capability: str) -> str | None:
    """The host that images are pulled from."""
    return str(view.setting("registry.host", "registry.example.com")).split("/", 1)[0] if capability == "registry" else None


def pull_secret(view: View) -> Callable[[str], Secret]:
    """What the kubelet signs in with."""

    def answer(namespace: str) -> Secret:
        return view.secret("registry-pull", [".dockerconfigjson"], namespace, "kubernetes.io/dockerconfigjson")

    return answer
