"""Servers of a secret store of the Vault family with integrated storage: TLS, joining, disks and monitors."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.view import View


def replicas(view: View) -> int:
    """Servers: what was asked for, and never more than there are nodes to keep them apart on."""
    wanted = int(view.setting("secret-store.replicas", 3))
    return wanted if wanted <= view.nodes else 1


def tls(view: View) -> str:
    """Name of the Secret with ca.crt, tls.crt and tls.key."""
    return f"{view.me.id}-tls"


def values(view: View, home: str, variable: str) -> dict[str, Any]:
    """Values of the chart. `home`: the program's folder in its image; `variable`: prefix of its variables."""
    name, folder = view.release, f"{home}/userconfig/{tls(view)}"
    count = replicas(view)
    joins = "\n".join(
        f'  retry_join {{\n    leader_api_addr = "https://{name}-{at}.{name}-internal:8200"\n'
        f'    leader_ca_cert_file = "{folder}/ca.crt"\n    leader_tls_servername = "{name}"\n  }}'
        for at in range(count)
    )
    config = f"""ui = true

listener "tcp" {{
  tls_disable = 0
  address = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_cert_file = "{folder}/tls.crt"
  tls_key_file = "{folder}/tls.key"
  tls_client_ca_file = "{folder}/ca.crt"
  telemetry {{
    unauthenticated_metrics_access = "true"
  }}
}}

storage "raft" {{
  path = "{home}/data"
{joins}
}}

telemetry {{
  prometheus_retention_time = "24h"
  disable_hostname = true
}}

service_registration "kubernetes" {{}}
"""
    server: dict[str, Any] = {
        "ha": {"replicas": count, "raft": {"config": config}},
        "volumes": [{"name": "tls", "secret": {"secretName": tls(view), "defaultMode": 288}}],
        "volumeMounts": [{"name": "tls", "mountPath": folder, "readOnly": True}],
        "extraEnvironmentVars": {f"{variable}_CACERT": f"{folder}/ca.crt"},
        "priorityClassName": "platform",
    }
    storage = view.storage_class("block")
    if storage:
        server |= {"dataStorage": {"storageClass": storage}, "auditStorage": {"storageClass": storage}}
    if view.zones > 1 and count > 1:
        labels = {"app.kubernetes.io/name": name, "component": "server"}
        server["topologySpreadConstraints"] = view.spread(labels)[:1]
    monitor: dict[str, Any] = {"enabled": view.monitors}
    if view.monitors:
        authority = {"secret": {"name": tls(view), "key": "ca.crt"}}
        monitor["tlsConfig"] = {"ca": authority, "serverName": name}
    return {"global": {"tlsDisable": False}, "server": server, "serverTelemetry": {"serviceMonitor": monitor}}


def signed(view: View) -> bool:
    """True where cert-manager's kinds are installed, which can sign what stays inside the cluster."""
    return any(
        entry.install is not None and "cert-manager.io" in entry.install.crds
        for entry in view.providers("certificate-automation")
    )


def objects(view: View) -> list[Obj]:
    """An authority of its own and the servers' certificate; without cert-manager a person makes the Secret."""
    if not signed(view):
        return []
    name, namespace = view.release, view.namespace
    names = [name, f"{name}.{namespace}", f"{name}.{namespace}.svc", f"*.{name}-internal", f"{name}-active.{namespace}.svc"]

    def issuer(label: str, spec: Obj) -> Obj:
        metadata = {"name": label, "namespace": namespace}
        return {"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "metadata": metadata, "spec": spec}

    def certificate(label: str, spec: Obj) -> Obj:
        metadata = {"name": label, "namespace": namespace}
        return {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": metadata, "spec": spec}

    key = {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"}
    authority = {
        "isCA": True,
        "commonName": f"{name} authority",
        "secretName": f"{name}-authority",
        "duration": "87600h",
        "privateKey": key,
        "issuerRef": {"name": f"{name}-self", "kind": "Issuer", "group": "cert-manager.io"},
    }
    serving = {
        "secretName": tls(view),
        "duration": "2160h",
        "renewBefore": "720h",
        "privateKey": key,
        "commonName": name,
        "dnsNames": [*names, "localhost"],
        "ipAddresses": ["127.0.0.1"],
        "usages": ["digital signature", "key encipherment", "server auth", "client auth"],
        "issuerRef": {"name": f"{name}-authority", "kind": "Issuer", "group": "cert-manager.io"},
    }
    return [
        issuer(f"{name}-self", {"selfSigned": {}}),
        certificate(f"{name}-authority", authority),
        issuer(f"{name}-authority", {"ca": {"secretName": f"{name}-authority"}}),
        certificate(tls(view), serving),
    ]


def address(view: View, capability: str) -> str | None:
    """Its API."""
    return f"https://{view.me.id}.{view.namespace}.svc:8200" if capability == "secret-store" else None


def connection(view: View) -> dict[str, str]:
    """Address, and the Secret (here) with the certificate of its authority."""
    return {"address": str(address(view, "secret-store")), "authority": tls(view)}


def external_store(view: View) -> Any:
    """A function of the operator's service account: signed in by the Kubernetes method, role as the account."""

    def provider(account: str, namespace: str) -> dict[str, Any]:
        reference = {"name": account, "namespace": namespace}
        authority = {"type": "Secret", "name": tls(view), "key": "ca.crt", "namespace": view.namespace}
        login = {"mountPath": "kubernetes", "role": account, "serviceAccountRef": reference}
        return {
            "vault": {
                "server": address(view, "secret-store"),
                "path": "secret",
                "version": "v2",
                "caProvider": authority,
                "auth": {"kubernetes": login},
            }
        }

    return provider


def remote(view: View) -> Any:
    """The last part of an entry is a property of the value that its path names."""

    def locate(entry: str) -> dict[str, str]:
        path, _, name = entry.rpartition("/")
        return {"key": path, "property": name} if path else {"key": name}

    return locate


def csi(view: View) -> Any:
    """Provider and parameters of the CSI driver."""

    def parameters(keys: dict[str, str]) -> tuple[str, dict[str, str]]:
        lines = ""
        for key, entry in keys.items():
            path, _, name = entry.rpartition("/")
            lines += f'- objectName: "{key}"\n  secretPath: "secret/data/{path}"\n  secretKey: "{name}"\n'
        about = {"roleName": "workloads", "vaultAddress": str(address(view, "secret-store")), "objects": lines}
        return "vault", about

    return parameters


def authority(view: View) -> str:
    """Name of the Secret with the (public) ca.crt that a person copies to where other controllers need it."""
    return f"{view.me.id}-authority"


def pki(view: View) -> Any:
    """A function of what renews certificates and a role: its PKI engine as an issuer."""

    def issuer(automation: View, role: str) -> dict[str, Any]:
        login = {
            "role": role,
            "mountPath": "/v1/auth/kubernetes",
            "serviceAccountRef": {"name": f"{role}-issuer"},
        }
        return {
            "server": str(address(view, "secret-store")),
            "path": f"pki/sign/{role}",
            "caBundleSecretRef": {"name": authority(view), "key": "ca.crt"},
            "auth": {"kubernetes": login},
        }

    return issuer


def restored(view: View, program: str) -> list[tuple[str, str, str]]:
    """What brings a saved store back before anything can read from it: a new one takes the snapshot and is then opened
    with the keys of the old one (https://developer.hashicorp.com/vault/docs/commands/operator/raft)."""
    first, where = f"{view.release}-0", f"--namespace {view.namespace}"
    run = f"kubectl {where} exec -ti {first} -- {program}"
    return [
        (
            "Once its first server runs, initialise an empty store, for the time of the restore only, and unseal it with the one "
            "key that this shows.",
            f"{run} operator init -key-shares=1 -key-threshold=1\n{run} operator unseal",
            "Sealed shows false.",
        ),
        (
            "Bring the newest snapshot in, signed in with the token that was shown; those of the empty store are void after it.",
            f"kubectl {where} cp <SNAPSHOT> {first}:/tmp/restore.snap\n{run} login\n"
            f"{run} operator raft snapshot restore -force /tmp/restore.snap",
            "It ends without an error, and the store is sealed.",
        ),
        (
            "Unseal every server with the key shares of the lost store. Until then all that reads from it waits.",
            f"{run} operator unseal",
            "Sealed shows false on every server, and the entries are there.",
        ),
    ]
