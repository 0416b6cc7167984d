"""Blob containers of an Azure storage account: by workload identity there, by the account's key from elsewhere."""

from __future__ import annotations

from exporters.manifests.families import buckets
from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View

_ACCOUNT = "STORAGE_ACCOUNT"


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The container, as the component that asks sees it."""
    bucket = view.bucket(purpose)
    if buckets.without_keys(view, "azure"):
        return ObjectStore("azure", bucket, account=_ACCOUNT, identity=True)
    return ObjectStore("azure", bucket, account=_ACCOUNT, secret=view.secret(f"{purpose}-bucket", ["account-key"]))
