"""The Cluster Autoscaler: which cloud, how it signs in, which node groups it finds."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.view import View

_NAME = "cluster-autoscaler"


def values(view: View) -> dict[str, Any]:
    """Values of the chart; node groups are found by the tags or labels that the chart looks for."""
    identity = view.identity(_NAME)
    found: dict[str, Any] = {
        "autoDiscovery": {"clusterName": view.cluster.name},
        "replicaCount": max(1, min(2, view.replicas())),
        "rbac": {"serviceAccount": {"annotations": dict(identity.annotations)}},
        "podLabels": dict(identity.pod_labels),
        "serviceMonitor": {"enabled": view.monitors, "namespace": view.namespace},
    }
    if view.cloud == "aws":
        return {**found, "cloudProvider": "aws", "awsRegion": view.region}
    if view.cloud == "azure":
        account = {
            "azureSubscriptionID": "SUBSCRIPTION_ID",
            "azureTenantID": "TENANT_ID",
            "azureClientID": "CLIENT_ID",
            "azureResourceGroup": "NODE_RESOURCE_GROUP",
            "azureUseWorkloadIdentityExtension": view.capability("workload-identity"),
        }
        return {**found, "cloudProvider": "azure", **account}
    if view.cloud == "gcp":
        groups = [
            {"name": f"{view.cluster.name}-{pool.name}", "minSize": pool.nodes or 1, "maxSize": pool.at_most or 10}
            for pool in view.cluster.pools
        ]
        return {**found, "cloudProvider": "gce", "autoscalingGroupsnamePrefix": groups}
    return {**found, "cloudProvider": "clusterapi", "clusterAPIMode": "incluster-incluster"}


def objects(view: View) -> list[Obj]:
    """What the platform's identity needs."""
    return list(view.identity(_NAME).objects)
