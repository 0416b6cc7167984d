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
    secret = _login(view)
    if secret is not None and exporter is not None:
        found["extraEnvs"] = sinks.environment(secret, exporter["prefix"])
        found["extraVolumes"] = [sinks.volume(secret)]
        found["extraVolumeMounts"] = [sinks.mount()]
    return found


def objects(view: View) -> list[Obj]:
    """The Secret that it signs in with."""
    secret = _login(view)
    return list(secret.objects) if secret is not None else []
