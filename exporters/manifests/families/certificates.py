"""Certificates that something outside of the cluster makes and the secrets tool brings in, one Secret a host."""

from __future__ import annotations

from exporters.manifests import names
from exporters.manifests.references import Issuer, Obj, Secret
from exporters.manifests.routes import certificate, gateway_namespace, hosted
from exporters.manifests.view import View


def issuer(view: View) -> Issuer | None:
    """Secrets with the usual names. Gateways of clouds take them as well
    (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway,
    https://learn.microsoft.com/azure/application-gateway/for-containers/how-to-ssl-offloading-gateway-api); where one does
    not, people bring the certificate into the cloud, and the listener has nothing to name."""
    entry = view.entry()
    if entry is None or not (entry.pods or entry.ingress_class or entry.gateway_class):
        return None
    return Issuer("Secret" if entry.takes_secrets else None, "outside")


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
    for host, _ in names.own(view) if entry.gateway_class else ():
        namespace, name = gateway_namespace(view), certificate(host)
        found[namespace, name] = view.secret(name, ["tls.crt", "tls.key"], namespace, "kubernetes.io/tls")
    return list(found.values())


def objects(view: View) -> list[Obj]:
    """What makes the Secrets appear."""
    found = issuer(view)
    return [obj for secret in secrets(view) for obj in secret.objects] if found is not None and found.kind is not None else []
