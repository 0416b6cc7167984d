"""k3s as parts of the platform see it: where its API server is found and where network plugins belong."""

from __future__ import annotations

from exporters.manifests.view import View


def api_server(view: View) -> tuple[str, int]:
    """The balancer that each node keeps before the servers (https://docs.k3s.io/architecture)."""
    return "localhost", 6444


def cni_paths(view: View) -> tuple[str, str]:
    """Folders of network plugins and of their configuration (https://docs.k3s.io/networking/basic-network-options)."""
    return "/var/lib/rancher/k3s/data/cni", "/var/lib/rancher/k3s/agent/etc/cni/net.d"


def upgrade_image(view: View) -> str:
    """What upgrades a node (https://docs.k3s.io/upgrades/automated)."""
    return "rancher/k3s-upgrade"


def audit_log(view: View) -> str:
    """https://docs.k3s.io/security/hardening-guide"""
    return "/var/lib/rancher/k3s/server/logs/audit.log"
