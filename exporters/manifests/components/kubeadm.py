"""kubeadm as parts of the platform see it: where its API server is found."""

from __future__ import annotations

from exporters.manifests.view import View


def api_server(view: View) -> tuple[str, int]:
    """The control plane endpoint, which kubeadm publishes in the ConfigMap kube-public/cluster-info."""
    return "auto", 6443


def audit_log(view: View) -> str:
    """https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"""
    return "/var/log/kubernetes/audit/audit.log"
