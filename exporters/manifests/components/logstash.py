"""Logstash between collectors and Elasticsearch: takes JSON by HTTP, masks what must not be kept, buffers on a volume."""

from __future__ import annotations

from typing import Any

from exporters.manifests import elasticsearch, sinks
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_PORT = 8080
_BEATS = 5044

_PIPELINE = """input {
  http { port => 8080 codec => json ecs_compatibility => disabled }
INPUT}
filter {
  # Card numbers and tokens do not belong into logs, whoever wrote them there.
  mutate {
    gsub => [
      "message", "[0-9]{13,19}", "[number]",
      "message", "(?i)(authorization|token|password)(=|: ?)[^ ,;]+", "\\1\\2[masked]"
    ]
    remove_field => ["headers", "host", "http", "url", "user_agent"]
  }
}
output {
OUTPUT}
"""
_OUTPUT = """  elasticsearch {
    hosts => ["${LOGS_ES_HOSTS}"]
    user => "${LOGS_ES_USER}"
    password => "${LOGS_ES_PASSWORD}"
    ssl_certificate_authorities => "${LOGS_ES_SSL_CERTIFICATE_AUTHORITY}"
    data_stream => true
    data_stream_type => "logs"
    data_stream_dataset => "kubernetes"
    data_stream_namespace => "STREAM"
  }
"""


def _pipeline(view: View) -> str:
    """Records of own API servers go to a stream of their own, with rights of its own."""
    output = _OUTPUT.replace("STREAM", "default")
    if sinks.audit_log(view):
        audit = _OUTPUT.replace("STREAM", "audit")
        output = f'  if [log_type] == "audit" {{\n{audit}  }} else {{\n{output}  }}\n'
    beats = f"  beats {{ port => {_BEATS} ecs_compatibility => disabled }}\n" if view.capability("beats-output") else ""
    return _PIPELINE.replace("OUTPUT", output).replace("INPUT", beats)


def objects(view: View) -> list[Obj]:
    """The object of the operator; it hands address, user and authority of the cluster over as variables."""
    name = view.storage_class("block")
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "10Gi"}},
        **({"storageClassName": name} if name else {}),
    }
    copies = view.replicas()
    container = {
        "name": "logstash",
        "resources": {"requests": {"cpu": "500m", "memory": "1536Mi"}, "limits": {"memory": "2Gi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    pod: Obj = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    if copies > 1:
        pod["topologySpreadConstraints"] = view.spread({"logstash.k8s.elastic.co/name": "logs"})
    reference = {"name": elasticsearch.NAME, "namespace": elasticsearch.namespace(view), "clusterName": "logs"}
    ports = [{"name": "http", "port": _PORT, "targetPort": _PORT, "protocol": "TCP"}]
    if view.capability("beats-output"):
        ports.append({"name": "beats", "port": _BEATS, "targetPort": _BEATS, "protocol": "TCP"})
    return [
        {
            "apiVersion": "logstash.k8s.elastic.co/v1alpha1",
            "kind": "Logstash",
            "metadata": {"name": "logs", "namespace": view.namespace},
            "spec": {
                "version": elasticsearch.stack_version(view),
                "count": copies,
                "elasticsearchRefs": [reference],
                "config": {"queue.type": "persisted", "queue.max_bytes": "8gb"},
                "pipelines": [{"pipeline.id": "main", "config.string": _pipeline(view)}],
                "podTemplate": {"spec": pod},
                "services": [{"name": "http", "service": {"spec": {"type": "ClusterIP", "ports": ports}}}],
                "volumeClaimTemplates": [{"metadata": {"name": "logstash-data"}, "spec": claim}],
            },
        }
    ]


def _host(view: View) -> str:
    return f"logs-ls-http.{view.namespace}.svc"


def sink(view: View) -> dict[str, Any]:
    """Where collectors send to."""
    return {"kind": "json", "host": _host(view), "port": _PORT, "url": f"http://{_host(view)}:{_PORT}",
            "beats": f"{_host(view)}:{_BEATS}"}


def address(view: View, capability: str) -> str | None:
    """Its Service."""
    return f"http://{_host(view)}:{_PORT}" if capability == "log-aggregation" else None
