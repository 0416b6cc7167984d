"""Tempo: traces in the bucket where there is one, else on its volume; in parts, or in one process."""

from __future__ import annotations

from typing import Any

from exporters.manifests import authority
from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.view import View

_ACCOUNT = "tempo"
_PARTS = {
    # name: (cpu, memory, limit of memory)
    "ingester": ("100m", "512Mi", "2Gi"),
    "distributor": ("50m", "128Mi", "512Mi"),
    "querier": ("50m", "256Mi", "1Gi"),
    "queryFrontend": ("50m", "128Mi", "512Mi"),
    "compactor": ("50m", "256Mi", "2Gi"),
}


def _store(view: View) -> ObjectStore | None:
    return view.object_store("traces")


def _distributed(view: View) -> bool:
    return str(view.setting("traces.layout", "monolithic")) == "distributed"


def _backend(store: ObjectStore) -> dict[str, Any]:
    """Tempo's storage block; keys come from the environment, which it expands."""
    if store.protocol == "gcs":
        return {"backend": "gcs", "gcs": {"bucket_name": store.bucket}}
    if store.protocol == "azure":
        azure: dict[str, Any] = {"container_name": store.bucket, "storage_account_name": store.account or "STORAGE_ACCOUNT"}
        azure |= {"use_federated_token": True} if store.identity else {"storage_account_key": "${ACCOUNT_KEY}"}
        return {"backend": "azure", "azure": azure}
    s3: dict[str, Any] = {"bucket": store.bucket, "endpoint": store.host or f"s3.{store.region or 'REGION'}.amazonaws.com"}
    if store.region:
        s3["region"] = store.region
    if store.endpoint and store.endpoint.startswith("http://"):
        s3["insecure"] = True
    if store.path_style:
        s3["forcepathstyle"] = True
    if not store.identity:
        s3 |= {"access_key": "${ACCESS_KEY}", "secret_key": "${SECRET_KEY}"}
    return {"backend": "s3", "s3": s3}


def values(view: View) -> dict[str, Any]:
    """Storage, receivers for OTLP alone, and retention in hours, which is what it understands."""
    store = _store(view)
    found = _in_parts(view, store) if _distributed(view) else _one_process(view, store)
    if store is not None and store.identity:
        found["serviceAccount"]["annotations"] = dict(view.identity(_ACCOUNT).annotations)
    return found


def _one_process(view: View, store: ObjectStore | None) -> dict[str, Any]:
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
    if store is not None:
        tempo["storage"] = {"trace": {**_backend(store), "local": None}}
        if store.variables:
            tempo |= {"extraEnv": store.variables, "extraArgs": {"config.expand-env": "true"}}
        root = authority.of_store(view, store)
        if root is not None:
            tempo["extraEnv"] = [*tempo.get("extraEnv", ()), authority.variable()]
            tempo["extraVolumeMounts"], found["extraVolumes"] = [authority.mount()], [authority.volume(root)]
        if store.identity:
            found["podLabels"] = dict(view.identity(_ACCOUNT).pod_labels)
    return found


def _in_parts(view: View, store: ObjectStore | None) -> dict[str, Any]:
    """Every span is kept by three ingesters, where there are as many, before it is in the bucket. The compactor works on
    what is in the bucket, and nobody waits for it."""
    stateless = min(2, view.replicas())
    copies = {"ingester": view.quorum(), "compactor": 1}
    found: dict[str, Any] = {
        part: {
            "replicas": copies.get(part, stateless),
            "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}},
        }
        for part, (cpu, memory, limit) in _PARTS.items()
    }
    claim: dict[str, Any] = {"enabled": True}
    if view.storage_class("block"):
        claim["storageClass"] = view.storage_class("block")
    found["ingester"] |= {"config": {"replication_factor": view.quorum()}, "persistence": claim}
    found["compactor"]["config"] = {"compaction": {"block_retention": f"{view.hours('traces.retention', '7d')}h"}}
    found["serviceAccount"] = {"name": _ACCOUNT}
    found["metaMonitoring"] = {"serviceMonitor": {"enabled": view.monitors}}
    if store is not None:
        found["storage"] = {"trace": _backend(store)}
        if store.variables:
            found["global"] = {"extraEnv": store.variables, "extraArgs": ["-config.expand-env=true"]}
        root = authority.of_store(view, store)
        if root is not None:
            common = found.setdefault("global", {})
            common["extraEnv"] = [*common.get("extraEnv", ()), authority.variable()]
            for part in _PARTS:
                found[part] |= {"extraVolumes": [authority.volume(root)], "extraVolumeMounts": [authority.mount()]}
        if store.identity:
            found["tempo"] = {"podLabels": dict(view.identity(_ACCOUNT).pod_labels)}
    return found


def objects(view: View) -> list[Obj]:
    """What the bucket's keys and the account's identity need."""
    store = _store(view)
    if store is None:
        return []
    wanted = [secret for secret in (store.secret, authority.of_store(view, store)) if secret is not None]
    found = [obj for secret in wanted for obj in secret.objects]
    return [*found, *(view.identity(_ACCOUNT).objects if store.identity else ())]


def address(view: View, capability: str) -> str | None:
    """OTLP over gRPC, and the query API."""
    def host(part: str) -> str:
        return f"{view.me.id}{f'-{part}' if _distributed(view) else ''}.{view.namespace}.svc"

    return {
        "trace-ingest-otlp": f"{host('distributor')}:4317",
        "tracing": f"http://{host('query-frontend')}:3200",
    }.get(capability)


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
