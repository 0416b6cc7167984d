"""What the load balancer of Google Cloud keeps in its caches, where the entry takes that from objects of the cluster."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def cdn_cache(view: View) -> dict[str, Any]:
    """The cache policy of a route
    (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/configure-cdn-for-gateway)."""
    mode = "USE_ORIGIN_HEADERS" if str(view.context("static-share")) == "some" else "CACHE_ALL_STATIC"
    ttl = {} if mode == "USE_ORIGIN_HEADERS" else {"defaultTTL": str(view.setting("cdn.ttl", "1h"))}
    return {"cacheMode": mode, **ttl}
