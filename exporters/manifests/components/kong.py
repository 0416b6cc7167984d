"""Kong: copies of controller and gateway, the Service before it, and the class of a gateway that it does not make."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.view import View

_CLASS = "kong"


def values(view: View) -> dict[str, Any]:
    """Values of the chart, which installs controller and gateway as two releases in one."""
    copies = view.replicas()
    budget = {"podDisruptionBudget": {"enabled": copies > 1, "maxUnavailable": 1}}
    return {
        "controller": {"replicaCount": min(2, copies), "serviceMonitor": {"enabled": view.monitors}, **budget},
        "gateway": {
            "replicaCount": copies,
            "serviceMonitor": {"enabled": view.monitors},
            "proxy": {
                "type": entrances.service_type(view),
                "externalTrafficPolicy": entrances.TRAFFIC_POLICY,
                "annotations": entrances.service_annotations(view),
            },
            **budget,
        },
    }


def objects(view: View) -> list[Obj]:
    """The class; its gateway is the chart's, so it is marked as not to be made."""
    unmanaged = {"konghq.com/gatewayclass-unmanaged": "true"}
    return [entrances.gateway_class(_CLASS, "konghq.com/kic-gateway-controller", annotations=unmanaged)]


def entry(view: View) -> Entry:
    """The gateway of the chart."""
    return Entry(gateway_class=_CLASS, namespace=view.namespace, pods={"app.kubernetes.io/name": "gateway"})
