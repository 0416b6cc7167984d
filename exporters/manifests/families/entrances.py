"""What the entries of a cluster have in common: the Service before their proxies, classes, and how they are watched."""

from __future__ import annotations

from typing import Any

from exporters.manifests.references import Obj
from exporters.manifests.routes import GATEWAY, hosted
from exporters.manifests.sharing import Second
from exporters.manifests.view import View

_GROWTH = {"high": 4, "very-high": 8}
"""How many times its usual number the proxies may become, by the traffic that is expected."""


def private(view: View) -> bool:
    """True where the entry must not have a public address."""
    return view.capability("private-zones") and view.yes("air-gap")


def service_annotations(view: View) -> dict[str, str]:
    """What the cloud's load balancer is told by the Service before the proxies."""
    internal = private(view)
    if view.cloud == "aws":
        return {
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" if internal else "internet-facing",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
        }
    if internal and view.cloud == "azure":
        return {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}
    if internal and view.cloud == "gcp":
        return {"networking.gke.io/load-balancer-type": "Internal"}
    return {}


def service_type(view: View) -> str:
    """How the proxies' Service is reached from outside."""
    return "LoadBalancer" if view.capability("load-balancer") else "NodePort"


TRAFFIC_POLICY = "Local"
"""To which pods a node hands what it gets for the proxies: to those on itself, so that the proxies see who calls. Lists of who
may come in, limits by caller, filters and logs go by that address; proxies are spread over the nodes, and a balancer asks the
nodes which of them have one
(https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip)."""


def growth(view: View, copies: int) -> Obj:
    """The spec of an autoscaler for the proxies, who are `copies` at rest; which Deployment it is for, their maker says."""
    target = {"type": "Utilization", "averageUtilization": int(view.setting("pod-autoscaling.cpu", 70))}
    return {
        "minReplicas": copies,
        "maxReplicas": max(5, copies * _GROWTH.get(str(view.context("traffic")), 2)),
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }


def gateway_class(name: str, controller: str, parameters: Obj | None = None, annotations: Obj | None = None) -> Obj:
    """A GatewayClass."""
    metadata: Obj = {"name": name, **({"annotations": annotations} if annotations else {})}
    spec: Obj = {"controllerName": controller, **({"parametersRef": parameters} if parameters else {})}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": metadata, "spec": spec}


def gateway_reference() -> dict[str, Any]:
    """The shared Gateway as the target of a policy."""
    return {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": GATEWAY}


def pod_monitor(view: View, name: str, labels: dict[str, str], port: str, path: str = "/metrics") -> list[Obj]:
    """What scrapes proxies, where that kind is acted on."""
    if not view.monitors:
        return []
    spec = {"selector": {"matchLabels": labels}, "podMetricsEndpoints": [{"port": port, "path": path}]}
    metadata = {"name": name, "namespace": view.namespace}
    return [{"apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor", "metadata": metadata, "spec": spec}]


def plain_ports(view: View, workload: Any) -> list[int]:
    """Ports whose callers are not in the mesh that the view is of: scrapes, and an entry of another maker."""
    ports = []
    if workload.metrics_port is not None and workload.metrics_port != workload.port:
        ports.append(int(workload.metrics_port))
    if "ingress" not in view.roles and workload in hosted(view) and workload.port is not None:
        ports.append(int(workload.port))
    return ports


def nginx_second(ingress: Obj, workload: Any, second: Second) -> list[Obj]:
    """A second Ingress for the controllers that know the annotations of ingress-nginx; who tries versions makes his own
    (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary)."""
    if second.moved:
        return []
    prefix, metadata = "nginx.ingress.kubernetes.io", ingress["metadata"]
    # The certificate is the first Ingress's to ask for.
    annotations = {key: value for key, value in metadata.get("annotations", {}).items() if "cert-manager.io/" not in key}
    annotations |= {f"{prefix}/canary": "true", f"{prefix}/canary-weight": str(second.weight)}
    if second.header is not None:
        annotations[f"{prefix}/canary-by-header"], annotations[f"{prefix}/canary-by-header-value"] = second.header
    rules = []
    for rule in ingress["spec"]["rules"]:
        paths = [
            {**path, "backend": {"service": {**path["backend"]["service"], "name": second.service}}}
            for path in rule["http"]["paths"]
        ]
        rules.append({**rule, "http": {"paths": paths}})
    metadata = {**metadata, "name": second.service, "annotations": annotations}
    return [{**ingress, "metadata": metadata, "spec": {**ingress["spec"], "rules": rules}}]
