"""Runners of GitHub Actions in the cluster: signed in as a GitHub App, rootless, and at most so many."""

from __future__ import annotations

from typing import Any

from catalog.components import ChartInstall
from exporters.manifests import authority
from exporters.manifests.families import image_builder
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

_ACCOUNT = "runner-controller"


def _app(view: View) -> Secret:
    keys = ["github_app_id", "github_app_installation_id", "github_app_private_key"]
    return view.secret("github-app", keys, namespace=view.namespace)


def _jobs(view: View) -> str:
    """Where jobs run."""
    return view.charted(next(chart for chart in _charts(view) if chart.release != "arc")).namespace


def _controller(view: View) -> str:
    """Where the controller and its listeners run, with their account and keys: no job reaches those."""
    return view.charted(next(chart for chart in _charts(view) if chart.release == "arc")).namespace


def _charts(view: View) -> tuple[ChartInstall, ...]:
    return view.me.install.charts if view.me.install is not None else ()


def values(view: View) -> dict[str, Any]:
    """The controller watches the namespace of the jobs only, and stands in another; each job gets a pod that ends with it."""
    if view.release == "arc":
        return {
            "replicaCount": 2 if view.highly_available else 1,
            "serviceAccount": {"create": True, "name": _ACCOUNT},
            "flags": {"watchSingleNamespace": _jobs(view)},
            "priorityClassName": "platform",
        }
    certificates = image_builder.client(view)
    container: dict[str, Any] = {
        "name": "runner",
        # GitHub stops serving older runners after some weeks, so upstream's moving tag is what keeps jobs running.
        "image": str(view.setting("runners.image", "ghcr.io/actions/actions-runner:latest")),
        "command": ["/home/runner/run.sh"],
        "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "4Gi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    pod: dict[str, Any] = {
        "automountServiceAccountToken": False,
        "priorityClassName": "batch",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1001,
            "fsGroup": 1001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
    }
    mounts: list[Obj] = []
    volumes: list[Obj] = []
    if certificates is not None:
        mounts.append({"name": "builder", "mountPath": image_builder.CERTIFICATES, "readOnly": True})
        volumes.append({"name": "builder", "secret": {"secretName": certificates.name, "defaultMode": 0o440}})
    root = authority.of_registry(view, view.namespace)
    if root is not None:
        mounts.append(authority.mount())
        volumes.append(authority.volume(root))
        container["env"] = [{"name": name, "value": value} for name, value in authority.environment().items()]
    if mounts:
        container["volumeMounts"], pod["volumes"] = mounts, volumes
    return {
        "githubConfigSecret": _app(view).name,
        "minRunners": int(view.setting("runners.at-least", 0)),
        "maxRunners": int(view.setting("runners.at-most", 10)),
        # Charts that are rendered outside of the cluster cannot look this up.
        "controllerServiceAccount": {"name": _ACCOUNT, "namespace": _controller(view)},
        "template": {"spec": pod},
    }


def objects(view: View) -> list[Obj]:
    """The App's key, what jobs show to a builder of images, and whom they trust, by reference."""
    wanted = (_app(view), image_builder.client(view), authority.of_registry(view, view.namespace))
    return [obj for secret in wanted if secret is not None for obj in secret.objects]
