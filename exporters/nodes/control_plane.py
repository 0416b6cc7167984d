"""Files of the API server itself, the same for every distribution: audit, sign-on, encryption at rest, kubelets."""

from __future__ import annotations

from typing import Any

from exporters.nodes.machines import UPSTREAM, Machines, Mirror, SignOn

KEY = "ENCRYPTION_KEY"
"""Stands for a key of 32 bytes in base64, which a step of the runbook makes on the first server."""
AUTHORITY = "COMPANY_AUTHORITY"
"""Stands for the certificate of the company's authority, where it signs the sign-on; a step of the runbook fills it in."""
KMS_SOCKET = "/var/run/kmsplugin/socket.sock"


def documents(machines: Machines) -> dict[str, dict[str, Any]]:
    """File name to what the API server is told by it, as far as the design asks for each."""
    found = {"audit-policy.yaml": audit_policy()} if machines.audit else {}
    if machines.sign_on is not None:
        found["authentication.yaml"] = authentication(machines.sign_on)
    if machines.at_rest is not None:
        found["encryption.yaml"] = encryption(machines.at_rest)
    return found


def audit_policy() -> dict[str, Any]:
    """Who did what: never the bodies of Secrets and tokens, no noise of the platform itself, requests of changes
    (https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/)."""
    secret = [
        {"group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]},
        {"group": "authentication.k8s.io", "resources": ["tokenreviews"]},
    ]
    return {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "rules": [
            {"level": "None", "nonResourceURLs": ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"]},
            {"level": "Metadata", "resources": secret},
            {"level": "None", "users": ["system:kube-proxy"], "verbs": ["watch"]},
            {"level": "None", "userGroups": ["system:nodes"], "verbs": ["get", "list", "watch"]},
            {"level": "None", "resources": [{"group": "", "resources": ["events"]},
                                            {"group": "events.k8s.io", "resources": ["events"]},
                                            {"group": "coordination.k8s.io", "resources": ["leases"]}]},
            {"level": "Request", "verbs": ["create", "update", "patch", "delete", "deletecollection"]},
            {"level": "Metadata"},
        ],
    }


def authentication(sign_on: SignOn) -> dict[str, Any]:
    """Whose tokens the API server takes; nobody becomes a system group by a claim
    (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration)."""
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AuthenticationConfiguration",
        "jwt": [jwt(sign_on)],
    }


def jwt(sign_on: SignOn) -> dict[str, Any]:
    """The issuer, and how its claims become a user and groups; without an authority of its own it is one that machines know
    (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration)."""
    known = {"certificateAuthority": AUTHORITY} if sign_on.private else {}
    return {
        "issuer": {"url": sign_on.issuer, **known, "audiences": [sign_on.client]},
        "claimMappings": {
            "username": {"claim": "email", "prefix": "oidc:"},
            # Without a prefix: role bindings name the groups as the directory does.
            "groups": {"claim": "groups", "prefix": ""},
        },
        "userValidationRules": [
            {
                "expression": "user.groups.all(group, !group.startsWith('system:'))",
                "message": "groups of the system are not given by a token",
            }
        ],
    }


def encryption(at_rest: str) -> dict[str, Any]:
    """What lies in etcd is written by the first provider and read by any
    (https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/)."""
    service = {"kms": {"apiVersion": "v2", "name": "keys", "endpoint": f"unix://{KMS_SOCKET}", "timeout": "3s"}}
    key = {"secretbox": {"keys": [{"name": "key1", "secret": KEY}]}}
    providers: list[dict[str, Any]] = [service if at_rest == "service" else key, {"identity": {}}]
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [{"resources": ["secrets"], "providers": providers}],
    }


def kubelet() -> dict[str, Any]:
    """Kubelets that shut down in order, keep logs bounded and give every container the runtime's seccomp profile
    (https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/)."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "containerLogMaxFiles": 3,
        "containerLogMaxSize": "50Mi",
        "imageMaximumGCAge": "336h",
        "seccompDefault": True,
        "serializeImagePulls": False,
        "maxParallelImagePulls": 5,
        # Long enough for a pod that drains its connections; nodes that reboot by themselves wait for it.
        "shutdownGracePeriod": "60s",
        "shutdownGracePeriodCriticalPods": "20s",
    }


def upstream(mirror: Mirror) -> tuple[str, ...]:
    """The public registries that nodes ask the mirror for; the mirror itself is not one of them."""
    return tuple(name for name in UPSTREAM if name != mirror.host)


def vouched(file: str, target: str | None = None) -> tuple[str, str, str, str, str]:
    """The step that tells the API server who signs the sign-on: in the file itself, or in another one made of it."""
    certificate = r"""\"$(sed 's/$/\\\\n/' <ROOT CERTIFICATE> | tr -d '\n')\""""
    into = f"{file} >{target}" if target else file
    return (
        "The authority that signs the sign-on",
        f"Put the certificate of the company's own authority in place of {AUTHORITY}, on one line: the API server knows no "
        "other way to trust the sign-on.",
        f'sed {"" if target else "-i "}"s|{AUTHORITY}|{certificate}|" {into}',
        f"`grep BEGIN {target or file}` shows the line.",
        "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration",
    )


def authority(place: str, then: str, link: str) -> tuple[str, str, str, str, str]:
    """The step that brings the company's authority to a machine."""
    return (
        "The company's authority",
        "On each machine, put the certificate of the company's own authority where what runs on it looks for it; nothing else "
        "makes the machine trust what that one signs.",
        f"install -D -m 0644 <ROOT CERTIFICATE> {place}",
        then,
        link,
    )


def carried_images(machines: Machines) -> str:
    """Which images a machine of a closed network is given beforehand: what no registry gives it when it starts."""
    if machines.mirror is not None and machines.mirror.within:
        return ("Images of the bootstrap's charts and of all charts up to the registry, its own and its database's among them "
                "(`helm template` of a chart shows them)")
    return "Images of the bootstrap's charts"


def why_carried(machines: Machines) -> str:
    """Why they are needed, and for how long."""
    if machines.mirror is not None and machines.mirror.within:
        return "the registry comes after them, and all machines may start at once again: leave them there"
    return "the registry need not run yet"
