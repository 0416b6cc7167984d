"""Vault Secrets Operator: a connection, a way to sign in, and one reference for each Secret."""

from __future__ import annotations

import re
from typing import Any

from exporters.manifests.references import Obj, SecretRequest
from exporters.manifests.view import View

_AUTHORITY = "vault-authority"


def values(view: View) -> dict[str, Any]:
    """The defaults that references use."""
    found: dict[str, Any] = {
        "controller": {"replicas": min(2, view.replicas())},
        # An object of its own: the chart's has a null where a server that merges fields wants a string or nothing.
        "defaultAuthMethod": {"enabled": False},
        "telemetry": {"serviceMonitor": {"enabled": view.monitors}},
    }
    for connection in view.gather("connection", "secret-store"):
        # The certificate of the authority has to be copied here once: it is public, and the runbook says so.
        found["defaultVaultConnection"] = {
            "enabled": True,
            "address": connection["address"],
            "caCertSecret": _AUTHORITY,
            "skipTLSVerify": False,
        }
    return found


def objects(view: View) -> list[Obj]:
    """How references sign in where they name nothing else."""
    return [
        {
            "apiVersion": "secrets.hashicorp.com/v1beta1",
            "kind": "VaultAuth",
            "metadata": {"name": "default", "namespace": view.namespace},
            "spec": {
                "allowedNamespaces": ["*"],
                "method": "kubernetes",
                "mount": "kubernetes",
                "kubernetes": {"role": "workloads", "serviceAccount": "default"},
            },
        }
    ]


def secret(view: View, request: SecretRequest) -> list[Obj]:
    """All keys of the path that is called like the Secret; the operator writes and renews it."""
    includes = [f"^{re.escape(key)}$" for key in request.keys]
    destination: dict[str, Any] = {"name": request.name, "create": True, "overwrite": True, "type": request.type}
    return [
        {
            "apiVersion": "secrets.hashicorp.com/v1beta1",
            "kind": "VaultStaticSecret",
            "metadata": {"name": request.name, "namespace": request.namespace},
            "spec": {
                "type": "kv-v2",
                "mount": "secret",
                "path": f"{view.design.name}/{request.namespace}/{request.name}",
                "refreshAfter": str(view.setting("secrets.refresh", "1h")),
                "destination": {**destination, "transformation": {"excludeRaw": True, "includes": includes}},
            },
        }
    ]
