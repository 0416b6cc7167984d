"""Registries that nodes cannot sign in to by themselves: a Secret for each namespace that pulls."""

from __future__ import annotations

from collections.abc import Callable

from exporters.manifests.references import Secret
from exporters.manifests.view import View


def host(view: View) -> str:
    """The host of the registry, without the path of the images."""
    return str(view.setting("registry.host", "registry.example.com/apps")).split("/", 1)[0]


def by_token(view: View) -> Callable[[str], Secret]:
    """A function of a namespace: the Secret with a token that may only read, one entry of the store for all of them."""
    entry = {".dockerconfigjson": f"{view.design.name}/registry/pull"}
    return lambda namespace: view.secret("registry-pull", entry, namespace, "kubernetes.io/dockerconfigjson")


def from_elsewhere(view: View, cloud: str) -> Callable[[str], Secret] | None:
    """The same, where the cluster is not in the registry's own cloud; at home nodes have an identity for it."""
    return None if view.cloud == cloud else by_token(view)
