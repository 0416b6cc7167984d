"""The OpenTelemetry Collector as a gateway: one address for workloads, a pipeline to each store that is chosen."""

from __future__ import annotations

from typing import Any

from exporters.manifests import sinks
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

_ACCOUNT = "opentelemetry-collector"
_SIGNALS = ("logs", "metrics", "traces")


def _exporters(view: View) -> dict[str, list[dict[str, Any]]]:
    """Signal to what takes it."""
    found: dict[str, list[dict[str, Any]]] = {signal: [] for signal in _SIGNALS}
    for answer in view.gather("pipeline", "metrics-store", "long-term-metrics", "log-store", "tracing"):
        further = answer.get("more", {})
        for signal in answer.keys() - {"more"}:
            found[signal] += [answer[signal], *further.get(signal, [])]
    return found


def _logins(view: View) -> list[tuple[str, Secret]]:
    """(prefix of the variables, Secret) for stores that ask for a password."""
    return [
        (exporter["prefix"], exporter["secret"](view.namespace))
        for exporters in _exporters(view).values()
        for exporter in exporters
        if "secret" in exporter
    ]


def values(view: View) -> dict[str, Any]:
    """Pipelines, sampling, copies and monitors."""
    by_signal = _exporters(view)
    exporters: dict[str, Any] = {exporter["name"]: exporter["config"] for found in by_signal.values() for exporter in found}
    share = str(view.setting("traces.sampling", "100"))
    processors: dict[str, Any] = {}
    if by_signal["traces"] and float(share) < 100:
        # By trace id, so that all collectors keep the same requests.
        processors["probabilistic_sampler"] = {"sampling_percentage": float(share)}
    pipelines: dict[str, Any] = {}
    for signal in _SIGNALS:
        names = [exporter["name"] for exporter in by_signal[signal]]
        if not names:
            exporters["nop"] = {}
        sampled = ["probabilistic_sampler"] if signal == "traces" and processors else []
        pipelines[signal] = {
            "receivers": ["otlp"],
            "processors": ["memory_limiter", *sampled, "batch"],
            "exporters": names or ["nop"],
        }
    found: dict[str, Any] = {
        "replicaCount": view.replicas(),
        "config": {"exporters": exporters, "processors": processors, "service": {"pipelines": pipelines}},
        "serviceMonitor": {"enabled": view.monitors},
    }
    if view.replicas() > 1:
        found["podDisruptionBudget"] = {"enabled": True, "maxUnavailable": 1}
        labels = {"app.kubernetes.io/name": "opentelemetry-collector", "app.kubernetes.io/instance": view.release}
        found["topologySpreadConstraints"] = view.spread(labels)
    for prefix, secret in _logins(view):
        found["extraEnvs"] = sinks.environment(secret, prefix)
        found["extraVolumes"] = [sinks.volume(secret)]
        found["extraVolumeMounts"] = [sinks.mount()]
    answers = [exporter for exporters_ in by_signal.values() for exporter in exporters_]
    extensions = {name: body for answer in answers for name, body in answer.get("extensions", {}).items()}
    if extensions:
        found["config"]["extensions"] = extensions
        found["config"]["service"]["extensions"] = ["health_check", *extensions]
    found["serviceAccount"] = {"name": _ACCOUNT}
    if any(answer.get("identity") for answer in answers):
        identity = view.identity(_ACCOUNT)
        found["serviceAccount"]["annotations"] = dict(identity.annotations)
        found["podLabels"] = dict(identity.pod_labels)
    return found


def objects(view: View) -> list[Obj]:
    """The Secrets that pipelines sign in with."""
    return [obj for _, secret in _logins(view) for obj in secret.objects]


def address(view: View, capability: str) -> str | None:
    """OTLP over gRPC."""
    host = f"opentelemetry-collector.{view.namespace}.svc"
    return f"{host}:4317" if capability == "telemetry-collector" else None
