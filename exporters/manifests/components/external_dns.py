"""ExternalDNS: what it watches, which names it may write, and how it signs in to the DNS service.

Where two services answer for the zone, the chart writes into the first and a second Deployment like it into the other.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests.cluster import PLATFORM_PRIORITY
from exporters.manifests.shortened import short
from exporters.manifests.view import View

_NAME = "external-dns"
_PREFIX = "external-dns.alpha.kubernetes.io/"
"""Beginning of the annotations it reads; a later release reads others unless it is told."""


def _writers(view: View) -> list[dict[str, Any]]:
    """How each DNS service is written, the one of the cluster's own cloud first."""
    found = [writer(view) for writer in view.gather("dns_writer", "dns-api")]
    home = {"aws": "aws", "gcp": "google", "azure": "azure"}.get(view.cloud)
    return sorted(found, key=lambda writer: writer["provider"] != home)


def _sources(view: View) -> list[str]:
    """What names are read from: routes of the entry, and Services that ask for a name."""
    entry = view.entry()
    routes = ["gateway-httproute", "gateway-grpcroute"] if entry is not None and entry.gateway_class else ["ingress"]
    return [*routes, "service"]


def _owner(view: View) -> str:
    return short(f"{view.design.name}-{view.cluster.name}", 63)


def values(view: View) -> dict[str, Any]:
    """Values of the chart."""
    identity = view.identity(_NAME)
    found: dict[str, Any] = {
        "sources": _sources(view),
        "domainFilters": [view.domain],
        "txtOwnerId": _owner(view),
        "annotationPrefix": _PREFIX,
        "serviceAccount": {"name": _NAME, "annotations": dict(identity.annotations)},
        "podLabels": dict(identity.pod_labels),
        "priorityClassName": PLATFORM_PRIORITY,
        "serviceMonitor": {"enabled": view.monitors},
    }
    for writer in _writers(view)[:1]:
        found["provider"] = {"name": writer["provider"]}
        found["env"] = writer.get("env", [])
        found["extraArgs"] = writer.get("args", [])
        found["extraVolumes"] = writer.get("volumes", [])
        found["extraVolumeMounts"] = writer.get("mounts", [])
    return found


def objects(view: View) -> list[dict[str, Any]]:
    """What signing in needs, and the second writer."""
    writers = _writers(view)
    found = [obj for writer in writers for obj in writer.get("objects", ())]
    found.extend(view.identity(_NAME).objects)
    for writer in writers[1:]:
        found += [*_rights(view, f"{_NAME}-{writer['provider']}"), _second(view, writer)]
    return found


def keeps_off(view: View) -> dict[str, str]:
    """Objects that name another controller are nobody's here
    (https://kubernetes-sigs.github.io/external-dns/v0.21.0/docs/annotations/annotations/)."""
    return {f"{_PREFIX}controller": "none"}


def _rights(view: View, name: str) -> list[dict[str, Any]]:
    """An account of its own, which may read what names come from
    (https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/gateway-api/)."""
    rbac = "rbac.authorization.k8s.io"
    read = {"verbs": ["get", "list", "watch"]}
    rules = [
        {"apiGroups": [""], "resources": ["namespaces", "nodes", "pods", "services"], **read},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], **read},
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], **read},
        {"apiGroups": ["gateway.networking.k8s.io"], "resources": ["gateways", "grpcroutes", "httproutes"], **read},
    ]
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": view.namespace}},
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": name},
            "rules": rules,
        },
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": name},
            "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": view.namespace}],
        },
    ]


def _second(view: View, writer: dict[str, Any]) -> dict[str, Any]:
    release = view.design.release(view.me.id)
    version = release.version if release is not None else view.me.releases[0].version
    name = f"{_NAME}-{writer['provider']}"
    labels = {"app.kubernetes.io/name": _NAME, "app.kubernetes.io/instance": _NAME, "app.kubernetes.io/component": name}
    args = [
        *(f"--source={source}" for source in _sources(view)),
        f"--provider={writer['provider']}",
        f"--domain-filter={view.domain}",
        "--policy=sync",
        "--registry=txt",
        f"--txt-owner-id={_owner(view)}",
        f"--annotation-prefix={_PREFIX}",
        "--log-format=json",
        *writer.get("args", ()),
    ]
    container: dict[str, Any] = {
        "name": _NAME,
        "image": f"registry.k8s.io/external-dns/external-dns:v{version}",
        "args": args,
        "env": writer.get("env", []),
        "ports": [{"name": "http", "containerPort": 7979}],
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": writer.get("mounts", []),
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": view.namespace, "labels": labels},
        "spec": {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "serviceAccountName": name,
                    "priorityClassName": PLATFORM_PRIORITY,
                    "securityContext": {"fsGroup": 65534, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                    "containers": [container],
                    "volumes": writer.get("volumes", []),
                },
            },
        },
    }
