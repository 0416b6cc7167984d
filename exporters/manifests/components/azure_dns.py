"""Writing into Azure DNS: by workload identity in Azure, elsewhere by a service principal for one zone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from exporters.manifests.view import View

_GROUP = "DNS_RESOURCE_GROUP"
_MOUNT = "/etc/kubernetes"


def dns_writer(view: View) -> Callable[[View], dict[str, Any]]:
    """How a component writes records (https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/azure/)."""

    def answer(asker: View) -> dict[str, Any]:
        solver: dict[str, Any] = {
            "subscriptionID": "SUBSCRIPTION_ID",
            "resourceGroupName": _GROUP,
            "hostedZoneName": asker.domain,
            "environment": "AzurePublicCloud",
        }
        if asker.cloud == "azure" and asker.capability("workload-identity"):
            account = {
                "tenantId": "TENANT_ID",
                "subscriptionId": "SUBSCRIPTION_ID",
                "resourceGroup": _GROUP,
                "useWorkloadIdentityExtension": True,
            }
            config = {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "azure-dns", "namespace": asker.namespace},
                "data": {"azure.json": json.dumps(account, indent=2)},
            }
            return {
                "provider": "azure",
                "volumes": [{"name": "azure-dns", "configMap": {"name": "azure-dns"}}],
                "mounts": [{"name": "azure-dns", "mountPath": _MOUNT, "readOnly": True}],
                "solver": {"azureDNS": {**solver, "managedIdentity": {"clientID": "CLIENT_ID"}}},
                "objects": [config],
            }
        secret = asker.secret("azure-dns", ["azure.json", "client-secret"])
        return {
            "provider": "azure",
            "volumes": [{"name": "azure-dns", "secret": {"secretName": secret.name}}],
            "mounts": [{"name": "azure-dns", "mountPath": _MOUNT, "readOnly": True}],
            "solver": {
                "azureDNS": {
                    **solver,
                    "clientID": "CLIENT_ID",
                    "tenantID": "TENANT_ID",
                    "clientSecretSecretRef": {"name": secret.name, "key": "client-secret"},
                }
            },
            "objects": list(secret.objects),
        }

    return answer
