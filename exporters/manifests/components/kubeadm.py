"""kubeadm as parts of the platform see it: where its API server is found."""

from __future__ import annotations

from exporters.manifests.view import View


def api_server(view: View) -> tuple[str, int]:
    """The control plane endpoint of its configuration. Charts can look it up as well, but only where helm asks the cluster."""
    return view.api_host, 6443


def audit_log(view: View) -> str:
    """https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"""
    return "/var/log/kubernetes/audit/audit.log"
