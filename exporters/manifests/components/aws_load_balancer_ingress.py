"""The Gateway of the AWS Load Balancer Controller: an Application Load Balancer for each Gateway."""

from __future__ import annotations

from collections.abc import Callable

from catalog.workloads import Workload
from exporters.manifests.families import aws_controller, entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import behind
from exporters.manifests.view import View

_CLASS = "alb"


def entry(view: View) -> Entry:
    """The load balancer stands in subnets of its own, whose addresses no answer says."""
    return Entry(gateway_class=_CLASS, namespace=view.namespace, takes_secrets=False)


def objects(view: View) -> list[Obj]:
    """The class and what its load balancers are like
    (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/gateway/)."""
    policy = {"1.3": "ELBSecurityPolicy-TLS13-1-3-2021-06"}.get(
        str(view.setting("tls.minimum", "1.2")), "ELBSecurityPolicy-TLS13-1-2-2021-06"
    )
    spec: Obj = {
        "scheme": "internal" if entrances.private(view) else "internet-facing",
        "listenerConfigurations": [{"protocolPort": "HTTPS:443", "sslPolicy": policy}],
    }
    configuration: Obj = {
        "apiVersion": "gateway.k8s.aws/v1",
        "kind": "LoadBalancerConfiguration",
        "metadata": {"name": "public", "namespace": view.namespace},
        "spec": spec,
    }
    parameters = {
        "group": "gateway.k8s.aws",
        "kind": "LoadBalancerConfiguration",
        "name": "public",
        "namespace": view.namespace,
    }
    return [configuration, entrances.gateway_class(_CLASS, "gateway.k8s.aws/alb", parameters)]


def route_policies(view: View) -> Callable[[Obj, Workload], list[Obj]]:
    """How the load balancer asks the pods behind each Service whether they are ready
    (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/targetgroupconfig/)."""

    def answer(route: Obj, workload: Workload) -> list[Obj]:
        path, codes = aws_controller.readiness(workload)
        settings: Obj = {"targetType": "ip"}
        if path is not None:
            settings["healthCheckConfig"] = {"healthCheckPath": path, "matcher": {"httpCode": codes}}
        return [
            {
                "apiVersion": "gateway.k8s.aws/v1",
                "kind": "TargetGroupConfiguration",
                "metadata": {"name": service, "namespace": route["metadata"]["namespace"]},
                "spec": {"targetReference": {"kind": "Service", "name": service}, "defaultConfiguration": settings},
            }
            for service in behind(view, workload)
        ]

    return answer
