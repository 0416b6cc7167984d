"""Jaeger: traces in the Elasticsearch of the design, or in one replica with Badger on a volume."""

from __future__ import annotations

from typing import Any

from exporters.manifests import monitors, sinks
from exporters.manifests.labels import kept
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

_CLAIM = "jaeger-badger"
_PREFIX = "jaeger"
"""Beginning of the names of its indices."""


def _store(view: View) -> dict[str, Any] | None:
    """The Elasticsearch, where one takes searches here."""
    for sink in view.gather("sink", "elasticsearch"):
        found: dict[str, Any] = sink
        return found
    return None


def _login(view: View) -> Secret | None:
    return sinks.secret(view, _store(view))


def _config(view: View) -> dict[str, Any]:
    """The whole configuration of the binary: receive OTLP, keep, answer queries."""
    hours = view.hours("traces.retention", "7d")
    store = _store(view)
    if store is not None:
        backend: dict[str, Any] = {
            "elasticsearch": {
                "server_urls": [store["url"]],
                "auth": {"basic": {"username": "${env:STORE_USERNAME}", "password": "${env:STORE_PASSWORD}"}},
                "tls": {"ca_file": f"{sinks.CA_FOLDER}/ca.crt"},
                "indices": {"index_prefix": _PREFIX},
            }
        }
    else:
        folders = {"keys": "/badger/keys", "values": "/badger/values"}
        backend = {"badger": {"directories": folders, "ephemeral": False, "ttl": {"spans": f"{hours}h"}}}
    pipeline = {"receivers": ["otlp"], "processors": ["memory_limiter", "batch"], "exporters": ["jaeger_storage_exporter"]}
    return {
        "service": {
            "extensions": ["jaeger_storage", "jaeger_query", "healthcheckv2"],
            "pipelines": {"traces": pipeline},
            "telemetry": {
                "metrics": {
                    "level": "detailed",
                    "readers": [{"pull": {"exporter": {"prometheus": {"host": "0.0.0.0", "port": 8888}}}}],
                }
            },
        },
        "extensions": {
            "healthcheckv2": {"use_v2": True, "http": {"endpoint": "0.0.0.0:13133"}},
            "jaeger_query": {"storage": {"traces": "main"}, "http": {"endpoint": "0.0.0.0:16686"}},
            "jaeger_storage": {"backends": {"main": backend}},
        },
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": "0.0.0.0:4317"}, "http": {"endpoint": "0.0.0.0:4318"}}}},
        "processors": {
            # Callers are told to wait before the container's limit ends it together with what it holds.
            "memory_limiter": {"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 20},
            "batch": {},
        },
        "exporters": {"jaeger_storage_exporter": {"trace_storage": "main"}},
    }


def values(view: View) -> dict[str, Any]:
    """Configuration, copies (one where the volume is its own) and what it signs in with."""
    login = _login(view)
    jaeger: dict[str, Any] = {"replicas": view.replicas() if login is not None else 1}
    found: dict[str, Any] = {"userconfig": _config(view), "jaeger": jaeger}
    if login is not None:
        jaeger |= {
            "extraEnv": sinks.environment(login),
            "extraVolumes": [sinks.volume(login)],
            "extraVolumeMounts": [sinks.mount()],
        }
        found["storage"] = {"type": "elasticsearch", "elasticsearch": {"url": (_store(view) or {})["url"]}}
        found["esIndexCleaner"] = _cleaner(view, login)
    else:
        jaeger |= {
            "extraVolumes": [{"name": "badger", "persistentVolumeClaim": {"claimName": _CLAIM}}],
            "extraVolumeMounts": [{"name": "badger", "mountPath": "/badger"}],
        }
        found["storage"] = {"type": "badger"}
    return found


def _cleaner(view: View, login: Secret) -> dict[str, Any]:
    """Takes away the indices of days that are over: the store keeps them for ever by itself
    (https://www.jaegertracing.io/docs/latest/storage/elasticsearch/#index-cleaner)."""
    said = {"INDEX_PREFIX": _PREFIX, "ES_TLS_ENABLED": "true", "ES_TLS_CA": f"{sinks.CA_FOLDER}/ca.crt"}
    names = {"ES_USERNAME": "username", "ES_PASSWORD": "password"}
    return {
        "enabled": True,
        "schedule": "47 0 * * *",
        "numberOfDays": max(1, view.hours("traces.retention", "7d") // 24),
        "extraEnv": [
            *({"name": name, "value": value} for name, value in said.items()),
            *({"name": name, "valueFrom": {"secretKeyRef": {"name": login.name, "key": key}}} for name, key in names.items()),
        ],
        "extraSecretMounts": [
            {
                "name": "log-store",
                "secretName": login.name,
                "mountPath": f"{sinks.CA_FOLDER}/ca.crt",
                "subPath": "ca.crt",
                "readOnly": True,
            }
        ],
        "podSecurityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
    }


def objects(view: View) -> list[Obj]:
    """The Secret it signs in with, or the claim that Badger writes to."""
    login, watched = _login(view), monitors.of_pods(view, view.me)
    if login is not None:
        return [*login.objects, *watched]
    name = view.storage_class("block")
    spec = {
        **({"storageClassName": name} if name else {}),
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(view.setting("traces.storage", "20Gi"))}},
    }
    metadata = {"name": _CLAIM, "namespace": view.namespace}
    return [kept({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}), *watched]


def address(view: View, capability: str) -> str | None:
    """OTLP over gRPC, and the query API."""
    host = f"{view.me.id}.{view.namespace}.svc"
    return {"trace-ingest-otlp": f"{host}:4317", "tracing": f"http://{host}:16686"}.get(capability)


def datasource(view: View) -> list[dict[str, Any]]:
    """Grafana's data source."""
    source = {"name": "Jaeger", "uid": "traces", "type": "jaeger", "access": "proxy"}
    return [{**source, "url": address(view, "tracing")}]


def pipeline(view: View) -> dict[str, Any]:
    """Traces go on over OTLP."""
    config = {"endpoint": address(view, "trace-ingest-otlp"), "tls": {"insecure": True}}
    return {"traces": {"name": "otlp/traces", "config": config}}
