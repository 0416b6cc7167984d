"""The builder of images in the cluster: where jobs reach it, and the certificates by which both sides know each other."""

from __future__ import annotations

from exporters.manifests.references import Secret
from exporters.manifests.view import View

PORT = 1234
NAME = "buildkitd"
CERTIFICATES = "/etc/image-builder"
"""Where a job finds what it shows to the builder and what it knows the builder by."""
FILES = ("ca.pem", "cert.pem", "key.pem")


def client(view: View) -> Secret | None:
    """The certificates of jobs in the namespace of the asking runner; None without a builder in the cluster."""
    if not view.capability("image-builder"):
        return None
    return view.secret("image-builder-client", FILES, namespace=view.namespace)
