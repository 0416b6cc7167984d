"""Workload Identity of GKE: a Kubernetes service account acts as one of Google's."""

from __future__ import annotations

from exporters.manifests.references import Identity
from exporters.manifests.shortened import short
from exporters.manifests.view import View


def identity(view: View, account: str, namespace: str) -> Identity:
    """The Google service account is called after cluster and account; the project is for the owner to fill in."""
    name = short(f"{view.cluster.name}-{account}", 30)
    return Identity(annotations={"iam.gke.io/gcp-service-account": f"{name}@PROJECT_ID.iam.gserviceaccount.com"})
