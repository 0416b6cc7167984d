"""The AWS Load Balancer Controller, which two components of the catalog install."""

from __future__ import annotations

from typing import Any

from catalog.workloads import Workload
from exporters.manifests.references import Obj
from exporters.manifests.view import View

ACCOUNT = "aws-load-balancer-controller"


def values(view: View) -> dict[str, Any]:
    """Values of its chart; pods are targets themselves, because they have addresses of the VPC."""
    identity = view.identity(ACCOUNT)
    air_gap = view.yes("air-gap")
    return {
        "clusterName": view.cluster.name,
        "region": view.region,
        "vpcId": "VPC_ID",
        "replicaCount": max(1, min(2, view.replicas())),
        "defaultTargetType": "ip",
        "serviceAccount": {"annotations": dict(identity.annotations)},
        "podLabels": dict(identity.pod_labels),
        "serviceMonitor": {"enabled": view.monitors},
        # Without the internet its calls to Shield and WAF would wait for nothing.
        "enableShield": not air_gap,
        "enableWaf": False,
        "enableWafv2": not air_gap,
        "controllerConfig": {
            "featureGates": {
                "ALBGatewayAPI": view.capability("gateway-api-crds"),
                "NLBGatewayAPI": view.capability("gateway-api-crds"),
            }
        },
    }


def objects(view: View) -> list[Obj]:
    """What the platform's identity needs."""
    return list(view.identity(ACCOUNT).objects)


def readiness(workload: Workload) -> tuple[str | None, str]:
    """The path by which an Application Load Balancer asks a pod, and the answers that are good ones. A pod that names no
    path has to answer at all; gRPC is left to the load balancer's own check (no path)."""
    if workload.protocol == "grpc":
        return None, ""
    if workload.health is not None:
        return workload.health.ready, "200-299"
    return "/", "200-499"
