"""Application Gateway for Containers: its load balancer, which Azure makes in the delegated subnet."""

from __future__ import annotations

from exporters.manifests.references import Entry, Obj
from exporters.manifests.view import View

_NAME = "public"


def entry(view: View) -> Entry:
    """https://learn.microsoft.com/en-us/azure/application-gateway/for-containers/how-to-ssl-offloading-gateway-api"""
    annotations = {
        "alb.networking.azure.io/alb-namespace": view.namespace,
        "alb.networking.azure.io/alb-name": _NAME,
    }
    return Entry(gateway_class="azure-alb-external", namespace=view.namespace, annotations=annotations, timeouts=True)


def objects(view: View) -> list[Obj]:
    """The load balancer; its subnet is made with the network."""
    subnet = (
        "/subscriptions/SUBSCRIPTION_ID/resourceGroups/RESOURCE_GROUP/providers/Microsoft.Network"
        "/virtualNetworks/NETWORK/subnets/ALB_SUBNET"
    )
    return [
        {
            "apiVersion": "alb.networking.azure.io/v1",
            "kind": "ApplicationLoadBalancer",
            "metadata": {"name": _NAME, "namespace": view.namespace},
            "spec": {"associations": [subnet]},
        }
    ]
