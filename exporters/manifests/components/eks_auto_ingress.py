"""EKS Auto Mode's load balancing of Ingress objects: class and parameters."""

from __future__ import annotations

import json
from collections.abc import Callable

from catalog.workloads import Workload
from exporters.manifests.families import aws_controller, entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.sharing import Second
from exporters.manifests.view import View

_CLASS = "alb"


def entry(view: View) -> Entry:
    """The load balancer stands in subnets of its own, whose addresses no answer says."""
    # Not asked of the issuer: some issuers ask this entry, and would go round in a circle.
    secure = any(view.chosen("certificates"))
    listen = '[{"HTTP": 80}, {"HTTPS": 443}]' if secure else '[{"HTTP": 80}]'
    annotations = {"alb.ingress.kubernetes.io/target-type": "ip", "alb.ingress.kubernetes.io/listen-ports": listen}
    if secure and view.setting("edge.redirect-https", default=True):
        annotations["alb.ingress.kubernetes.io/ssl-redirect"] = "443"
    grpc = {"alb.ingress.kubernetes.io/backend-protocol-version": "GRPC"}
    return Entry(ingress_class=_CLASS, annotations=annotations, takes_secrets=False, grpc=grpc, splits="alb")


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


def second(view: View) -> Callable[[Obj, Workload, Second], list[Obj]]:
    """The Ingress names an action instead of its Service; the action has the shares, here or from who tries versions
    (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions)."""

    def answer(ingress: Obj, workload: Workload, found: Second) -> list[Obj]:
        path = ingress["spec"]["rules"][0]["http"]["paths"][0]
        path["backend"] = {"service": {"name": workload.name, "port": {"name": "use-annotation"}}}
        if found.moved:
            return []
        prefix, annotations = "alb.ingress.kubernetes.io", ingress["metadata"]["annotations"]
        shares = {workload.name: 100 - found.weight, found.service: found.weight}
        annotations[f"{prefix}/actions.{workload.name}"] = _forward(workload, shares)
        if found.header is not None:
            name, value = found.header
            condition = [{"field": "http-header", "httpHeaderConfig": {"httpHeaderName": name, "values": [value]}}]
            annotations[f"{prefix}/actions.{found.service}"] = _forward(workload, {found.service: 100})
            annotations[f"{prefix}/conditions.{found.service}"] = json.dumps(condition)
            chosen = {**path, "backend": {"service": {"name": found.service, "port": {"name": "use-annotation"}}}}
            # Rules are asked in their order.
            ingress["spec"]["rules"][0]["http"]["paths"].insert(0, chosen)
        return []

    return answer


def _forward(workload: Workload, shares: dict[str, int]) -> str:
    groups = [{"serviceName": name, "servicePort": workload.port, "weight": weight} for name, weight in shares.items()]
    return json.dumps({"type": "forward", "forwardConfig": {"targetGroups": groups}})


def route_policies(view: View) -> Callable[[Obj, Workload], list[Obj]]:
    """Pods are asked for their readiness where they say one, and not for a page that may not be there
    (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#health-check)."""

    def answer(ingress: Obj, workload: Workload) -> list[Obj]:
        path, codes = aws_controller.readiness(workload)
        if path is not None:
            ingress["metadata"]["annotations"] |= {
                "alb.ingress.kubernetes.io/healthcheck-path": path,
                "alb.ingress.kubernetes.io/success-codes": codes,
            }
        return []

    return answer
