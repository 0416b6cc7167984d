"""Writing into Cloudflare's DNS: by a token that may edit one zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests.view import View

_IN_FRONT = {"cdn", "waf", "ddos-protection"}


def dns_writer(view: View) -> Callable[[View], dict[str, Any]]:
    """How a component writes records
    (https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/cloudflare/)."""

    def answer(asker: View) -> dict[str, Any]:
        secret = asker.secret("cloudflare-dns", ["api-token"])
        token = {"name": secret.name, "key": "api-token"}
        return {
            "provider": "cloudflare",
            "env": [{"name": "CF_API_TOKEN", "valueFrom": {"secretKeyRef": token}}],
            # As the CDN or the filter, too, it stands in front of every name that is written.
            "args": ["--cloudflare-proxied"] if _IN_FRONT & set(view.roles) else [],
            "solver": {"cloudflare": {"apiTokenSecretRef": token}},
            "objects": list(secret.objects),
        }

    return answer
