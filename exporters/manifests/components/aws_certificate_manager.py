"""Certificates of ACM, which Amazon's load balancers find by the host names of their listeners."""

from __future__ import annotations

from exporters.manifests.references import Issuer
from exporters.manifests.view import View


def issuer(view: View) -> Issuer | None:
    """No Secret and no annotation: found by name. Nothing for an entry whose TLS ends elsewhere than at the edge."""
    return Issuer(None, "acm") if view.capability("tls-at-edge") else None
