"""Linkerd: certificates from cert-manager's kinds, authorization from the design's flows, its own monitors.

The trust anchor is made in the cluster and renewed by people; the issuer below it renews itself every two days.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests.pods import matcher, owned
from exporters.manifests.references import Obj
from exporters.manifests.shortened import short
from exporters.manifests.view import View

_ANCHOR, _ISSUER, _ROOTS = "linkerd-trust-anchor", "linkerd-identity-issuer", "linkerd-identity-trust-roots"
_DOMAIN = "identity.linkerd.cluster.local"
_POLICY = "policy.linkerd.io"


def values(view: View) -> dict[str, Any]:
    """Values of its charts (https://linkerd.io/2-edge/tasks/install-helm/)."""
    if view.release == "linkerd-cni":
        for binaries, configuration in view.gather("cni_paths", "kubernetes"):
            return {"destCNIBinDir": binaries, "destCNINetDir": configuration}
        return {}
    if view.release != "linkerd-control-plane":
        return {}
    copies = view.quorum()
    ranges = view.cluster.ranges
    stated = [entry for entry in (ranges.pods, ranges.services, ranges.nodes) if entry]
    return {
        "controllerReplicas": copies,
        "enablePodAntiAffinity": copies > 1,
        "enablePodDisruptionBudget": copies > 1,
        "podMonitor": {"enabled": view.monitors},
        **({"clusterNetworks": ",".join(stated)} if ranges.pods and ranges.services else {}),
    }


def objects(view: View) -> list[Obj]:
    """The trust anchor, the issuer below it, and where proxies find the anchor
    (https://linkerd.io/2-edge/tasks/automatically-rotating-control-plane-tls-credentials/)."""
    namespace = view.namespace

    def made(kind: str, name: str, spec: Obj) -> Obj:
        metadata = {"name": name, "namespace": namespace}
        return {"apiVersion": "cert-manager.io/v1", "kind": kind, "metadata": metadata, "spec": spec}

    anchor = {
        "isCA": True,
        "commonName": "root.linkerd.cluster.local",
        "secretName": _ANCHOR,
        "duration": "87600h",
        "renewBefore": "8760h",
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
        "issuerRef": {"name": "linkerd-self", "kind": "Issuer", "group": "cert-manager.io"},
    }
    below = {
        "isCA": True,
        "commonName": _DOMAIN,
        "dnsNames": [_DOMAIN],
        "secretName": _ISSUER,
        "duration": "48h",
        "renewBefore": "25h",
        "privateKey": {"algorithm": "ECDSA", "rotationPolicy": "Always"},
        "usages": ["cert sign", "crl sign", "server auth", "client auth"],
        "issuerRef": {"name": _ANCHOR, "kind": "Issuer", "group": "cert-manager.io"},
    }
    return [
        made("Issuer", "linkerd-self", {"selfSigned": {}}),
        made("Certificate", _ANCHOR, anchor),
        made("Issuer", _ANCHOR, {"ca": {"secretName": _ANCHOR}}),
        made("Certificate", _ISSUER, below),
        *_roots(view),
    ]


def _roots(view: View) -> list[Obj]:
    """A job that copies the public certificate of the anchor to where proxies read it."""
    namespace, name = view.namespace, "linkerd-trust-roots"
    metadata = {"name": name, "namespace": namespace}
    rbac = "rbac.authorization.k8s.io"
    script = (
        f"kubectl -n {namespace} get secret {_ANCHOR} -o jsonpath='{{.data.ca\\.crt}}' | base64 -d > /tmp/ca-bundle.crt && "
        "test -s /tmp/ca-bundle.crt && "
        f"kubectl -n {namespace} create configmap {_ROOTS} --from-file=/tmp/ca-bundle.crt --dry-run=client -o yaml "
        "| kubectl apply --server-side -f -"
    )
    container = {
        "name": "copy",
        "image": f"docker.io/alpine/kubectl:{view.kubernetes_minor}.0",
        "command": ["/bin/sh", "-c", script],
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    pod = {
        "serviceAccountName": name,
        "restartPolicy": "OnFailure",
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Mi"}}],
    }
    rights = [
        {"apiGroups": [""], "resources": ["secrets"], "resourceNames": [_ANCHOR], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": [_ROOTS], "verbs": ["get", "patch", "update"]},
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]},
    ]
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        {"apiVersion": f"{rbac}/v1", "kind": "Role", "metadata": metadata, "rules": rights},
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": rbac, "kind": "Role", "name": name},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
        },
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": metadata,
            "spec": {
                "schedule": "*/10 * * * *",
                "concurrencyPolicy": "Forbid",
                "successfulJobsHistoryLimit": 1,
                "failedJobsHistoryLimit": 1,
                "jobTemplate": {"spec": {"backoffLimit": 3, "template": {"spec": pod}}},
            },
        },
    ]


def unmeshed(view: View) -> dict[str, Any]:
    """What keeps a pod of a namespace of the mesh out of it."""
    return {"annotations": {"linkerd.io/inject": "disabled"}}


def images(view: View) -> tuple[str, ...]:
    """The proxy and what looks before it whether the plugin did its work, from one image
    (https://github.com/linkerd/linkerd2/blob/main/charts/linkerd-control-plane/values.yaml)."""
    return ("cr.l5d.io/linkerd/proxy:",)


def sidecars(view: View) -> dict[str, Any]:
    """An annotation of the namespace puts a proxy into its pods. At a port with a Server it lets probes by HTTP pass, and
    not those by gRPC (https://github.com/linkerd/linkerd2/issues/9595)."""
    return {"namespace_annotations": {"linkerd.io/inject": "enabled"}, "grpc_probes": False}


def authorize(view: View) -> Callable[[dict[str, Any], list[dict[str, Any]]], list[Obj]]:
    """A Server for the port, and who may call it (https://linkerd.io/2-edge/reference/authorization-policy/)."""
    members = {workload.name for workload in view.workloads}

    def answer(target: dict[str, Any], callers: list[dict[str, Any]]) -> list[Obj]:
        namespace = target["namespace"]
        named = sorted(
            {
                f"{caller['service_account']}.{caller['namespace']}.serviceaccount.{_DOMAIN}"
                for caller in callers
                if caller["name"] in members
            }
        )
        plain = [caller for caller in callers if caller["name"] not in members and caller["port"] == target["port"]]

        def made(version: str, kind: str, name: str, spec: Obj) -> Obj:
            metadata = {"name": short(name, 63), "namespace": namespace}
            return {"apiVersion": f"{_POLICY}/{version}", "kind": kind, "metadata": metadata, "spec": spec}

        server = made(
            "v1beta3",
            "Server",
            target["name"],
            {
                "podSelector": {"matchLabels": dict(target["labels"])},
                "port": target["port"],
                "proxyProtocol": {"grpc": "gRPC", "http": "unknown"}.get(str(target["protocol"]), "opaque"),
                "accessPolicy": "deny",
            },
        )
        found = [server]
        aim = {"group": _POLICY, "kind": "Server", "name": server["metadata"]["name"]}
        if named:
            one = made("v1alpha1", "MeshTLSAuthentication", target["name"], {"identities": named})
            found.append(one)
            required = [{"group": _POLICY, "kind": "MeshTLSAuthentication", "name": one["metadata"]["name"]}]
            spec = {"targetRef": aim, "requiredAuthenticationRefs": required}
            found.append(made("v1alpha1", "AuthorizationPolicy", target["name"], spec))
        if plain:
            networks = {"networks": [{"cidr": "0.0.0.0/0"}, {"cidr": "::/0"}]}
            other = made("v1alpha1", "NetworkAuthentication", f"{target['name']}-plain", networks)
            required = [{"group": _POLICY, "kind": "NetworkAuthentication", "name": other["metadata"]["name"]}]
            spec = {"targetRef": aim, "requiredAuthenticationRefs": required}
            found += [other, made("v1alpha1", "AuthorizationPolicy", f"{target['name']}-plain", spec)]
        return found

    return answer


def counts_owners(view: View) -> bool:
    """True: proxies name the Deployment of a pod, not the Service that was called."""
    return True


def request_metrics(view: View) -> Callable[[Any, str, tuple[str, ...]], tuple[str, str]]:
    """What the proxies of the called pods count (https://linkerd.io/2-edge/reference/proxy-metrics/)."""

    def answer(workload: Any, namespace: str, names: tuple[str, ...]) -> tuple[str, str]:
        owner = {"statefulset": "statefulset"}.get(str(workload.kind), "deployment")
        whose = matcher(owner, names)
        parts = owned(view, workload)
        if "replicas" in parts:
            # Proxies know no Rollout: its pods are told by their names, those of the version that is tried by its hash.
            tried = names != (workload.name,) and len(names) == 1
            whose = f'pod=~"{workload.name}-{"{{args.hash}}" if tried else "[0-9a-f]+"}-[0-9a-z]+"'
        chosen = f'direction="inbound",namespace="{namespace}",{whose}'
        failed = f'sum(rate(response_total{{{chosen},classification="failure"}}[WINDOW]))'
        return failed, f"sum(rate(response_total{{{chosen}}}[WINDOW]))"

    return answer


def dataplane(view: View) -> dict[str, Any]:
    """Proxies take connections at a port of their own and fetch configuration and certificates."""
    members: Obj = {"namespaceSelector": {"matchLabels": {"k8s-wizard.dev/kind": "workloads"}}}
    control = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": view.namespace}}}
    platform = {"namespaceSelector": {"matchLabels": {"k8s-wizard.dev/kind": "platform"}}}
    ports = [{"protocol": "TCP", "port": port} for port in (8080, 8086, 8090)]
    return {
        "name": "mesh",
        "ingress": [
            {"from": [members], "ports": [{"protocol": "TCP", "port": 4143}]},
            {"from": [platform], "ports": [{"protocol": "TCP", "port": 4191}]},
        ],
        "egress": [
            {"to": [control], "ports": ports},
            {"to": [members], "ports": [{"protocol": "TCP", "port": 4143}]},
        ],
        "residue": [
            "Pods of the mesh may reach each other's proxies (port 4143); who may call whom behind them is said by the "
            "mesh's own authorization."
        ],
    }


def splits(view: View) -> str:
    """Calls are split by routes of the Gateway API whose parent is the Service."""
    return "routes"
