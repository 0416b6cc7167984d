"""The firewall policy that backends of Google's load balancer name."""

from __future__ import annotations

from exporters.manifests.shortened import label
from exporters.manifests.view import View


def security_policy(view: View) -> str:
    """Name of the policy, which is made outside of the cluster."""
    return label(f"{view.design.name}-{view.cluster.name}")
