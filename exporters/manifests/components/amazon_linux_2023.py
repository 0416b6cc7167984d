"""Amazon Linux 2023 as node provisioners name it."""

from __future__ import annotations

from exporters.manifests.view import View


def node_image(view: View) -> str:
    """Alias of the image (https://karpenter.sh/docs/concepts/nodeclasses/)."""
    return "al2023@latest"
