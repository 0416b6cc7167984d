"""Fluent Bit on each node: container logs with Kubernetes names, to the aggregator or the store."""

from __future__ import annotations

from typing import Any

from exporters.manifests import sinks
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_TAIL = """[INPUT]
    Name tail
    Path /var/log/containers/*.log
    Exclude_Path /var/log/containers/fluent-bit-*.log
    multiline.parser docker, cri
    Tag kube.*
    DB /var/lib/fluent-bit/containers.db
    DB.locking On
    Mem_Buf_Limit 16MB
    Skip_Long_Lines On
    Read_from_Head On
"""
_STATE = {"name": "state", "hostPath": {"path": "/var/lib/fluent-bit", "type": "DirectoryOrCreate"}}
"""Where an agent remembers how far it read: without it a new one sends all logs of the node again."""
_REMEMBERED = {"name": "state", "mountPath": "/var/lib/fluent-bit"}
_NAMES = """[FILTER]
    Name kubernetes
    Match kube.*
    Merge_Log On
    Merge_Log_Key app
    Keep_Log On
    Labels On
    Annotations Off
    K8S-Logging.Parser On
    K8S-Logging.Exclude On

[FILTER]
    Name modify
    Match kube.*
    Rename log message
    Add cluster CLUSTER
"""


def _output(view: View, sink: dict[str, Any] | None) -> str:
    lines: list[str] = ["[OUTPUT]"]
    if sink is None:
        lines += ["Name null", "Match *"]
    elif sink["kind"] == "loki":
        lines += ["Name loki", "Match kube.*", f"Host {sink['host']}", f"Port {sink['port']}"]
        keys = "namespace=$kubernetes['namespace_name'], pod=$kubernetes['pod_name'], container=$kubernetes['container_name']"
        lines += [f"Labels cluster={view.cluster.name}, {keys}", "Line_Format json", "Remove_Keys kubernetes"]
    elif sink["kind"] == "elasticsearch":
        lines += ["Name es", "Match kube.*", f"Host {sink['host']}", f"Port {sink['port']}"]
        lines += ["HTTP_User ${STORE_USERNAME}", "HTTP_Passwd ${STORE_PASSWORD}", "tls On", "tls.verify On"]
        lines += [f"tls.ca_file {sinks.CA_FOLDER}/ca.crt", "Index logs-kubernetes-default", "Write_Operation create"]
        lines += ["Suppress_Type_Name On", "Replace_Dots On"]
    elif sink["kind"] == "forward":
        lines += ["Name forward", "Match kube.*", f"Host {sink['host']}", f"Port {sink['port']}"]
    else:
        lines += ["Name http", "Match kube.*", f"Host {sink['host']}", f"Port {sink['port']}", "URI /"]
        lines += ["Format json", "Json_date_key @timestamp", "Json_date_format iso8601"]
    if sink is not None:
        lines.append("Retry_Limit False")
    return "\n    ".join(lines) + "\n"


_AUDIT = """[INPUT]
    Name tail
    Path PATH
    Parser json
    Tag audit.kubernetes
    DB /var/lib/fluent-bit/audit.db
    Mem_Buf_Limit 16MB
    Skip_Long_Lines On
    Read_from_Head On
"""
_PLACE = """[FILTER]
    Name modify
    Match audit.*
    Add cluster CLUSTER
    Add log_type audit
"""


def _audit(view: View) -> dict[str, Any]:
    """The audit log of the API servers, from their machines alone, to an index or stream of its own."""
    sink = sinks.of(view)
    path = sinks.audit_log(view) or ""
    output = _output(view, sink).replace("Match kube.*", "Match audit.*")
    if sink is not None and sink["kind"] == "loki":
        labels = f"Labels cluster={view.cluster.name}, job=kubernetes-audit"
        lines = [labels if line.strip().startswith("Labels ") else line.strip() for line in output.splitlines()]
        output = "\n    ".join(line for line in lines if not line.startswith("Remove_Keys")) + "\n"
    return {
        "config": {
            "inputs": _AUDIT.replace("PATH", path),
            "filters": _PLACE.replace("CLUSTER", view.cluster.name),
            "outputs": output.replace("logs-kubernetes-default", "logs-kubernetes-audit"),
        },
        "affinity": sinks.on_servers(),
        "daemonSetVolumes": [sinks.audit_volume(path), _STATE],
        "daemonSetVolumeMounts": [sinks.audit_mount(path), _REMEMBERED],
    }


def values(view: View) -> dict[str, Any]:
    """Inputs, names, the output, and what it signs in with."""
    sink = sinks.of(view)
    found: dict[str, Any] = {
        "config": {
            "inputs": _TAIL,
            "filters": _NAMES.replace("CLUSTER", view.cluster.name),
            "outputs": _output(view, sink),
        },
        "serviceMonitor": {"enabled": view.monitors},
        "dashboards": {"enabled": bool(view.gather("collects_dashboards", "dashboards"))},
        "priorityClassName": "platform",
        "serviceAccount": {"create": True},
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
        "daemonSetVolumes": [{"name": "varlog", "hostPath": {"path": "/var/log"}}, _STATE],
        "daemonSetVolumeMounts": [{"name": "varlog", "mountPath": "/var/log", "readOnly": True}, _REMEMBERED],
    }
    secret = sinks.secret(view, sink)
    if secret is not None:
        found |= {
            "env": sinks.environment(secret),
            "extraVolumes": [sinks.volume(secret)],
            "extraVolumeMounts": [sinks.mount()],
        }
    return {**found, **_audit(view), "dashboards": {"enabled": False}} if view.release.endswith("-audit") else found


def objects(view: View) -> list[Obj]:
    """The Secret that it signs in with."""
    return sinks.objects(view, sinks.of(view))
