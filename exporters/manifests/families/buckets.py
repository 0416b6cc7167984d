"""Buckets of clouds: the same bucket is reached by identity from its own cloud and by keys from another."""

from __future__ import annotations

from exporters.manifests.references import ObjectStore, Secret
from exporters.manifests.view import View


def without_keys(view: View, cloud: str) -> bool:
    """True where the asking pods can sign in to this cloud by their service account."""
    return view.cloud == cloud and view.capability("workload-identity")


def keys(view: View, purpose: str) -> Secret:
    """The Secret with a pair of keys that opens this bucket only."""
    return view.secret(f"{purpose}-bucket", ["access-key", "secret-key"])


def region(view: View, cloud: str) -> str:
    """Where the bucket lies: beside the cluster, or where the design's first cluster in that cloud is."""
    if view.cloud == cloud:
        return view.region
    home = [cluster.region for cluster in view.design.clusters if cluster.cloud == cloud and cluster.region]
    return home[0] if home else "REGION"


def elsewhere(view: View, purpose: str) -> ObjectStore | None:
    """The bucket for backups, or for copies of databases, over the S3 API at another place, as the component that asks sees
    it."""
    if purpose not in ("backup", "databases"):
        return None
    return ObjectStore(
        protocol="s3",
        bucket=view.bucket(purpose),
        endpoint=str(view.setting("backup.endpoint", "https://s3.example.com")),
        region=str(view.setting("backup.region", "backup-region")),
        secret=keys(view, purpose),
        path_style=True,
    )
