"""Tempo in one process: traces in the bucket where there is one, else on its volume."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.view import View

_ACCOUNT = "tempo"


def _store(view: View) -> ObjectStore | None:
    return view.object_store("traces")


def _backend(store: ObjectStore) -> dict[str, Any]:
    """Tempo's storage block; keys come from the environment, which it expands."""
    if store.protocol == "gcs":
        return {"backend": "gcs", "gcs": {"bucket_name": store.bucket}, "local": None}
    if store.protocol == "azure":
        azure: dict[str, Any] = {"container_name": store.bucket, "storage_account_name": store.account or "STORAGE_ACCOUNT"}
        azure |= {"use_federated_token": True} if store.identity else {"storage_account_key": "${ACCOUNT_KEY}"}
        return {"backend": "azure", "azure": azure, "local": None}
    s3: dict[str, Any] = {"bucket": store.bucket, "endpoint": store.host or f"s3.{store.region or 'REGION'}.amazonaws.com"}
    if store.region:
        s3["region"] = store.region
    if store.endpoint and store.endpoint.startswith("http://"):
        s3["insecure"] = True
    if store.path_style:
        s3["forcepathstyle"] = True
    if not store.identity:
        s3 |= {"access_key": "${ACCESS_KEY}", "secret_key": "${SECRET_KEY}"}
    return {"backend": "s3", "s3": s3, "local": None}


def values(view: View) -> dict[str, Any]:
    """Storage, receivers for OTLP alone, and retention in hours, which is what it understands."""
    tempo: dict[str, Any] = {
        "retention": f"{view.hours('traces.retention', '7d')}h",
        "receivers": {"jaeger": None, "opencensus": None},
    }
    found: dict[str, Any] = {
        "tempo": tempo,
        "serviceMonitor": {"enabled": view.monitors},
        "serviceAccount": {"name": _ACCOUNT},
    }
    if view.storage_class("block"):
        found["persistence"] = {"storageClassName": view.storage_class("block")}
    store = _store(view)
    if store is not None:
        tempo["storage"] = {"trace": _backend(store)}
        if store.variables:
            tempo |= {"extraEnv": store.variables, "extraArgs": {"config.expand-env": "true"}}
        if store.identity:
            identity = view.identity(_ACCOUNT)
            found["serviceAccount"] |= {"annotations": dict(identity.annotations)}
            found["podLabels"] = dict(identity.pod_labels)
    return found


def objects(view: View) -> list[Obj]:
    """What the bucket's keys and the account's identity need."""
    store = _store(view)
    if store is None:
        return []
    return [*(store.secret.objects if store.secret else ()), *(view.identity(_ACCOUNT).objects if store.identity else ())]


def address(view: View, capability: str) -> str | None:
    """OTLP over gRPC, and the query API."""
    host = f"{view.me.id}.{view.namespace}.svc"
    return {"trace-ingest-otlp": f"{host}:4317", "tracing": f"http://{host}:3200"}.get(capability)


def datasource(view: View) -> list[dict[str, Any]]:
    """Grafana's data source, with the way from a span to its logs and metrics."""
    about: dict[str, Any] = {"nodeGraph": {"enabled": True}}
    if view.capability("log-store"):
        about["tracesToLogsV2"] = {"datasourceUid": "logs", "spanStartTimeShift": "-5m", "spanEndTimeShift": "5m"}
    if view.capability("metrics-store"):
        about["serviceMap"] = {"datasourceUid": "metrics"}
    source = {"name": "Tempo", "uid": "traces", "type": "tempo", "access": "proxy"}
    return [{**source, "url": address(view, "tracing"), "jsonData": about}]


def pipeline(view: View) -> dict[str, Any]:
    """Traces go on over OTLP."""
    config = {"endpoint": address(view, "trace-ingest-otlp"), "tls": {"insecure": True}}
    return {"traces": {"name": "otlp/traces", "config": config}}
