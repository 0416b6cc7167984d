"""The OpenTelemetry Collector on each node: container logs to the chosen store."""

from __future__ import annotations

from typing import Any

from exporters.manifests import sinks
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View


def _exporter(view: View) -> dict[str, Any] | None:
    for answer in view.gather("pipeline", "log-store"):
        if "logs" in answer:
            found: dict[str, Any] = answer["logs"]
            return found
    return None


def _login(view: View) -> Secret | None:
    exporter = _exporter(view)
    return exporter["secret"](view.namespace) if exporter is not None and "secret" in exporter else None


def values(view: View) -> dict[str, Any]:
    """One pipeline: files of the node in, the store out."""
    exporter = _exporter(view)
    exporters = {exporter["name"]: exporter["config"]} if exporter is not None else {"nop": {}}
    pipeline = {"exporters": sorted(exporters)}
    found: dict[str, Any] = {
        "config": {"exporters": exporters, "service": {"pipelines": {"logs": pipeline}}},
        "podMonitor": {"enabled": view.monitors},
        "priorityClassName": "platform",
    }
    if view.release.endswith("-audit"):
        found |= _audit(view, exporters)
    secret = _login(view)
    if secret is not None and exporter is not None:
        found["extraEnvs"] = sinks.environment(secret, exporter["prefix"])
        found["extraVolumes"] = [*found.get("extraVolumes", ()), sinks.volume(secret)]
        found["extraVolumeMounts"] = [*found.get("extraVolumeMounts", ()), sinks.mount()]
    return found


def _audit(view: View, exporters: dict[str, Any]) -> dict[str, Any]:
    """The audit log of the API servers, from their machines alone, as a service and a data stream of its own
    (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/filelogreceiver)."""
    path = sinks.audit_log(view) or ""
    about = {
        "service.name": "kubernetes-audit",
        "k8s.cluster.name": view.cluster.name,
        "data_stream.dataset": "kubernetes",
        "data_stream.namespace": "audit",
    }
    attributes = [{"key": key, "value": value, "action": "upsert"} for key, value in about.items()]
    read = {
        "include": [path],
        "start_at": "beginning",
        "include_file_name": False,
        "storage": "file_storage/audit",
        "operators": [{"type": "json_parser"}],
    }
    pipeline = {
        "receivers": ["filelog/audit"],
        "processors": ["memory_limiter", "resource/audit", "batch"],
        "exporters": sorted(exporters),
    }
    state = {"name": "state", "hostPath": {"path": "/var/lib/otelcol-audit", "type": "DirectoryOrCreate"}}
    return {
        "config": {
            "extensions": {"file_storage/audit": {"directory": "/var/lib/otelcol"}},
            "receivers": {"filelog/audit": read},
            "processors": {"resource/audit": {"attributes": attributes}},
            "exporters": exporters,
            "service": {"extensions": ["health_check", "file_storage/audit"], "pipelines": {"logs": pipeline}},
        },
        "affinity": sinks.on_servers(),
        "extraVolumes": [sinks.audit_volume(path), state],
        "extraVolumeMounts": [sinks.audit_mount(path), {"name": "state", "mountPath": "/var/lib/otelcol"}],
    }


def objects(view: View) -> list[Obj]:
    """The Secret that it signs in with."""
    secret = _login(view)
    return list(secret.objects) if secret is not None else []
