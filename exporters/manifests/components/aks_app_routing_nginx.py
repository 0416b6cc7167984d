"""The Ingress controller of AKS application routing, which Azure runs."""

from __future__ import annotations

from exporters.manifests.references import Entry
from exporters.manifests.view import View


def entry(view: View) -> Entry:
    """https://learn.microsoft.com/en-us/azure/aks/app-routing"""
    return Entry(
        ingress_class="webapprouting.kubernetes.azure.com",
        namespace="app-routing-system",
        pods={"app": "nginx"},
        grpc={"nginx.ingress.kubernetes.io/backend-protocol": "GRPC"},
        splits="nginx",
    )
