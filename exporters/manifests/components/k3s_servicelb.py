"""k3s' own balancer: packaged with the distribution, so that its configuration must not switch it off."""

from __future__ import annotations

from exporters.manifests.view import View


def packaged(view: View) -> tuple[str, ...]:
    """What the distribution has to keep."""
    return ("balancer",)
