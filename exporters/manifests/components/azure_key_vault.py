"""Azure Key Vault as the store that references lead to."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def _url(view: View) -> str:
    return str(view.setting("secret-store.url", "https://VAULT_NAME.vault.azure.net"))


def external_store(view: View) -> Any:
    """The operator signs in by its managed identity, or elsewhere as an application with a Secret made by hand."""

    def provider(account: str, namespace: str) -> dict[str, Any]:
        found: dict[str, Any] = {"vaultUrl": _url(view), "tenantId": "TENANT_ID"}
        if view.cloud == "azure" and view.capability("workload-identity"):
            found |= {"authType": "WorkloadIdentity", "serviceAccountRef": {"name": account, "namespace": namespace}}
        else:
            name = {"name": "secret-store-credentials", "namespace": namespace}
            found |= {
                "authType": "ServicePrincipal",
                "authSecretRef": {
                    "clientId": {**name, "key": "client-id"},
                    "clientSecret": {**name, "key": "client-secret"},
                },
            }
        return {"azurekv": found}

    return provider


def remote(view: View) -> Any:
    """Names there hold letters, digits and hyphens only."""
    return lambda entry: {"key": entry.replace("/", "-").replace(".", "-").replace("_", "-")}


def csi(view: View) -> Any:
    """Provider and parameters of the CSI driver."""

    def parameters(keys: dict[str, str]) -> tuple[str, dict[str, str]]:
        lines = "".join(
            f"  - |\n    objectName: {remote(view)(entry)['key']}\n    objectType: secret\n    objectAlias: {key}\n"
            for key, entry in keys.items()
        )
        name = _url(view).split("://", 1)[-1].split(".", 1)[0]
        return "azure", {"keyvaultName": name, "tenantId": "TENANT_ID", "clientID": "CLIENT_ID", "objects": f"array:\n{lines}"}

    return parameters
