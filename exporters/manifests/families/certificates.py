"""Certificates that something outside of the cluster makes and the secrets tool brings in, one Secret a host."""

from __future__ import annotations

from exporters.manifests.references import Issuer, Obj, Secret
from exporters.manifests.routes import certificate, gateway_namespace, hosted
from exporters.manifests.view import View


def issuer(view: View) -> Issuer | None:
    """Secrets with the usual names; nothing for an entry whose certificates are the cloud's own business."""
    entry = view.entry()
    return Issuer("Secret", "outside") if entry is not None and (entry.pods or entry.ingress_class) else None


def secrets(view: View) -> list[Secret]:
    """One for each host, where its listener or Ingress looks for it."""
    entry = view.entry()
    if entry is None:
        return []
    found: dict[tuple[str, str], Secret] = {}
    for workload in hosted(view):
        namespace = gateway_namespace(view) if entry.gateway_class else view.workload_namespace(workload)
        name = certificate(str(workload.host))
        found[namespace, name] = view.secret(name, ["tls.crt", "tls.key"], namespace, "kubernetes.io/tls")
    return list(found.values())


def objects(view: View) -> list[Obj]:
    """What makes the Secrets appear."""
    return [obj for secret in secrets(view) for obj in secret.objects] if issuer(view) is not None else []
