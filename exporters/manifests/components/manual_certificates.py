"""Certificates that people request and renew, brought in by the secrets tool."""

from __future__ import annotations

from exporters.manifests.families import certificates
from exporters.manifests.references import Issuer, Obj
from exporters.manifests.view import View


def issuer(view: View) -> Issuer | None:
    """Nothing in the cluster signs; routes find Secrets."""
    return certificates.issuer(view)


def objects(view: View) -> list[Obj]:
    """What makes the Secrets appear."""
    return certificates.objects(view)
