"""Fluentd on each node, or as the aggregator behind the nodes' collectors: to the chosen store."""

from __future__ import annotations

from typing import Any

from exporters.manifests import sinks
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_METRICS = """<source>
  @type prometheus
  bind 0.0.0.0
  port 24231
  metrics_path /metrics
</source>
"""
_FORWARD = """<source>
  @type forward
  bind 0.0.0.0
  port 24224
  @label @OUTPUT
</source>
"""


_AUDIT = """<source>
  @type tail
  path PATH
  pos_file /var/lib/fluentd/audit.pos
  tag audit.kubernetes
  read_from_head true
  @label @OUTPUT
  <parse>
    @type json
    time_key requestReceivedTimestamp
    time_type string
    time_format %iso8601
    keep_time_key true
  </parse>
</source>
"""
_PLACE = """  <filter **>
    @type record_transformer
    <record>
      cluster CLUSTER
      log_type audit
    </record>
  </filter>
"""
_STREAM = "default"


def _aggregates(view: View) -> bool:
    """True for the release that other collectors send to."""
    chart = view.chart
    return chart is not None and "log-aggregation" in chart.roles and "log-collection" not in chart.roles


def _audits(view: View) -> bool:
    """True for the release that reads the audit log of the API servers."""
    return view.release.endswith("-audit")


def _buffer(view: View, stream: str) -> str:
    kept = _aggregates(view) or _audits(view)
    where = "/var/lib/fluentd/buffer" if kept else "/var/log/fluentd-buffers/store"
    where += "" if stream == _STREAM else f"-{stream}"
    return f"""    <buffer>
      @type file
      path {where}
      flush_interval 5s
      chunk_limit_size 8M
      total_limit_size 2G
      retry_forever true
      retry_max_interval 60s
      overflow_action block
    </buffer>
"""


def _match(view: View, sink: dict[str, Any] | None, stream: str = _STREAM) -> str:
    if sink is None:
        return "    @type null\n"
    head = f"    host {sink['host']}\n    port {sink['port']}\n"
    if sink["kind"] == "forward":
        server = f"    <server>\n      host {sink['host']}\n      port {sink['port']}\n    </server>\n"
        return f"    @type forward\n{server}{_buffer(view, stream)}"
    if sink["kind"] == "json":
        about = "    json_array true\n    content_type application/json\n"
        return f"    @type http\n    endpoint {sink['url']}\n{about}{_buffer(view, stream)}"
    return (
        "    @type elasticsearch\n"
        f"{head}    scheme https\n    ssl_verify true\n    ca_file {sinks.CA_FOLDER}/ca.crt\n"
        "    user \"#{ENV['STORE_USERNAME']}\"\n    password \"#{ENV['STORE_PASSWORD']}\"\n"
        f"    index_name logs-kubernetes-{stream}\n    write_operation create\n    include_timestamp true\n"
        "    suppress_type_name true\n    verify_es_version_at_startup false\n    reconnect_on_error true\n"
        f"{_buffer(view, stream)}"
    )


def _sink(view: View) -> dict[str, Any] | None:
    """A collector sends to the aggregator where there is one, which here may be this component itself."""
    return sinks.of(view, direct=_aggregates(view))


def values(view: View) -> dict[str, Any]:
    """Sources, the output with its buffer, and what it signs in with."""
    sink = _sink(view)
    matches = f"  <match **>\n{_match(view, sink)}  </match>\n"
    if _aggregates(view) and sinks.audit_log(view):
        # Records of the API servers are a stream of their own, with rights of its own.
        matches = f"  <match audit.**>\n{_match(view, sink, 'audit')}  </match>\n{matches}"
    files = {"04_outputs.conf": f"<label @OUTPUT>\n{matches}</label>\n"}
    if _aggregates(view):
        files |= {"01_sources.conf": _METRICS + _FORWARD, "02_filters.conf": "", "03_dispatch.conf": ""}
    found: dict[str, Any] = {
        "fileConfigs": files,
        "metrics": {"serviceMonitor": {"enabled": view.monitors, "additionalLabels": {}}},
        "dashboards": {"enabled": "true" if view.gather("collects_dashboards", "dashboards") else "false"},
    }
    if _aggregates(view):
        name = view.storage_class("block")
        port = {"name": "forward", "protocol": "TCP", "containerPort": 24224}
        found |= {
            "replicaCount": view.replicas(),
            "service": {"ports": [port]},
            "persistence": {"enabled": True, "size": "10Gi", **({"storageClass": name} if name else {})},
        }
        if not view.capability("block-storage"):
            found["persistence"] = {"enabled": False}
    if _audits(view):
        found |= _audit(view, sink)
    secret = sinks.secret(view, sink)
    if secret is not None:
        found |= {
            "env": sinks.environment(secret),
            "volumes": [*found.get("volumes", ()), sinks.volume(secret)],
            "volumeMounts": [*found.get("volumeMounts", ()), sinks.mount()],
        }
    return found


def _audit(view: View, sink: dict[str, Any] | None) -> dict[str, Any]:
    """The audit log of the API servers, from their machines alone, to an index or stream of its own."""
    path = sinks.audit_log(view) or ""
    place = _PLACE.replace("CLUSTER", view.cluster.name)
    state = {"name": "state", "hostPath": {"path": "/var/lib/fluentd-audit", "type": "DirectoryOrCreate"}}
    return {
        "fileConfigs": {
            "01_sources.conf": _METRICS + _AUDIT.replace("PATH", path),
            "02_filters.conf": "",
            "03_dispatch.conf": "",
            "04_outputs.conf": f"<label @OUTPUT>\n{place}  <match **>\n{_match(view, sink, 'audit')}  </match>\n</label>\n",
        },
        "dashboards": {"enabled": "false"},
        "priorityClassName": "platform",
        "affinity": sinks.on_servers(),
        "volumes": [sinks.audit_volume(path), state],
        "volumeMounts": [sinks.audit_mount(path), {"name": "state", "mountPath": "/var/lib/fluentd"}],
    }


def objects(view: View) -> list[Obj]:
    """The Secret that it signs in with."""
    return sinks.objects(view, sinks.of(view, direct=True))


def sink(view: View) -> dict[str, Any] | None:
    """Where collectors send to, where it is the aggregator."""
    if "log-aggregation" not in view.roles:
        return None
    return {"kind": "forward", "host": f"fluentd-aggregator.{view.namespace}.svc", "port": 24224}
