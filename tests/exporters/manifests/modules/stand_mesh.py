"""Answers what a mesh answers."""

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.view import View


def sidecars(view: View) -> dict[str, Any]:
    return {
        "namespace_labels": {"stand-mesh/injection": "enabled"},
        "pod_annotations": {"stand-mesh/proxy": "yes"},
        "job_annotations": {"stand-mesh/proxy": "native"},
    }


def authorize(view: View) -> Callable[[dict[str, Any], list[dict[str, Any]]], list[dict[str, Any]]]:
    def policies(target: dict[str, Any], callers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        sources = [
            {"source": {"principals": [f"cluster.local/ns/{entry['namespace']}/sa/{entry['service_account']}"]}}
            for entry in callers
        ]
        return [
            {
                "apiVersion": "security.istio.io/v1",
                "kind": "AuthorizationPolicy",
                "metadata": {"name": target["name"], "namespace": target["namespace"]},
                "spec": {
                    "selector": {"matchLabels": target["labels"]},
                    "action": "ALLOW",
                    **({"rules": [{"from": sources}]} if sources else {}),
                },
            }
        ]

    return policies


def dataplane(view: View) -> dict[str, Any]:
    return {"name": "mesh", "ingress": [{"ports": [{"protocol": "TCP", "port": 15008}]}], "residue": ["The mesh tunnels."]}


def request_metrics(view: View) -> Callable[[Workload, str, tuple[str, ...]], tuple[str, str]]:
    return lambda workload, namespace, names: (
        f'sum(rate(mesh_failed{{to="{workload.name}"}}[WINDOW]))',
        f'sum(rate(mesh_all{{to="{workload.name}"}}[WINDOW]))',
    )


def splits(view: View) -> str:
    return "routes" if view.capability("gateway-api-crds") else ""
