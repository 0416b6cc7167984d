"""Loki: one process with a volume for a small design, in parts over a bucket for a large one."""

from __future__ import annotations

from typing import Any

from exporters.manifests import authority
from exporters.manifests.references import Obj, ObjectStore
from exporters.manifests.view import View

_ACCOUNT = "loki"
_PARTS = {
    # name: (cpu, memory, limit of memory)
    "ingester": ("200m", "1Gi", "4Gi"),
    "distributor": ("100m", "128Mi", "1Gi"),
    "querier": ("200m", "512Mi", "4Gi"),
    "queryFrontend": ("50m", "128Mi", "1Gi"),
    "queryScheduler": ("50m", "64Mi", "512Mi"),
    "indexGateway": ("100m", "256Mi", "2Gi"),
    "compactor": ("100m", "256Mi", "2Gi"),
}
_SINGLE = ("compactor",)
"""Parts of which one copy does the work; nobody waits for it, while no query is answered without a scheduler."""


def _store(view: View) -> ObjectStore | None:
    return view.object_store("logs")


def _distributed(view: View) -> bool:
    return str(view.setting("logs.layout", "monolithic")) == "distributed" and _store(view) is not None


def _storage(store: ObjectStore | None) -> dict[str, Any]:
    if store is None:
        return {"type": "filesystem"}
    found: dict[str, Any] = {"bucketNames": {"chunks": store.bucket, "ruler": store.bucket}}
    if store.protocol == "gcs":
        return {**found, "type": "gcs"}
    if store.protocol == "azure":
        azure: dict[str, Any] = {"accountName": store.account or "STORAGE_ACCOUNT"}
        azure |= {"useFederatedToken": True} if store.identity else {"accountKey": "${ACCOUNT_KEY}"}
        return {**found, "type": "azure", "azure": azure}
    s3: dict[str, Any] = {"s3ForcePathStyle": store.path_style, "region": store.region or "REGION"}
    if store.endpoint:
        s3 |= {"endpoint": store.endpoint, "insecure": store.endpoint.startswith("http://")}
    if not store.identity:
        s3 |= {"accessKeyId": "${ACCESS_KEY}", "secretAccessKey": "${SECRET_KEY}"}
    return {**found, "type": "s3", "s3": s3}


def values(view: View) -> dict[str, Any]:
    """Layout, storage, schema, retention in hours and the copies of each part."""
    store = _store(view)
    distributed = _distributed(view)
    backend = {"s3": "s3", "gcs": "gcs", "azure": "azure"}[store.protocol] if store else "filesystem"
    copies = view.quorum() if store is not None else 1
    schema = {"from": "2024-04-01", "store": "tsdb", "object_store": backend, "schema": "v13"}
    loki: dict[str, Any] = {
        "commonConfig": {"replication_factor": 3 if distributed else copies},
        "storage": _storage(store),
        "schemaConfig": {"configs": [{**schema, "index": {"prefix": "index_", "period": "24h"}}]},
        "limits_config": {
            "retention_period": f"{view.hours('logs.retention', '30d')}h",
            "allow_structured_metadata": True,
        },
        # Nothing deletes what is older than the retention unless the compactor is told to.
        "compactor": {"retention_enabled": True, "delete_request_store": backend},
    }
    found: dict[str, Any] = {
        "deploymentMode": "Distributed" if distributed else "Monolithic",
        "loki": loki,
        "serviceAccount": {"name": _ACCOUNT},
        "singleBinary": {"replicas": 0 if distributed else copies, "persistence": _volume(view)},
        "gateway": {"replicas": view.replicas()},
        "monitoring": {"serviceMonitor": {"enabled": view.monitors}},
        **{part: {"replicas": 0} for part in ("read", "write", "backend")},
    }
    if distributed:
        found |= _parts(view)
    if store and store.variables:
        found["global"] = {"extraArgs": ["-config.expand-env=true"], "extraEnv": store.variables}
    root = authority.of_store(view, store)
    if root is not None:
        common = found.setdefault("global", {})
        common["extraEnv"] = [*common.get("extraEnv", ()), authority.variable()]
        common["extraVolumes"], common["extraVolumeMounts"] = [authority.volume(root)], [authority.mount()]
    if store is not None and store.identity:
        identity = view.identity(_ACCOUNT)
        found["serviceAccount"]["annotations"] = dict(identity.annotations)
        loki["podLabels"] = dict(identity.pod_labels)
    return found


def _parts(view: View) -> dict[str, Any]:
    """Requests, budgets and volumes of each part. The chart asks for nothing, so that ingesters would be the first to be
    evicted, and keeps what the compactor has still to delete on a disk that goes with its pod."""
    found: dict[str, Any] = {
        part: {
            "replicas": 1 if part in _SINGLE else 3 if part == "ingester" else 2,
            "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}},
            **({} if part in _SINGLE else {"podDisruptionBudget": {"maxUnavailable": 1}}),
        }
        for part, (cpu, memory, limit) in _PARTS.items()
    }
    claim: dict[str, Any] = {"name": "data", "accessModes": ["ReadWriteOnce"], "size": "20Gi"}
    name = view.storage_class("block")
    if name:
        claim["storageClass"] = name
    # Its three sets for zones would start anew at once when anything changes: an operator of Grafana's, which is not here,
    # takes them in turns.
    found["ingester"] |= {"persistence": {"enabled": True, "claims": [claim]}, "zoneAwareReplication": {"enabled": False}}
    if view.zones > 1:
        labels = {"app.kubernetes.io/name": "loki", "app.kubernetes.io/component": "ingester"}
        found["ingester"]["topologySpreadConstraints"] = view.spread(labels)
    found["compactor"]["persistence"] = {"enabled": True, "claims": [{**claim, "size": "10Gi"}]}
    return found


def _volume(view: View) -> dict[str, Any]:
    found: dict[str, Any] = {"enabled": True, "size": str(view.setting("logs.storage", "20Gi"))}
    name = view.storage_class("block")
    return {**found, "storageClass": name} if name else found


def objects(view: View) -> list[Obj]:
    """What the bucket's keys and the account's identity need."""
    store = _store(view)
    if store is None:
        return []
    wanted = [secret for secret in (store.secret, authority.of_store(view, store)) if secret is not None]
    found = [obj for secret in wanted for obj in secret.objects]
    return [*found, *(view.identity(_ACCOUNT).objects if store.identity else ())]


def address(view: View, capability: str) -> str | None:
    """Push and query base, by its gateway."""
    return f"http://{view.me.id}-gateway.{view.namespace}.svc:80" if capability == "log-store" else None


def datasource(view: View) -> list[dict[str, Any]]:
    """Grafana's data source, with the way from a log line to its trace."""
    source: dict[str, Any] = {"name": "Loki", "uid": "logs", "type": "loki", "access": "proxy"}
    source["url"] = address(view, "log-store")
    if view.capability("trace-ingest-otlp"):
        field = {"name": "trace", "matcherType": "label", "matcherRegex": "trace_id", "datasourceUid": "traces"}
        # Grafana expands variables in provisioning files: the doubled sign keeps this one for its pages.
        source["jsonData"] = {"derivedFields": [{**field, "url": "$${__value.raw}"}]}
    return [source]


def pipeline(view: View) -> dict[str, Any]:
    """It takes logs over OTLP by itself."""
    config = {"endpoint": f"{address(view, 'log-store')}/otlp", "tls": {"insecure": True}}
    return {"logs": {"name": "otlphttp/logs", "config": config}}


def sink(view: View) -> dict[str, Any]:
    """Where collectors push to."""
    return {"kind": "loki", "url": address(view, "log-store"), "host": f"{view.me.id}-gateway.{view.namespace}.svc", "port": 80}
