"""The Gateway of AKS application routing, which Azure runs and keeps current."""

from __future__ import annotations

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry
from exporters.manifests.routes import GATEWAY
from exporters.manifests.view import View


def entry(view: View) -> Entry:
    """Its proxies stand where the Gateway is (https://learn.microsoft.com/en-us/azure/aks/app-routing-gateway-api)."""
    return Entry(
        gateway_class="approuting-istio",
        namespace=view.namespace,
        pods={"gateway.networking.k8s.io/gateway-name": GATEWAY},
        annotations=entrances.service_annotations(view),
        timeouts=True,
    )
