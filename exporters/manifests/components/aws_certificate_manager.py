"""Certificates of ACM, which Amazon's load balancers find by the host names of their listeners."""

from __future__ import annotations

from exporters.manifests.references import Issuer
from exporters.manifests.view import View


def issuer(view: View) -> Issuer | None:
    """Nothing to name, neither Secret nor annotation; only where the entry itself is such a load balancer."""
    edge = any("ingress" in view.roles_of(component.id) for component in view.providers("tls-at-edge"))
    return Issuer(None, "acm") if edge else None
