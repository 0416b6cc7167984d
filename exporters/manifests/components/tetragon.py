"""Tetragon: monitors, and first policies about what pods should not touch."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.view import View

_FILES = ("/etc/shadow", "/etc/sudoers", "/root/.ssh", "/var/lib/kubelet/pki", "/etc/kubernetes")


def values(view: View) -> dict[str, Any]:
    """Scraped where monitors are acted on; events go to the log of its pods and with it to the log store."""
    monitor = {"serviceMonitor": {"enabled": view.monitors}}
    return {
        "tetragon": {"prometheus": monitor, "clusterName": view.cluster.name},
        "tetragonOperator": {"prometheus": monitor},
        "priorityClassName": "system-node-critical",
    }


def objects(view: View) -> list[Obj]:
    """Reads and writes of the node's secrets, and changes of privileges, are told."""
    files = {
        "call": "security_file_permission",
        "syscall": False,
        "args": [{"index": 0, "type": "file"}, {"index": 1, "type": "int"}],
        "selectors": [
            {
                "matchNamespaces": [{"namespace": "Pid", "operator": "NotIn", "values": ["host_ns"]}],
                "matchArgs": [{"index": 0, "operator": "Prefix", "values": list(_FILES)}],
            }
        ],
    }
    modules = {"call": "security_kernel_module_request", "syscall": False, "args": [{"index": 0, "type": "string"}]}
    return [
        {
            "apiVersion": "cilium.io/v1alpha1",
            "kind": "TracingPolicy",
            "metadata": {"name": name},
            "spec": {"kprobes": [probe]},
        }
        for name, probe in (("secrets-of-nodes", files), ("kernel-modules", modules))
    ]
