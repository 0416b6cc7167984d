"""Answers what a CNI answers that can name what standard policies cannot."""

from typing import Any

from exporters.manifests.references import Crossing
from exporters.manifests.view import View


def crossing(view: View, crossing: Crossing) -> list[dict[str, Any]]:
    if crossing.place not in ("kubernetes-api", "host"):
        return []
    to = {"toFQDNs": [{"matchName": crossing.host}]} if crossing.host else {"toEntities": ["kube-apiserver"]}
    rule = {**to, "toPorts": [{"ports": [{"port": str(port), "protocol": protocol} for port, protocol in crossing.ports]}]}
    if crossing.direction == "ingress":
        rule = {"fromEntities": ["kube-apiserver"], "toPorts": rule["toPorts"]}
    return [
        {
            "apiVersion": "cilium.io/v2",
            "kind": "CiliumNetworkPolicy",
            "metadata": {"name": crossing.name, "namespace": crossing.namespace},
            "spec": {"endpointSelector": {"matchLabels": dict(crossing.pods)}, crossing.direction: [rule]},
        }
    ]
