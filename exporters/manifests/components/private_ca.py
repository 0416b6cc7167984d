"""The company's own authority: through the PKI engine of a secret store in the design, else with an intermediate; signed by
people where nothing in the cluster renews certificates."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import certificates
from exporters.manifests.references import Issuer
from exporters.manifests.view import View

_NAME = "private-ca"
_ROLE = "cert-manager"


def _automated(view: View) -> bool:
    """Whether something in the cluster asks it for certificates; not where the entry takes none from the cluster."""
    entry = view.entry()
    return view.capability("certificate-automation") and (entry is None or entry.takes_secrets)


def issuer(view: View) -> Issuer | None:
    """The issuer that routes name; what people sign is brought in like any certificate from outside."""
    if not _automated(view):
        return certificates.issuer(view)
    return Issuer("ClusterIssuer", _NAME, gateway_annotations={"cert-manager.io/cluster-issuer": _NAME})


def asks(view: View) -> tuple[str, ...]:
    """The authority that signs, where it is the PKI engine of the secret store: the issuer is not ready without it."""
    return ("secret-store",) if _automated(view) and view.gather("pki", "secret-store") else ()


def authority(view: View) -> str:
    """Where the store of secrets keeps the root's certificate."""
    return f"{view.design.name}/company-authority/ca.crt"


def objects(view: View) -> list[dict[str, Any]]:
    """The ClusterIssuer, and what lets it sign in (https://cert-manager.io/docs/configuration/vault/)."""
    if not _automated(view):
        return certificates.objects(view)
    automation = view.of(view.providers("certificate-automation")[0])
    signers = view.gather("pki", "secret-store")
    if signers:
        spec: dict[str, Any] = {"vault": signers[0](automation, _ROLE)}
        found = _rights(automation.namespace)
    else:
        secret = automation.secret(_NAME, ["tls.crt", "tls.key"], type_="kubernetes.io/tls")
        spec, found = {"ca": {"secretName": secret.name}}, list(secret.objects)
    return [*found, {"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": _NAME}, "spec": spec}]


def _rights(namespace: str) -> list[dict[str, Any]]:
    """cert-manager asks for short-lived tokens of this account, with the issuer as their audience."""
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": _ROLE + "-issuer", "namespace": namespace},
        "automountServiceAccountToken": False,
    }
    rbac = "rbac.authorization.k8s.io"
    metadata = {"name": _ROLE + "-issuer-token", "namespace": namespace}
    return [
        account,
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "Role",
            "metadata": metadata,
            "rules": [
                {
                    "apiGroups": [""],
                    "resources": ["serviceaccounts/token"],
                    "resourceNames": [_ROLE + "-issuer"],
                    "verbs": ["create"],
                }
            ],
        },
        {
            "apiVersion": f"{rbac}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": rbac, "kind": "Role", "name": metadata["name"]},
            "subjects": [{"kind": "ServiceAccount", "name": _ROLE, "namespace": namespace}],
        },
    ]
