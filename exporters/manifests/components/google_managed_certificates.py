"""Certificates of Google's Certificate Manager, named by a map that the Gateway refers to."""

from __future__ import annotations

from exporters.manifests.references import Issuer
from exporters.manifests.shortened import label
from exporters.manifests.view import View


def issuer(view: View) -> Issuer:
    """A certificate map instead of Secrets
    (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway); an Ingress has objects for that."""
    entry_map = label(f"{view.design.name}-{view.cluster.name}")
    entry = view.entry()
    if entry is not None and entry.ingress_class:
        return Issuer(None, entry_map)
    return Issuer(None, entry_map, gateway_annotations={"networking.gke.io/certmap": entry_map})
