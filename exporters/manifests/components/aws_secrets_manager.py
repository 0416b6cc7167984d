"""AWS Secrets Manager as the store that references lead to."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def external_store(view: View) -> Any:
    """The operator signs in by its own role, or elsewhere with keys from a Secret made by hand."""

    def provider(account: str, namespace: str) -> dict[str, Any]:
        found: dict[str, Any] = {"service": "SecretsManager", "region": view.region}
        if not (view.cloud == "aws" and view.capability("workload-identity")):
            name = {"name": "secret-store-credentials", "namespace": namespace}
            found["auth"] = {
                "secretRef": {
                    "accessKeyIDSecretRef": {**name, "key": "access-key"},
                    "secretAccessKeySecretRef": {**name, "key": "secret-key"},
                }
            }
        return {"aws": found}

    return provider


def remote(view: View) -> Any:
    """Names there take slashes and dots."""
    return lambda entry: {"key": entry}


def csi(view: View) -> Any:
    """Provider and parameters of the CSI driver."""

    def parameters(keys: dict[str, str]) -> tuple[str, dict[str, str]]:
        lines = "".join(
            f'- objectName: "{entry}"\n  objectType: "secretsmanager"\n  objectAlias: "{key}"\n' for key, entry in keys.items()
        )
        return "aws", {"region": view.region, "objects": lines}

    return parameters
