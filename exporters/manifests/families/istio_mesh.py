"""The mesh of the Istio project, which comes with a proxy in each pod or with one on each node.

Strict mutual TLS for the whole mesh; authorization from the design's flows; tracing through OpenTelemetry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests.cluster import workload_namespaces
from exporters.manifests.families import entrances
from exporters.manifests.pods import matcher
from exporters.manifests.references import Entry, Obj
from exporters.manifests.routes import GATEWAY, gateway_namespace
from exporters.manifests.sharing import Second
from exporters.manifests.shortened import short
from exporters.manifests.view import View

ROOT = "istio-system"
CLASS = "istio"
PROXY_METRICS = 15020
SHARES = "shares"
"""Name of the route that has the weights."""
_SECURITY = "security.istio.io/v1"


def common(view: View) -> dict[str, Any]:
    """Values that its charts share: which platform's ways they have to follow."""
    return {"global": {"platform": "gke"}} if view.cloud == "gcp" else {}


def control(view: View) -> dict[str, Any]:
    """Values of the control plane's chart."""
    copies = view.replicas()
    found: dict[str, Any] = {
        **common(view),
        "autoscaleMin": copies,
        "autoscaleMax": max(5, copies),
        "topologySpreadConstraints": view.spread({"app": "istiod"}),
    }
    if "ingress" in view.roles:
        found["gatewayClasses"] = {CLASS: _proxies(view)}
    if view.tracing:
        host, _, port = view.tracing.rpartition(":")
        provider = {"name": "otlp", "opentelemetry": {"service": host, "port": int(port)}}
        found["meshConfig"] = {"extensionProviders": [provider]}
    return found


def _proxies(view: View) -> dict[str, Any]:
    """What the proxies of every Gateway of the class get: copies by load, a budget, and the Service before them
    (https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#gatewayclass-defaults)."""
    copies = view.replicas()
    annotations = entrances.service_annotations(view)
    service: dict[str, Any] = {
        "spec": {"type": entrances.service_type(view), "externalTrafficPolicy": entrances.TRAFFIC_POLICY}
    }
    if annotations:
        service["metadata"] = {"annotations": annotations}
    found: dict[str, Any] = {
        "service": service,
        "horizontalPodAutoscaler": {"spec": {"minReplicas": copies, "maxReplicas": max(5, 2 * copies)}},
    }
    if copies > 1:
        found["podDisruptionBudget"] = {"spec": {"minAvailable": 1}}
    return found


def images(view: View) -> tuple[str, ...]:
    """The proxy, in pods or as a waypoint beside them, from the registry of the project or its mirror
    (https://github.com/istio/istio/blob/master/manifests/charts/README.md)."""
    return tuple(f"{registry}/proxyv2:" for registry in ("registry.istio.io/release", "docker.io/istio"))


def node_agent(view: View) -> dict[str, Any]:
    """Values of the CNI agent's chart: the folders of the node's plugins."""
    found = common(view)
    for binaries, configuration in view.gather("cni_paths", "kubernetes"):
        found |= {"cniBinDir": binaries, "cniConfDir": configuration}
    return found


def entry(view: View) -> Entry:
    """Its gateway, a Deployment that the control plane makes for each Gateway."""
    return Entry(
        gateway_class=CLASS,
        namespace=gateway_place(view),
        pods={"gateway.networking.k8s.io/gateway-name": GATEWAY},
        timeouts=True,
    )


def gateway_place(view: View) -> str:
    """The shared Gateway stands beside the control plane."""
    return view.me.install.namespace if view.me.install else ROOT


def mesh_objects(view: View) -> list[Obj]:
    """What holds for the whole mesh, and the exceptions that plain clients need."""
    mode = "PERMISSIVE" if str(view.setting("mesh.mtls", "strict")) == "permissive" else "STRICT"
    found = [_security("PeerAuthentication", "default", ROOT, {"mtls": {"mode": mode}})]
    if view.tracing:
        providers = [{"providers": [{"name": "otlp"}], "randomSamplingPercentage": 5}]
        found.append(
            {
                "apiVersion": "telemetry.istio.io/v1",
                "kind": "Telemetry",
                "metadata": {"name": "mesh", "namespace": ROOT},
                "spec": {"tracing": providers},
            }
        )
    # What no policy names is called by nobody: jobs, and what somebody adds later.
    found.extend(_security("AuthorizationPolicy", "default-deny", namespace, {}) for namespace in workload_namespaces(view))
    for workload in view.workloads:
        ports = entrances.plain_ports(view, workload)
        if ports and mode == "STRICT":
            from exporters.manifests.pods import labels

            spec = {
                "selector": {"matchLabels": labels(view, workload)},
                "mtls": {"mode": "STRICT"},
                "portLevelMtls": {str(port): {"mode": "PERMISSIVE"} for port in ports},
            }
            found.append(_security("PeerAuthentication", workload.name, view.workload_namespace(workload), spec))
    return found


def _security(kind: str, name: str, namespace: str, spec: Obj) -> Obj:
    return {"apiVersion": _SECURITY, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def principals(view: View, callers: list[dict[str, Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    """(identities of callers in the mesh, callers without one)."""
    members = {workload.name for workload in view.workloads}
    found, plain = [], []
    for caller in callers:
        if caller["name"] == "entry":
            if "ingress" in view.roles:
                found.append(f"cluster.local/ns/{gateway_namespace(view)}/sa/{GATEWAY}-{CLASS}")
            else:
                plain.append(caller)
        elif caller["name"] in members:
            found.append(f"cluster.local/ns/{caller['namespace']}/sa/{caller['service_account']}")
        else:
            plain.append(caller)
    return list(dict.fromkeys(found)), plain


def policy(target: dict[str, Any], rules: list[Obj], where: Obj, suffix: str = "") -> Obj:
    """An AuthorizationPolicy: who is not named in a rule is refused (no rule refuses everybody)."""
    name = short(f"{target['name']}{suffix}", 63)
    spec: Obj = {**where, "action": "ALLOW"}
    if rules:
        spec["rules"] = rules
    return _security("AuthorizationPolicy", name, target["namespace"], spec)


def rules(target: dict[str, Any], named: list[str], plain: list[dict[str, Any]]) -> list[Obj]:
    """Callers with an identity to the target's port; those without one, and no others, to the ports they call."""
    found: list[Obj] = []
    if named:
        port = {"operation": {"ports": [str(target["port"])]}}
        found.append({"from": [{"source": {"principals": named}}], "to": [port]})
    ports = sorted({int(caller["port"]) for caller in plain if caller["port"] is not None})
    if ports:
        nobody = {"source": {"notPrincipals": ["*"]}}
        found.append({"from": [nobody], "to": [{"operation": {"ports": [str(port) for port in ports]}}]})
    return found


def authorize(view: View) -> Callable[[dict[str, Any], list[dict[str, Any]]], list[Obj]]:
    """Authorization at the proxy of the pod itself."""

    def answer(target: dict[str, Any], callers: list[dict[str, Any]]) -> list[Obj]:
        named, plain = principals(view, callers)
        return [policy(target, rules(target, named, plain), {"selector": {"matchLabels": dict(target["labels"])}})]

    return answer


def request_metrics(reporter: str) -> Callable[[Any, str, tuple[str, ...]], tuple[str, str]]:
    """PromQL of failed and all requests per second, as the proxy at the called side counts them."""

    def answer(workload: Any, namespace: str, names: tuple[str, ...]) -> tuple[str, str]:
        called = matcher("destination_service_name", names)
        chosen = f'reporter="{reporter}",destination_service_namespace="{namespace}",{called}'
        failed = 'grpc_response_status=~"2|4|8|12|13|14|15"' if workload.protocol == "grpc" else 'response_code=~"5.."'
        series = "istio_requests_total"
        return f"sum(rate({series}{{{chosen},{failed}}}[WINDOW]))", f"sum(rate({series}{{{chosen}}}[WINDOW]))"

    return answer


def control_egress() -> Obj:
    """Proxies ask the control plane for configuration and certificates."""
    peer = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": ROOT}},
        "podSelector": {"matchLabels": {"app": "istiod"}},
    }
    return {"to": [peer], "ports": [{"protocol": "TCP", "port": 15012}]}


def monitors(view: View) -> list[Obj]:
    """What scrapes the proxies and the control plane."""
    if not view.monitors:
        return []
    control_plane = {"selector": {"matchLabels": {"app": "istiod"}}, "podMetricsEndpoints": [{"portNumber": 15014}]}
    metadata = {"name": "istiod", "namespace": view.namespace}
    return [
        {"apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor", "metadata": metadata, "spec": control_plane}
    ]


def proxy_monitor(view: View, name: str, label: str) -> list[Obj]:
    """What scrapes proxies: their own metrics and, merged, those of the application."""
    if not view.monitors:
        return []
    endpoint = {
        "path": "/stats/prometheus",
        "relabelings": [
            {"action": "keep", "sourceLabels": ["__meta_kubernetes_pod_container_name"], "regex": "istio-proxy"},
            {
                "action": "replace",
                "sourceLabels": ["__meta_kubernetes_pod_ip"],
                "regex": "(.*)",
                "replacement": f"$1:{PROXY_METRICS}",
                "targetLabel": "__address__",
            },
        ],
    }
    spec = {
        "selector": {"matchExpressions": [{"key": label, "operator": "Exists"}]},
        "namespaceSelector": {"any": True},
        "podMetricsEndpoints": [endpoint],
    }
    metadata = {"name": name, "namespace": view.namespace}
    return [{"apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor", "metadata": metadata, "spec": spec}]


def virtual_service(workload: Any, namespace: str, second: Second) -> list[Obj]:
    """Shares between two Services, in a route whose weights a controller may move
    (https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/#host-level-traffic-splitting)."""
    port = {"port": {"number": workload.port}}
    other = {"destination": {"host": second.service, **port}}
    shares = [
        {"destination": {"host": workload.name, **port}, "weight": 100 - second.weight},
        {**other, "weight": second.weight},
    ]
    routes: list[Obj] = [{"name": SHARES, "route": shares}]
    if second.header is not None and not second.moved:
        name, value = second.header
        routes.insert(0, {"name": "header", "match": [{"headers": {name.lower(): {"exact": value}}}], "route": [other]})
    spec = {"hosts": [workload.name], "http": routes}
    metadata = {"name": workload.name, "namespace": namespace}
    return [{"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": metadata, "spec": spec}]
