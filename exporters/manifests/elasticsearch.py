"""An Elasticsearch that the Elastic operator runs: what every component that brings one shares.

The cluster serves TLS with a certificate from the secret store, because its clients stand in other namespaces and have
to know its authority; they sign in as one user of the file realm, whose roles the entry in the store names.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

NAME = "logs"
TLS = "logs-http-tls"
WRITER = "logs-writer"
SERVICE = f"{NAME}-es-http"


def version(view: View) -> str:
    """The release of the stack that the design chose."""
    return str(view.design.releases.get(view.me.id) or view.me.releases[0].version)


def stack_version(view: View) -> str:
    """The same for parts that follow the cluster's version."""
    return next((version(view.of(entry)) for entry in view.providers("elasticsearch")), version(view))


def namespace(view: View) -> str:
    """Where the cluster stands."""
    return next((view.of(entry).namespace for entry in view.providers("elasticsearch")), view.namespace)


def login(view: View, where: str) -> Secret:
    """User, password and authority for a client in another namespace; the same entries of the store everywhere."""
    home, entries = namespace(view), f"{view.design.name}/{namespace(view)}"
    keys = {
        "username": f"{entries}/{WRITER}/username",
        "password": f"{entries}/{WRITER}/password",
        "ca.crt": f"{entries}/{TLS}/ca.crt",
    }
    return view.secret("logs-client", keys, namespace=where or home)


def _realm(view: View) -> Secret:
    keys = ["username", "password", "roles"]
    return view.secret(WRITER, keys, namespace=view.namespace, type_="kubernetes.io/basic-auth")


def _certificate(view: View) -> Secret:
    return view.secret(TLS, ["ca.crt", "tls.crt", "tls.key"], namespace=view.namespace)


def objects(view: View) -> list[Obj]:
    """The cluster, what it is reached and served with, and what deletes logs when their time is over."""
    return [*_certificate(view).objects, *_realm(view).objects, _cluster(view), _retention(view)]


def sink(view: View) -> dict[str, Any]:
    """Where collectors write."""
    host = f"{SERVICE}.{view.namespace}.svc"
    return {
        "kind": "elasticsearch",
        "host": host,
        "port": 9200,
        "url": f"https://{host}:9200",
        "secret": lambda where: login(view, where),
    }


def _cluster(view: View) -> Obj:
    name = view.storage_class("block")
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(view.setting("logs.storage", "50Gi"))}},
        **({"storageClassName": name} if name else {}),
    }
    count = view.quorum()
    labels = {"elasticsearch.k8s.elastic.co/cluster-name": NAME}
    container = {
        "name": "elasticsearch",
        "resources": {"requests": {"cpu": "500m", "memory": "4Gi"}, "limits": {"memory": "4Gi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    pod: Obj = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "priorityClassName": "platform",
    }
    if count > 1:
        pod["topologySpreadConstraints"] = view.spread(labels)
    return {
        "apiVersion": "elasticsearch.k8s.elastic.co/v1",
        "kind": "Elasticsearch",
        "metadata": {"name": NAME, "namespace": view.namespace},
        "spec": {
            "version": version(view),
            # Deleting the object must not delete a year of logs.
            "volumeClaimDeletePolicy": "DeleteOnScaledownOnly",
            "auth": {"fileRealm": [{"secretName": WRITER}]},
            "http": {"tls": {"certificate": {"secretName": TLS}}},
            "nodeSets": [
                {
                    "name": "default",
                    "count": count,
                    # Without this nodes would have to be prepared with a larger vm.max_map_count, by a privileged pod.
                    "config": {"node.store.allow_mmap": False},
                    "podTemplate": {"spec": pod},
                    "volumeClaimTemplates": [{"metadata": {"name": "elasticsearch-data"}, "spec": claim}],
                }
            ],
        },
    }


def _retention(view: View) -> Obj:
    """A daily job that states the lifecycle of log data streams: the operator's own way needs a licence."""
    import json

    hours = view.hours("logs.retention", "30d")
    rollover = {"max_age": "1d", "max_primary_shard_size": "50gb"}
    phases = {
        "hot": {"actions": {"rollover": rollover}},
        "delete": {"min_age": f"{hours}h", "actions": {"delete": {}}},
    }
    body = json.dumps({"policy": {"phases": phases}}, sort_keys=True)
    command = [
        "curl",
        "--fail",
        "--silent",
        "--show-error",
        "--cacert",
        "/etc/authority/ca.crt",
        "--user",
        "elastic:$(PASSWORD)",
        "--header",
        "Content-Type: application/json",
        "--request",
        "PUT",
        "--data",
        body,
        f"https://{SERVICE}.{view.namespace}.svc:9200/_ilm/policy/logs",
    ]
    password = {"secretKeyRef": {"name": f"{NAME}-es-elastic-user", "key": "elastic"}}
    container = {
        "name": "retention",
        "image": view.extra("curl"),
        "command": command,
        "env": [{"name": "PASSWORD", "valueFrom": password}],
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "authority", "mountPath": "/etc/authority", "readOnly": True}],
    }
    items = [{"key": "ca.crt", "path": "ca.crt"}]
    pod = {
        "automountServiceAccountToken": False,
        "restartPolicy": "OnFailure",
        "securityContext": {"runAsNonRoot": True, "runAsUser": 100, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "authority", "secret": {"secretName": TLS, "items": items}}],
    }
    job = {"backoffLimit": 3, "ttlSecondsAfterFinished": 86400, "template": {"spec": pod}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "logs-retention", "namespace": view.namespace},
        "spec": {"schedule": "17 3 * * *", "concurrencyPolicy": "Forbid", "jobTemplate": {"spec": job}},
    }


def address(view: View, capability: str) -> str | None:
    """URL of its API."""
    return f"https://{SERVICE}.{view.namespace}.svc:9200" if capability in ("log-store", "elasticsearch") else None


def datasource(view: View) -> list[dict[str, Any]]:
    """Grafana's data source; user and password come from the environment."""
    return [
        {
            "name": "Elasticsearch",
            "uid": "logs",
            "type": "elasticsearch",
            "access": "proxy",
            "url": address(view, "log-store"),
            "basicAuth": True,
            "basicAuthUser": "$LOGS_USERNAME",
            "secureJsonData": {"basicAuthPassword": "$LOGS_PASSWORD", "tlsCACert": "$LOGS_CA_CRT"},
            "jsonData": {"index": "logs-*", "timeField": "@timestamp", "tlsAuthWithCACert": True},
        }
    ]


def pipeline(view: View) -> dict[str, Any]:
    """Logs that come over OTLP; user and password from the environment, the authority from a mount."""
    config = {
        "endpoints": [address(view, "log-store")],
        "user": "${env:LOGS_USERNAME}",
        "password": "${env:LOGS_PASSWORD}",
        "tls": {"ca_file": "/etc/log-store/ca.crt"},
    }
    answer = {"name": "elasticsearch/logs", "config": config, "secret": lambda where: login(view, where)}
    return {"logs": {**answer, "prefix": "LOGS"}}


def operator_values(view: View) -> dict[str, Any]:
    """Values of the operator's chart: it watches its own namespace and is watched where monitors are acted on."""
    return {
        "replicaCount": 2 if view.highly_available else 1,
        "managedNamespaces": [view.namespace],
        "config": {"metrics": {"port": "8080" if view.monitors else "0"}, "validateStorageClass": True},
        "podMonitor": {"enabled": view.monitors},
    }


def datasource_secret(view: View) -> Any:
    """A function of a namespace: what dashboards there sign in with."""
    return lambda where: login(view, where)
