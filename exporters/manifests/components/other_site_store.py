"""The object store of another site of one's own; keys by reference to a Secret."""

from __future__ import annotations

from exporters.manifests.families import buckets

object_store = buckets.elsewhere
