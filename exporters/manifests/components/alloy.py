"""Alloy on each node: container logs, labelled by pod, to the chosen store."""

from __future__ import annotations

from typing import Any

from exporters.manifests import sinks
from exporters.manifests.view import View

_READ = """logging {
  level  = "info"
  format = "logfmt"
}

discovery.kubernetes "pods" {
  role = "pod"
  selectors {
    role  = "pod"
    field = "spec.nodeName=" + coalesce(sys.env("HOSTNAME"), constants.hostname)
  }
}

discovery.relabel "pods" {
  targets = discovery.kubernetes.pods.targets

  rule {
    source_labels = ["__meta_kubernetes_namespace"]
    target_label  = "namespace"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_name"]
    target_label  = "pod"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_container_name"]
    target_label  = "container"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_name"]
    target_label  = "app"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"]
    separator     = "/"
    replacement   = "/var/log/pods/*$1/*.log"
    target_label  = "__path__"
  }
}

local.file_match "pods" {
  path_targets = discovery.relabel.pods.output
}

loki.source.file "pods" {
  targets    = local.file_match.pods.targets
  forward_to = [loki.process.pods.receiver]
}

loki.process "pods" {
  stage.cri { }
  stage.label_drop {
    values = ["filename", "stream"]
  }
  forward_to = [FORWARD]
}
"""

_LOKI = """
loki.write "store" {
  endpoint {
    url = "URL/loki/api/v1/push"
  }
  external_labels = {
    cluster = "CLUSTER",
  }
}
"""

_OTLP = """
otelcol.receiver.loki "pods" {
  output {
    logs = [otelcol.exporter.otlp.collector.input]
  }
}

otelcol.exporter.otlp "collector" {
  client {
    endpoint = "ENDPOINT"
    tls {
      insecure = true
    }
  }
}
"""


_AUDIT = """logging {
  level  = "info"
  format = "logfmt"
}

local.file_match "audit" {
  path_targets = [{"__path__" = "PATH", "job" = "kubernetes-audit"}]
}

loki.source.file "audit" {
  targets    = local.file_match.audit.targets
  forward_to = [loki.process.audit.receiver]
}

loki.process "audit" {
  stage.label_drop {
    values = ["filename"]
  }
  forward_to = [FORWARD]
}
"""


def _sent(view: View, read: str, name: str) -> str:
    """What was read, to a store that speaks Loki's protocol, else over OTLP to the collector."""
    sink = sinks.of(view)
    if sink is not None and sink["kind"] == "loki":
        write = _LOKI.replace("URL", sink["url"]).replace("CLUSTER", view.cluster.name)
        return read.replace("FORWARD", "loki.write.store.receiver") + write
    collector = view.address("telemetry-collector")
    if collector is not None:
        sent = _OTLP.replace("ENDPOINT", collector).replace('"pods"', f'"{name}"')
        return read.replace("FORWARD", f"otelcol.receiver.loki.{name}.receiver") + sent
    return read.replace("forward_to = [FORWARD]", "forward_to = []")


def values(view: View) -> dict[str, Any]:
    """The configuration, and where it remembers how far it has read."""
    remember = {"name": "positions", "hostPath": {"path": "/var/lib/alloy", "type": "DirectoryOrCreate"}}
    path = sinks.audit_log(view) if view.release.endswith("-audit") else None
    content = _sent(view, _AUDIT.replace("PATH", path), "audit") if path else _sent(view, _READ, "pods")
    alloy: dict[str, Any] = {"configMap": {"content": content}}
    found: dict[str, Any] = {
        "alloy": alloy,
        "controller": {"priorityClassName": "platform"},
        "serviceMonitor": {"enabled": view.monitors},
    }
    if view.capability("host-access"):
        # Without it a restart reads every file again from its start, or misses what came meanwhile.
        alloy |= {
            "storagePath": "/var/lib/alloy/data",
            "mounts": {"extra": [{"name": "positions", "mountPath": "/var/lib/alloy"}]},
        }
        found["controller"]["volumes"] = {"extra": [remember]}
    if path:
        remember["hostPath"] = {"path": "/var/lib/alloy-audit", "type": "DirectoryOrCreate"}
        found["controller"] |= {"affinity": sinks.on_servers(), "volumes": {"extra": [remember, sinks.audit_volume(path)]}}
        places = [{"name": "positions", "mountPath": "/var/lib/alloy"}, sinks.audit_mount(path)]
        alloy |= {"storagePath": "/var/lib/alloy/data", "mounts": {"extra": places}}
    return found
