"""A bucket of the same provider in another region, signed in to by workload identity where there is one."""

from __future__ import annotations

from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The bucket for backups, as the component that asks sees it."""
    if purpose != "backup" or view.cloud not in ("gcp", "aws", "azure"):
        return None
    identity = view.capability("workload-identity")
    region = str(view.setting("backup.region", "backup-region"))
    bucket = view.bucket(purpose)
    keys = ["account-key"] if view.cloud == "azure" else ["cloud"] if view.cloud == "gcp" else ["access-key", "secret-key"]
    secret = None if identity else view.secret(f"{purpose}-bucket", keys)
    if view.cloud == "gcp":
        return ObjectStore("gcs", bucket, region=region, identity=identity, secret=secret)
    if view.cloud == "aws":
        return ObjectStore("s3", bucket, region=region, identity=identity, secret=secret)
    return ObjectStore("azure", bucket, region=region, account="STORAGE_ACCOUNT", identity=identity, secret=secret)
