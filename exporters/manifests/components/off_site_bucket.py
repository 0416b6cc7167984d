"""A bucket over the S3 API somewhere else; keys by reference to a Secret."""

from __future__ import annotations

from exporters.manifests.families import buckets

object_store = buckets.elsewhere
