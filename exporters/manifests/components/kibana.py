"""Kibana over the Elasticsearch of the same namespace, run by the same operator."""

from __future__ import annotations

from exporters.manifests import elasticsearch
from exporters.manifests.references import Obj
from exporters.manifests.view import View


def objects(view: View) -> list[Obj]:
    """One Kibana; the operator keeps its certificates and its user."""
    container = {
        "name": "kibana",
        "resources": {"requests": {"cpu": "200m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    pod = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    reference = {"name": elasticsearch.NAME, "namespace": elasticsearch.namespace(view)}
    return [
        {
            "apiVersion": "kibana.k8s.elastic.co/v1",
            "kind": "Kibana",
            "metadata": {"name": "logs", "namespace": view.namespace},
            "spec": {
                "version": elasticsearch.stack_version(view),
                "count": 2 if view.highly_available else 1,
                "elasticsearchRef": reference,
                "config": {"telemetry.optIn": False, "telemetry.allowChangingOptInStatus": False},
                "podTemplate": {"spec": pod},
            },
        }
    ]


def address(view: View, capability: str) -> str | None:
    """The Service that the operator creates."""
    return f"https://logs-kb-http.{view.namespace}.svc:5601" if capability == "dashboards" else None
