"""Buckets of AWS: by workload identity there, by the keys of a user who has one bucket only from elsewhere."""

from __future__ import annotations

from exporters.manifests.families import buckets
from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The bucket, as the component that asks sees it."""
    bucket = view.bucket(purpose)
    region = buckets.region(view, "aws")
    if buckets.without_keys(view, "aws"):
        return ObjectStore("s3", bucket, region=region, identity=True)
    return ObjectStore("s3", bucket, region=region, secret=buckets.keys(view, purpose))
