"""Answers what a registry answers whose images nodes cannot pull by themselves."""

from collections.abc import Callable

from exporters.manifests.references import Secret
from exporters.manifests.view import View


def pull_secret(view: View) -> Callable[[str], Secret]:
    return lambda namespace: view.secret(
        "pull", {".dockerconfigjson": "registry/pull"}, namespace, "kubernetes.io/dockerconfigjson"
    )
