"""Consul: three servers, sidecars by annotation, deny by default and intentions from the design's flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.families import entrances
from exporters.manifests.references import Obj
from exporters.manifests.sharing import Second
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


def images(view: View) -> tuple[str, ...]:
    """The proxy, and what makes it known before it starts
    (https://developer.hashicorp.com/consul/docs/reference/k8s/helm)."""
    return ("hashicorp/consul-dataplane:", "hashicorp/consul-k8s-control-plane:")


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
        found = []
        for service in target["services"]:
            spec = {"destination": {"name": service}, "sources": [*sources, {"name": "*", "action": "deny"}]}
            metadata = {"name": service, "namespace": target["namespace"]}
            found.append({"apiVersion": _API, "kind": "ServiceIntentions", "metadata": metadata, "spec": spec})
        return found

    return answer


def account_of_service(view: View) -> bool:
    """With access lists a pod registers only as the service that its account is called like
    (https://github.com/hashicorp/consul-k8s/blob/main/control-plane/subcommand/connect-init/command.go)."""
    return "mesh" in view.roles


def further_service(view: View) -> dict[str, str]:
    """A pod that two Services select waits for ever, unless all but one are left out
    (https://developer.hashicorp.com/consul/docs/k8s/annotations-and-labels)."""
    return {"consul.hashicorp.com/service-ignore": "true"} if "mesh" in view.roles else {}


def splits(view: View) -> str:
    """By kinds of its own; routes of the Gateway API are read at its own gateways alone."""
    return "splitter" if "mesh" in view.roles else ""


def between(view: View) -> Callable[[Workload, str, Second], list[Obj]]:
    """Shares of the calls, and before them the header by which a caller chooses
    (https://developer.hashicorp.com/consul/docs/reference/config-entry/service-splitter)."""

    def answer(workload: Workload, namespace: str, second: Second) -> list[Obj]:
        metadata = {"name": workload.name, "namespace": namespace}
        shares = [{"weight": 100 - second.weight}, {"weight": second.weight, "service": second.service}]
        found: list[Obj] = [{"apiVersion": _API, "kind": "ServiceSplitter", "metadata": metadata, "spec": {"splits": shares}}]
        if second.header is not None:
            match = {"http": {"header": [{"name": second.header[0], "exact": second.header[1]}]}}
            spec = {"routes": [{"match": match, "destination": {"service": second.service}}]}
            found.append({"apiVersion": _API, "kind": "ServiceRouter", "metadata": metadata, "spec": spec})
        if workload.protocol == "grpc":
            metadata = {"name": second.service, "namespace": namespace}
            protocol = {"protocol": "grpc"}
            found.append({"apiVersion": _API, "kind": "ServiceDefaults", "metadata": metadata, "spec": protocol})
        return found

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
