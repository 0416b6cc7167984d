"""RKE2 as parts of the platform see it: where its API server is found and which nodes are its servers."""

from __future__ import annotations

from exporters.manifests.view import View


def api_server(view: View) -> tuple[str, int]:
    """Servers listen there themselves, agents keep a balancer there
    (https://docs.rke2.io/networking/basic_network_options)."""
    return "localhost", 6443


def upgrade_image(view: View) -> str:
    """What upgrades a node (https://docs.rke2.io/upgrades/automated_upgrade)."""
    return "rancher/rke2-upgrade"


def audit_log(view: View) -> str:
    """https://docs.rke2.io/security/cis_self_assessment110"""
    return "/var/lib/rancher/rke2/server/logs/audit.log"
