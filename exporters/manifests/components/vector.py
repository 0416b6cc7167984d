"""Vector on each node, on the machines of own API servers, or as the aggregator behind the nodes' collectors."""

from __future__ import annotations

import json
from typing import Any

from exporters.manifests import sinks
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_PORT = 8080
_DATA = "/vector-data-dir"


_AGGREGATED = """.timestamp = parse_timestamp(."@timestamp" || .timestamp, "%+") ?? now()
.job = "kubernetes"
if .log_type == "audit" {
  .job = "kubernetes-audit"
  .data_stream = {"type": "logs", "dataset": "kubernetes", "namespace": "audit"}
}
.kubernetes.pod_namespace = to_string(.kubernetes.pod_namespace || .kubernetes.namespace_name || "") ?? ""
.kubernetes.pod_name = to_string(.kubernetes.pod_name || "") ?? ""
.kubernetes.container_name = to_string(.kubernetes.container_name || "") ?? ""
"""
"""Records of own API servers are a stream of their own; collectors name the namespace of a pod in two ways."""


def _aggregates(view: View) -> bool:
    """True for the release that other collectors send to."""
    return view.release.endswith("-aggregator")


def _audits(view: View) -> bool:
    """True for the release that reads the audit log of the API servers."""
    return view.release.endswith("-audit")


def _field(path: str) -> str:
    """A field of the event, as Vector's templates name it, kept from the chart's own templates."""
    return "{{`{{ " + path + " }}`}}"


def _names(view: View) -> str:
    """What is added to each event, in Vector's language (https://vector.dev/docs/reference/vrl/)."""
    cluster = f".cluster = {json.dumps(view.cluster.name)}"
    if _aggregates(view):
        return _AGGREGATED
    if _audits(view):
        return (
            ". = parse_json!(.message)\n"
            '.timestamp = parse_timestamp(.requestReceivedTimestamp, "%+") ?? now()\n'
            f'{cluster}\n.log_type = "audit"'
        )
    # A label of which another one's name is the beginning would be a value and an object at once in an index.
    return (
        "if is_object(.kubernetes.pod_labels) {\n"
        "  .kubernetes.pod_labels = map_keys(object!(.kubernetes.pod_labels)) -> |name| { replace(name, \".\", \"_\") }\n"
        "}\n"
        "del(.kubernetes.node_labels)\ndel(.kubernetes.namespace_labels)\n" + cluster
    )


def _source(view: View) -> dict[str, Any]:
    if _aggregates(view):
        return {"type": "http_server", "address": f"0.0.0.0:{_PORT}", "decoding": {"codec": "json"}}
    if _audits(view):
        return {"type": "file", "include": [sinks.audit_log(view)], "read_from": "beginning"}
    return {"type": "kubernetes_logs"}


def _store(view: View, sink: dict[str, Any]) -> dict[str, Any]:
    """Where events go. What the target has not taken is kept on the disk, and the source is read on only then."""
    about: dict[str, Any] = {
        "inputs": ["named"],
        "buffer": {"type": "disk", "max_size": 2147483648 if _aggregates(view) else 536870912, "when_full": "block"},
        "acknowledgements": {"enabled": True},
    }
    if sink["kind"] == "loki":
        labels = {"cluster": view.cluster.name}
        if _audits(view):
            labels["job"] = "kubernetes-audit"
        else:
            labels |= {"job": _field("job")} if _aggregates(view) else {}
            labels |= {
                "namespace": _field("kubernetes.pod_namespace"),
                "pod": _field("kubernetes.pod_name"),
                "container": _field("kubernetes.container_name"),
            }
        return {"type": "loki", "endpoint": sink["url"], "labels": labels, "encoding": {"codec": "json"}, **about}
    if sink["kind"] == "elasticsearch":
        stream = {"type": "logs", "dataset": "kubernetes", "namespace": "audit" if _audits(view) else "default"}
        return {
            "type": "elasticsearch",
            "endpoints": [sink["url"]],
            "mode": "data_stream",
            "data_stream": stream,
            "auth": {"strategy": "basic", "user": "${STORE_USERNAME}", "password": "${STORE_PASSWORD}"},
            "tls": {"ca_file": f"{sinks.CA_FOLDER}/ca.crt"},
            **about,
        }
    return {"type": "http", "uri": sink["url"], "method": "post", "encoding": {"codec": "json"}, **about}


def _sink(view: View) -> dict[str, Any] | None:
    """A collector sends to the aggregator where there is one, which here may be this component itself."""
    return sinks.of(view, direct=_aggregates(view))


def values(view: View) -> dict[str, Any]:
    """Source, what is added, and the target, with what it signs in with."""
    sink = _sink(view)
    targets: dict[str, Any] = {"metrics": {"type": "prometheus_exporter", "inputs": ["own"], "address": "0.0.0.0:9090"}}
    targets["store"] = _store(view, sink) if sink is not None else {"type": "blackhole", "inputs": ["named"]}
    config = {
        "data_dir": _DATA,
        "sources": {"logs": _source(view), "own": {"type": "internal_metrics"}},
        "transforms": {"named": {"type": "remap", "inputs": ["logs"], "source": _names(view)}},
        "sinks": targets,
    }
    found: dict[str, Any] = {
        "customConfig": config,
        "podMonitor": {"enabled": view.monitors},
        "podPriorityClassName": "platform",
    }
    if _aggregates(view):
        name = view.storage_class("block")
        found |= {
            "replicas": view.replicas(),
            "readinessProbe": {"tcpSocket": {"port": _PORT}},
            "podDisruptionBudget": {"enabled": view.replicas() > 1},
            "persistence": {"enabled": True, "size": "10Gi", **({"storageClassName": name} if name else {})},
        }
        if not view.capability("block-storage"):
            found["persistence"] = {"enabled": False}
    if _audits(view):
        path = sinks.audit_log(view) or ""
        found |= {
            "affinity": sinks.on_servers(),
            "defaultVolumes": [sinks.audit_volume(path)],
            "defaultVolumeMounts": [sinks.audit_mount(path)],
        }
    secret = sinks.secret(view, sink)
    if secret is not None:
        found |= {
            "env": sinks.environment(secret),
            "extraVolumes": [sinks.volume(secret)],
            "extraVolumeMounts": [sinks.mount()],
        }
    return found


def objects(view: View) -> list[Obj]:
    """The Secret that it signs in with."""
    return sinks.objects(view, sinks.of(view, direct=True))


def _host(view: View) -> str:
    return f"vector-aggregator.{view.namespace}.svc"


def sink(view: View) -> dict[str, Any] | None:
    """Where collectors send to, where it is the aggregator."""
    if "log-aggregation" not in view.roles:
        return None
    return {"kind": "json", "host": _host(view), "port": _PORT, "url": f"http://{_host(view)}:{_PORT}"}


def address(view: View, capability: str) -> str | None:
    """Its Service, where it is the aggregator."""
    return f"http://{_host(view)}:{_PORT}" if capability == "log-aggregation" and "log-aggregation" in view.roles else None
