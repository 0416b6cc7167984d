"""Strimzi: its operator, and a Kafka whose brokers stand on different nodes and zones."""

from __future__ import annotations

from typing import Any

from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_API = "kafka.strimzi.io/v1"
_NAME, _POOL = "kafka", "brokers"
_SIZE = "50Gi"
_PORT = 9093


def values(view: View) -> dict[str, Any]:
    """Copies of the operator, of which one leads."""
    copies = max(1, min(2, view.replicas()))
    return {
        "replicas": copies,
        "podDisruptionBudget": {"enabled": copies > 1},
        "priorityClassName": PLATFORM_PRIORITY,
    }


def objects(view: View) -> list[Obj]:
    """Brokers that vote as well, TLS with client certificates, and topics and users as objects
    (https://strimzi.io/docs/operators/latest/deploying)."""
    count = view.quorum()
    kept = min(2, count)
    volume: Obj = {"id": 0, "type": "persistent-claim", "size": _SIZE, "deleteClaim": False, "kraftMetadata": "shared"}
    stated = view.storage_class()
    if stated:
        volume["class"] = stated
    pool = {
        "replicas": count,
        "roles": ["controller", "broker"],
        "storage": {"type": "jbod", "volumes": [volume]},
        "resources": {"requests": {"cpu": "500m", "memory": "2Gi"}, "limits": {"memory": "2Gi"}},
        "jvmOptions": {"-Xms": "1g", "-Xmx": "1g"},
        "template": {"pod": {"topologySpreadConstraints": _spread(view), "priorityClassName": "workloads"}},
    }
    kafka: Obj = {
        "listeners": [
            {"name": "tls", "port": _PORT, "type": "internal", "tls": True, "authentication": {"type": "tls"}},
        ],
        "authorization": {"type": "simple"},
        "config": {
            "default.replication.factor": count,
            "min.insync.replicas": kept,
            "offsets.topic.replication.factor": count,
            "transaction.state.log.replication.factor": count,
            "transaction.state.log.min.isr": kept,
            "auto.create.topics.enable": False,
        },
    }
    if view.zones > 1 and count > 1:
        kafka["rack"] = {"topologyKey": "topology.kubernetes.io/zone"}
    small = {"resources": {"requests": {"cpu": "50m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}}}
    labels = {"strimzi.io/cluster": _NAME}
    return [
        {
            "apiVersion": _API,
            "kind": "KafkaNodePool",
            "metadata": {"name": _POOL, "namespace": view.namespace, "labels": labels},
            "spec": pool,
        },
        {
            "apiVersion": _API,
            "kind": "Kafka",
            "metadata": {"name": _NAME, "namespace": view.namespace},
            "spec": {"kafka": kafka, "entityOperator": {"topicOperator": small, "userOperator": small}},
        },
    ]


def _spread(view: View) -> list[Obj]:
    return view.spread({"strimzi.io/cluster": _NAME, "strimzi.io/kind": "Kafka"})
