"""Buckets of Google Cloud: by workload identity there, by an HMAC key over the S3 interface from elsewhere."""

from __future__ import annotations

from exporters.manifests.families import buckets
from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The bucket, as the component that asks sees it
    (https://docs.cloud.google.com/storage/docs/interoperability for keys)."""
    bucket = view.bucket(purpose)
    region = buckets.region(view, "gcp")
    if buckets.without_keys(view, "gcp"):
        return ObjectStore("gcs", bucket, region=region, identity=True)
    endpoint = "https://storage.googleapis.com"
    return ObjectStore("s3", bucket, endpoint, region, secret=buckets.keys(view, purpose), path_style=True)
