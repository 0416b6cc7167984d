"""Consul: three servers, sidecars by annotation, deny by default and intentions from the design's flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.families import entrances
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_API = "consul.hashicorp.com/v1alpha1"


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://developer.hashicorp.com/consul/docs/reference/k8s/helm)."""
    storage = view.storage_class()
    connect: dict[str, Any] = {
        "replicas": view.replicas(),
        "transparentProxy": {"defaultEnabled": True},
    }
    for binaries, configuration in view.gather("cni_paths", "kubernetes"):
        connect["cni"] = {"cniBinDir": binaries, "cniNetDir": configuration}
    return {
        "global": {"datacenter": view.cluster.name, "metrics": {"enableAgentMetrics": True}},
        "server": {
            "replicas": view.quorum(),
            "storage": "10Gi",
            **({"storageClass": storage} if storage else {}),
        },
        "connectInject": connect,
        "dns": {"enabled": "service-discovery" in view.roles},
    }


def objects(view: View) -> list[Obj]:
    """HTTP as the mesh's protocol, so that requests are counted and split; mutual TLS is all it knows."""
    if "mesh" not in view.roles:
        return []
    found: list[Obj] = [
        {
            "apiVersion": _API,
            "kind": "ProxyDefaults",
            "metadata": {"name": "global", "namespace": view.namespace},
            "spec": {"config": {"protocol": "http"}},
        },
        {
            "apiVersion": _API,
            "kind": "Mesh",
            "metadata": {"name": "mesh", "namespace": view.namespace},
            "spec": {"transparentProxy": {"meshDestinationsOnly": False}},
        },
    ]
    for workload in view.workloads:
        if workload.port is not None and workload.protocol in ("grpc", "tcp", "thrift"):
            protocol = "grpc" if workload.protocol == "grpc" else "tcp"
            metadata = {"name": workload.name, "namespace": view.workload_namespace(workload)}
            spec = {"protocol": protocol}
            found.append({"apiVersion": _API, "kind": "ServiceDefaults", "metadata": metadata, "spec": spec})
    return found


def sidecars(view: View) -> dict[str, Any]:
    """Pods ask for a proxy themselves. Ports whose callers have none are left out of its redirection, or they would be
    refused (https://developer.hashicorp.com/consul/docs/k8s/annotations-and-labels); of probes only those by HTTP are
    taken to the proxy's side."""

    def ports(workload: Workload) -> dict[str, str]:
        plain = ",".join(str(port) for port in entrances.plain_ports(view, workload))
        return {"consul.hashicorp.com/transparent-proxy-exclude-inbound-ports": plain} if plain else {}

    return {
        "pod_annotations": {"consul.hashicorp.com/connect-inject": "true"},
        "annotations_of": ports,
        "grpc_probes": False,
    }


def authorize(view: View) -> Callable[[dict[str, Any], list[dict[str, Any]]], list[Obj]]:
    """Intentions: the callers named may, all others may not."""
    members = {workload.name for workload in view.workloads}

    def answer(target: dict[str, Any], callers: list[dict[str, Any]]) -> list[Obj]:
        named = sorted({str(caller["name"]) for caller in callers if caller["name"] in members})
        sources = [{"name": name, "action": "allow"} for name in named]
        spec = {"destination": {"name": target["name"]}, "sources": [*sources, {"name": "*", "action": "deny"}]}
        metadata = {"name": target["name"], "namespace": target["namespace"]}
        return [{"apiVersion": _API, "kind": "ServiceIntentions", "metadata": metadata, "spec": spec}]

    return answer


def dataplane(view: View) -> dict[str, Any]:
    """Proxies take connections at a port of their own and ask the servers."""
    if "mesh" not in view.roles:
        return {}
    members: Obj = {"namespaceSelector": {"matchLabels": {"k8s-wizard.dev/kind": "workloads"}}}
    servers = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": view.namespace}}}
    proxy = [{"protocol": "TCP", "port": 20000}]
    ports = [{"protocol": "TCP", "port": port} for port in (8501, 8502)]
    return {
        "name": "mesh",
        "ingress": [{"from": [members], "ports": proxy}],
        "egress": [{"to": [servers], "ports": ports}, {"to": [members], "ports": proxy}],
    }
