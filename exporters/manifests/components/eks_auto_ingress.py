"""EKS Auto Mode's load balancing of Ingress objects: class and parameters."""

from __future__ import annotations

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.view import View

_CLASS = "alb"


def entry(view: View) -> Entry:
    """The load balancer reaches pods from the network's own range."""
    sources = (view.cluster.ranges.nodes,) if view.cluster.ranges.nodes else ()
    # Not asked of the issuer: some issuers ask this entry, and would go round in a circle.
    secure = any(view.chosen("certificates"))
    listen = '[{"HTTP": 80}, {"HTTPS": 443}]' if secure else '[{"HTTP": 80}]'
    annotations = {"alb.ingress.kubernetes.io/target-type": "ip", "alb.ingress.kubernetes.io/listen-ports": listen}
    if secure and view.setting("edge.redirect-https", default=True):
        annotations["alb.ingress.kubernetes.io/ssl-redirect"] = "443"
    grpc = {"alb.ingress.kubernetes.io/backend-protocol-version": "GRPC"}
    return Entry(ingress_class=_CLASS, annotations=annotations, sources=sources, grpc=grpc)


def objects(view: View) -> list[Obj]:
    """https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html"""
    scheme = "internal" if entrances.private(view) else "internet-facing"
    parameters = {"apiGroup": "eks.amazonaws.com", "kind": "IngressClassParams", "name": _CLASS}
    return [
        {
            "apiVersion": "eks.amazonaws.com/v1",
            "kind": "IngressClassParams",
            "metadata": {"name": _CLASS},
            "spec": {"scheme": scheme, "group": {"name": view.design.name}},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": _CLASS},
            "spec": {"controller": "eks.amazonaws.com/alb", "parameters": parameters},
        },
    ]
