"""Filebeat on each node, and on the machines of own API servers: to Logstash by Elastic's own protocol."""

from __future__ import annotations

import hashlib
from typing import Any

import yaml

from exporters.manifests import elasticsearch, sinks
from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_NAME = "filebeat"
_AUDIT = f"{_NAME}-audit"
_STATS = 5066
_LOGS = "/var/log"
_DATA = "/usr/share/filebeat/data"
_TOLD = "k8s-wizard.dev/configuration"
"""Annotation that changes with the configuration: agents read it only when they start."""


def objects(view: View) -> list[Obj]:
    """Agents of all nodes with what they may ask the API, and where API servers are one's own those of their machines
    (https://www.elastic.co/docs/reference/beats/filebeat/running-on-kubernetes)."""
    volume = {"name": "logs", "hostPath": {"path": _LOGS}}
    mount = {"name": "logs", "mountPath": _LOGS, "readOnly": True}
    found = [*_rights(view), *_agent(view, _NAME, _containers(view), volume, mount)]
    path = sinks.audit_log(view)
    if path is not None:
        found += _agent(view, _AUDIT, _records(view, path), sinks.audit_volume(path), sinks.audit_mount(path))
    return found


def _containers(view: View) -> dict[str, Any]:
    """Logs of containers, with the names of their pods (.../beats/filebeat/filebeat-input-filestream)."""
    names = {
        "host": "${NODE_NAME}",
        "matchers": [{"logs_path": {"logs_path": f"{_LOGS}/containers/"}}],
        # Pods say enough; names of what made them would be further questions to the API.
        "add_resource_metadata": {"deployment": False, "cronjob": False},
        # The cluster is named below; asking kubeadm's ConfigMap for it is a right that agents do not have.
        "use_kubeadm": False,
    }
    read = {
        "type": "filestream",
        "id": "containers",
        "paths": [f"{_LOGS}/containers/*.log"],
        # By their contents files count from 1,024 bytes on, and what a pod said before it ended is often less.
        "file_identity.native": None,
        "prospector.scanner": {"symlinks": True, "fingerprint": {"enabled": False}},
        "parsers": [{"container": {"stream": "all"}}],
    }
    return _config(view, read, [{"add_kubernetes_metadata": names}], {})


def _records(view: View, path: str) -> dict[str, Any]:
    """Records of the API servers: what they are told apart by leads them to a stream of their own."""
    read = {
        "type": "filestream",
        "id": "audit",
        "paths": [path],
        "parsers": [{"ndjson": {"target": "", "overwrite_keys": True, "add_error_key": True}}],
    }
    return _config(view, read, [], {"log_type": "audit"})


def _config(view: View, read: dict[str, Any], more: list[dict[str, Any]], fields: dict[str, str]) -> dict[str, Any]:
    place = {"target": "", "fields": {"cluster": view.cluster.name, **fields}}
    hosts = [sink["beats"] for sink in view.gather("sink", "log-aggregation") if "beats" in sink]
    return {
        "filebeat.inputs": [read],
        "processors": [*more, {"add_fields": place}],
        "output.logstash": {"hosts": hosts},
        "http": {"enabled": True, "host": "0.0.0.0", "port": _STATS},
        "logging.level": "warning",
    }


def _agent(view: View, name: str, config: dict[str, Any], volume: Obj, mount: Obj) -> list[Obj]:
    labels = {"app.kubernetes.io/name": _NAME, "app.kubernetes.io/instance": name}
    metadata = {"name": name, "namespace": view.namespace, "labels": labels}
    text = yaml.safe_dump(config, sort_keys=True)
    audits = name == _AUDIT
    alive = {"httpGet": {"path": "/", "port": "stats"}, "periodSeconds": 30, "timeoutSeconds": 5}
    container: Obj = {
        "name": _NAME,
        "image": _image(view),
        "args": ["-c", "/etc/filebeat/filebeat.yml", "-e"],
        "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
        "ports": [{"name": "stats", "containerPort": _STATS}],
        "livenessProbe": {**alive, "initialDelaySeconds": 15},
        "readinessProbe": {**alive, "initialDelaySeconds": 5},
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": {
            "runAsUser": 0,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], **({"add": ["DAC_READ_SEARCH"]} if audits else {})},
        },
        "volumeMounts": [
            {"name": "configuration", "mountPath": "/etc/filebeat", "readOnly": True},
            {"name": "state", "mountPath": _DATA},
            mount,
        ],
    }
    pod: Obj = {
        "serviceAccountName": name,
        "automountServiceAccountToken": not audits,
        "enableServiceLinks": False,
        "priorityClassName": PLATFORM_PRIORITY,
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "tolerations": [{"operator": "Exists"}],
        "containers": [container],
        "volumes": [
            {"name": "configuration", "configMap": {"name": name, "defaultMode": 0o440}},
            {"name": "state", "hostPath": {"path": f"/var/lib/{name}", "type": "DirectoryOrCreate"}},
            volume,
        ],
    }
    if audits:
        pod["affinity"] = sinks.on_servers()
    told = hashlib.sha256(text.encode()).hexdigest()[:16]
    agents: Obj = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata,
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
            "template": {"metadata": {"labels": dict(labels), "annotations": {_TOLD: told}}, "spec": pod},
        },
    }
    account = {"name": name, "namespace": view.namespace}
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account, "automountServiceAccountToken": False},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": dict(metadata), "data": {"filebeat.yml": text}},
        agents,
    ]


def _image(view: View) -> str:
    """Of the release of the stack that it writes to: a newer agent and an older store do not go together."""
    image = view.me.extra(_NAME)
    stack = next(iter(view.providers("elasticsearch")), None)
    return f"{image.image}:{elasticsearch.version(view.of(stack)) if stack is not None else image.version}"


def _rights(view: View) -> list[Obj]:
    """Agents may read which pods there are, and nothing else."""
    rbac = "rbac.authorization.k8s.io"
    rules = [{"apiGroups": [""], "resources": ["namespaces", "nodes", "pods"], "verbs": ["get", "list", "watch"]}]
    return [
        {"apiVersion": f"{rbac}/v1", "kind": "ClusterRole", "metadata": {"name": _NAME}, "rules": rules},
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": _NAME},
            "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": _NAME},
            "subjects": [{"kind": "ServiceAccount", "name": _NAME, "namespace": view.namespace}],
        },
    ]
