"""Talos as parts of the platform see it: where its API server is found."""

from __future__ import annotations

from exporters.manifests.view import View


def api_server(view: View) -> tuple[str, int]:
    """KubePrism, the balancer on each node (https://www.talos.dev/latest/kubernetes-guides/network/deploying-cilium/)."""
    return "localhost", 7445


def host_options(view: View) -> dict[str, object]:
    """What a CNI that runs on Talos must be told: cgroups are mounted, and modules cannot be loaded by pods."""
    return {"cgroup": {"autoMount": {"enabled": False}, "hostRoot": "/sys/fs/cgroup"}}


def audit_log(view: View) -> str:
    """https://github.com/siderolabs/talos/blob/main/pkg/machinery/constants/constants.go"""
    return "/var/log/audit/kube/kube-apiserver.log"
