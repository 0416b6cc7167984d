"""GKE's Ingress controller: a reserved address, redirect and TLS policy by FrontendConfig, in each namespace with hosts."""

from __future__ import annotations

from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import hosted
from exporters.manifests.view import View, label

_FRONT_ENDS = ("35.191.0.0/16", "130.211.0.0/22")


def entry(view: View) -> Entry:
    """Ingress objects that this controller takes are told by annotation
    (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/load-balance-ingress)."""
    annotations = {
        "kubernetes.io/ingress.class": "gce",
        "kubernetes.io/ingress.global-static-ip-name": label(f"{view.design.name}-{view.cluster.name}"),
        "networking.gke.io/v1beta1.FrontendConfig": "public",
    }
    return Entry(ingress_class="gce", annotations=annotations, sources=_FRONT_ENDS)


def objects(view: View) -> list[Obj]:
    """One FrontendConfig a namespace."""
    namespaces = dict.fromkeys(view.workload_namespace(workload) for workload in hosted(view))
    redirect = bool(view.setting("edge.redirect-https", default=True))
    spec = {
        "sslPolicy": f"{label(f'{view.design.name}-{view.cluster.name}')[:58]}-tls",
        "redirectToHttps": {"enabled": redirect},
    }
    return [
        {
            "apiVersion": "networking.gke.io/v1beta1",
            "kind": "FrontendConfig",
            "metadata": {"name": "public", "namespace": namespace},
            "spec": spec,
        }
        for namespace in namespaces
    ]
