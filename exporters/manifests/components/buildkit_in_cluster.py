"""A rootless BuildKit daemon for the jobs of runners in the cluster."""

from __future__ import annotations

import hashlib
from typing import Any

from exporters.manifests import authority
from exporters.manifests.families.image_builder import FILES, NAME, PORT
from exporters.manifests.references import Obj
from exporters.manifests.view import View
from exporters.nodes.control_plane import upstream
from exporters.nodes.machines import mirror_of

_LABELS = {"app": NAME}
_CONFIG = "buildkitd.toml"
_CACHE = "50Gi"
_TOLD = "k8s-wizard.dev/configuration"
"""Annotation that changes with the configuration: the daemon reads it only when it starts."""
_USER = 1000
"""The image's own; its ranges of subordinate ids belong to it."""


def objects(view: View) -> list[Obj]:
    """The daemon as upstream runs it without root
    (https://github.com/moby/buildkit/blob/master/examples/kubernetes/deployment%2Bservice.rootless.yaml)."""
    secret = view.secret("image-builder-daemon", FILES, namespace=view.namespace)
    listens = ["--addr", f"unix:///run/user/{_USER}/buildkit/buildkitd.sock", "--addr", f"tcp://0.0.0.0:{PORT}"]
    knows = ["--tlscacert", "/certs/ca.pem", "--tlscert", "/certs/cert.pem", "--tlskey", "/certs/key.pem"]
    alive = {"exec": {"command": ["buildctl", "debug", "workers"]}, "periodSeconds": 30, "timeoutSeconds": 10}
    container: dict[str, Any] = {
        "name": NAME,
        "image": view.extra("buildkit"),
        # A process sandbox would mount /proc anew, which Kubernetes allows no pod without a user namespace of its own.
        "args": ["--config", f"/etc/buildkitd/{_CONFIG}", *listens, *knows, "--oci-worker-no-process-sandbox"],
        "ports": [{"name": "build", "containerPort": PORT}],
        "readinessProbe": {**alive, "initialDelaySeconds": 5},
        "livenessProbe": {**alive, "initialDelaySeconds": 15},
        "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "8Gi"}},
        "securityContext": {
            "seccompProfile": {"type": "Unconfined"},
            "appArmorProfile": {"type": "Unconfined"},
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "runAsNonRoot": True,
        },
        "volumeMounts": [
            {"name": "certificates", "mountPath": "/certs", "readOnly": True},
            {"name": "configuration", "mountPath": "/etc/buildkitd", "readOnly": True},
            {"name": "cache", "mountPath": "/home/user/.local/share/buildkit"},
        ],
    }
    pod: dict[str, Any] = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": "batch",
        "securityContext": {"fsGroup": _USER},
        "containers": [container],
        "volumes": [
            {"name": "certificates", "secret": {"secretName": secret.name, "defaultMode": 0o440}},
            {"name": "configuration", "configMap": {"name": NAME}},
            {"name": "cache", "emptyDir": {"sizeLimit": _CACHE}},
        ],
    }
    root = authority.of_registry(view, view.namespace)
    if root is not None:
        container["volumeMounts"].append(authority.mount())
        pod["volumes"].append(authority.volume(root))
    metadata = {"name": NAME, "namespace": view.namespace, "labels": dict(_LABELS)}
    text = _configuration(view)
    told = hashlib.sha256(text.encode()).hexdigest()[:16]
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {
            "replicas": 1,
            # Two daemons do not share a cache.
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": dict(_LABELS)},
            "template": {"metadata": {"labels": dict(_LABELS), "annotations": {_TOLD: told}}, "spec": pod},
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"selector": dict(_LABELS), "ports": [{"name": "build", "port": PORT, "targetPort": "build"}]},
    }
    configuration = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {_CONFIG: text}}
    return [*secret.objects, *(root.objects if root is not None else ()), configuration, deployment, service]


def _configuration(view: View) -> str:
    """Bounds of the cache below the volume's, and whom to ask instead of public registries
    (https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md)."""
    lines = ["[worker.oci]", "  gc = true", '  reservedSpace = "10GB"', '  maxUsedSpace = "40GB"']
    mirror = mirror_of(view)
    if mirror is not None:
        for name in upstream(mirror):
            lines += [f'[registry."{name}"]', f'  mirrors = ["{mirror.host}/{name}"]']
    trusted = authority.registry(view)
    if trusted is not None:
        lines += [f'[registry."{trusted}"]', f'  ca = ["{authority.FOLDER}/{authority.FILE}"]']
    return "\n".join(lines) + "\n"
