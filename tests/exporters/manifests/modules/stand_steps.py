"""Answers what progressive delivery answers."""

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.view import View


def canary(view: View) -> Callable[[Workload, str], list[dict[str, Any]]]:
    def made(workload: Workload, namespace: str) -> list[dict[str, Any]]:
        return [
            {
                "apiVersion": "flagger.app/v1beta1",
                "kind": "Canary",
                "metadata": {"name": workload.name, "namespace": namespace},
                "spec": {
                    "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
                    "service": {"port": workload.port},
                    "analysis": {"interval": "1m", "threshold": 5, "maxWeight": 50, "stepWeight": 10},
                },
            }
        ]

    return made
