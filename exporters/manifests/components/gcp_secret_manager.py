"""Google Secret Manager as the store that references lead to."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def external_store(view: View) -> Any:
    """The operator signs in by its own workload identity, or elsewhere with a key from a Secret made by hand."""

    def provider(account: str, namespace: str) -> dict[str, Any]:
        found: dict[str, Any] = {"projectID": "PROJECT_ID"}
        if not (view.cloud == "gcp" and view.capability("workload-identity")):
            key = {"name": "secret-store-credentials", "key": "key.json", "namespace": namespace}
            found["auth"] = {"secretRef": {"secretAccessKeySecretRef": key}}
        return {"gcpsm": found}

    return provider


def remote(view: View) -> Any:
    """Names there hold letters, digits, hyphens and underscores only."""
    return lambda entry: {"key": entry.replace("/", "-").replace(".", "_")}


def csi(view: View) -> Any:
    """Provider and parameters of the CSI driver."""

    def parameters(keys: dict[str, str]) -> tuple[str, dict[str, str]]:
        lines = "".join(
            f'- resourceName: "projects/PROJECT_ID/secrets/{remote(view)(entry)["key"]}/versions/latest"\n  path: "{key}"\n'
            for key, entry in keys.items()
        )
        return "gcp", {"secrets": lines}

    return parameters
