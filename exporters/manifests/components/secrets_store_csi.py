"""Secrets Store CSI driver: a SecretProviderClass for each Secret, and a pod that mounts it so that the Secret exists.

The driver writes a Secret only while some pod mounts its class; charts that name a Secret do not mount it, so each
gets a holder: a pod that mounts the class and does nothing.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.shortened import short
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Everywhere pods run; tokens for the providers that sign in as the pod."""
    audiences = {"aws": "sts.amazonaws.com", "azure": "api://AzureADTokenExchange", "gcp": "PROJECT_ID.svc.id.goog"}
    found: dict[str, Any] = {"linux": {"priorityClassName": "system-node-critical", "tolerations": [{"operator": "Exists"}]}}
    if view.capability("workload-identity") and view.cloud in audiences:
        found["tokenRequests"] = [{"audience": audiences[view.cloud]}]
    return found


def secret(view: View, request: SecretRequest) -> list[Obj]:
    """The class, and its holder."""
    provider, parameters = "PROVIDER", dict[str, str]()
    for answer in view.gather("csi", "secret-store"):
        provider, parameters = answer(dict(request.keys))
        break
    # Its pods are named after it, and their names are host names, in which a dot would part domains.
    name = short(f"hold-{request.name.replace('.', '-')}", 63)
    metadata = {"name": request.name, "namespace": request.namespace}
    data = [{"objectName": key, "key": key} for key in request.keys]
    return [
        {
            "apiVersion": "secrets-store.csi.x-k8s.io/v1",
            "kind": "SecretProviderClass",
            "metadata": metadata,
            "spec": {
                "provider": provider,
                "parameters": parameters,
                "secretObjects": [{"secretName": request.name, "type": request.type, "data": data}],
            },
        },
        _holder(name, request, view.extra("pause")),
    ]


def images(view: View) -> tuple[str, ...]:
    """Beginnings of the images that it needs in namespaces of workloads, for policies about where images come from."""
    return (view.extra("pause").partition(":")[0] + ":",)


def _holder(name: str, request: SecretRequest, image: str) -> Obj:
    attributes = {"secretProviderClass": request.name}
    csi = {"driver": "secrets-store.csi.k8s.io", "readOnly": True, "volumeAttributes": attributes}
    labels = {"app.kubernetes.io/name": name}
    container = {
        "name": "hold",
        "image": image,
        "resources": {"requests": {"cpu": "1m", "memory": "8Mi"}, "limits": {"memory": "16Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "values", "mountPath": "/values", "readOnly": True}],
    }
    pod = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 65535, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "values", "csi": csi}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": request.namespace},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }
