"""Buckets of another provider over the S3 interface; keys by reference to a Secret."""

from __future__ import annotations

from exporters.manifests.families import buckets
from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View

_REGION = "us-east-1"
"""What clients sign for where a store has no regions of its own."""


def object_store(view: View, purpose: str) -> ObjectStore | None:
    """The bucket, as the component that asks sees it."""
    endpoint = str(view.setting("object-storage.endpoint", "https://s3.example.com"))
    return ObjectStore("s3", view.bucket(purpose), endpoint, _REGION, secret=buckets.keys(view, purpose), path_style=True)
