"""The Ingress controller of AKS application routing, which Azure runs."""

from __future__ import annotations

from collections.abc import Callable

from catalog.workloads import Workload
from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.sharing import Second
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


def second(view: View) -> Callable[[Obj, Workload, Second], list[Obj]]:
    """A second Ingress with canary annotations."""
    return entrances.nginx_second
