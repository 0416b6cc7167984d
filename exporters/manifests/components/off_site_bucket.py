"""A bucket over the S3 API somewhere else; keys by reference to a Secret."""

from __future__ import annotations

from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The bucket for backups, as the component that asks sees it."""
    if purpose != "backup":
        return None
    return ObjectStore(
        protocol="s3",
        bucket=view.bucket(purpose),
        endpoint=str(view.setting("backup.endpoint", "https://s3.example.com")),
        region=str(view.setting("backup.region", "backup-region")),
        secret=view.secret(f"{purpose}-bucket", ["access-key", "secret-key"]),
        path_style=True,
    )
