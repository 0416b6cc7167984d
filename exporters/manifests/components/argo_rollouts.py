"""Argo Rollouts: its controller, and for each workload with a second version a Rollout that takes over its Deployment.

Where entry or mesh can split requests, the controller sets weights and header rules there: in routes of the Gateway API
by its plugin, elsewhere by its own routers; where neither can, a share is one of pods. Where metrics can be asked, failed
requests stop a version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.workloads import Workload
from exporters.manifests import routes, sharing
from exporters.manifests.families.istio_mesh import SHARES
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_API = "argoproj.io/v1alpha1"
_MOST_FAILED = "0.05"
_PLUGIN = "argoproj-labs/gatewayAPI"
_PLUGIN_FILE = "rollouts-plugin-trafficrouter-gatewayapi"
_HASH = "rollouts-pod-template-hash"
_CLASSES = {"nginx": "nginx", "alb": "alb"}
"""The class of Ingress that a router acts on unless it is told another."""
_RIGHTS = {"istio": "virtual-service", "ambassador": "mapping", "awsLoadBalancerController": "alb"}
"""The chart's word for the rights that a way of splitting needs."""
HEADER_ROUTE = "canary-header"
"""Name of the rule that the controller adds to a route while a version is tried."""


def values(view: View) -> dict[str, Any]:
    """Values of the chart."""
    copies = max(1, min(2, view.replicas()))
    controller: dict[str, Any] = {
        "replicas": copies,
        "pdb": {"enabled": copies > 1, **({"maxUnavailable": 1} if copies > 1 else {})},
        "metrics": {"serviceMonitor": {"enabled": view.monitors}},
    }
    by_gateway = view.capability("gateway-api-crds")
    if by_gateway:
        controller |= _plugin(view)
    entry = view.entry()
    ways = {entry.splits if entry is not None else "", *view.gather("splits", "mesh")}
    if entry is not None and entry.splits in _CLASSES and entry.ingress_class not in _CLASSES.values():
        controller["extraArgs"] = [f"--{entry.splits}-ingress-classes={entry.ingress_class}"]
    if "mapping" in ways:
        controller["extraArgs"] = ["--ambassador-api-version=getambassador.io/v3alpha1"]
    # Rights for the routers that are there, and for no other.
    routers = dict.fromkeys(("smi", "awsAppMesh", "traefik", "apisix", "contour", "glooPlatform"), False)
    routers |= {name: way in ways for name, way in _RIGHTS.items()}
    return {"controller": controller, "providerRBAC": {"providers": {**routers, "gatewayAPI": by_gateway}}}


def _plugin(view: View) -> dict[str, Any]:
    """The plugin comes by its image: a download at each start would keep the controller from starting without the internet
    (https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/installation/)."""
    place = {"name": "gateway-api-plugin", "mountPath": "/plugins"}
    confined = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    copy = {
        "name": "gateway-api-plugin",
        "image": view.extra("gateway-api-plugin"),
        "command": ["cp", f"/bin/{_PLUGIN_FILE}", "/plugins/"],
        "securityContext": confined,
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "volumeMounts": [place],
    }
    return {
        "initContainers": [copy],
        "volumes": [{"name": "gateway-api-plugin", "emptyDir": {}}],
        "volumeMounts": [place],
        "trafficRouterPlugins": [{"name": _PLUGIN, "location": f"file:///plugins/{_PLUGIN_FILE}"}],
    }


def _tries(workload: Workload) -> bool:
    return workload.kind == "deployment" and workload.canary is not None


def _routed(view: View, workload: Workload) -> sharing.Way:
    """How requests are split; empty where a share is one of pods."""
    if not _tries(workload) or any(view.gather("account_of_service", "mesh")):
        return ""
    split = sharing.way(view, workload)
    return split if split != "splitter" else ""


def owns_traffic(view: View) -> Callable[[Workload], tuple[str, ...]]:
    """The number of pods is the Rollout's to say, and where requests are split the weights of the route."""

    def answer(workload: Workload) -> tuple[str, ...]:
        if not _tries(workload):
            return ()
        return ("replicas", "weights") if _routed(view, workload) else ("replicas",)

    return answer


def canary(view: View) -> Callable[[Workload, str], list[Obj]]:
    """The Rollout of a workload (https://argo-rollouts.readthedocs.io/en/stable/migrating/)."""

    def answer(workload: Workload, namespace: str) -> list[Obj]:
        if not _tries(workload):
            return []
        from exporters.manifests.pods import stable
        from exporters.manifests.workloads import canary_name, least, scaled, service, service_ports

        metadata = {"name": workload.name, "namespace": namespace}
        routed = _routed(view, workload)
        analysis = _analysis(view, workload, metadata)
        strategy: Obj = {"maxSurge": "25%", "maxUnavailable": 0}
        if routed:
            strategy |= {"stableService": workload.name, "canaryService": canary_name(workload)}
            strategy["trafficRouting"] = _router(view, workload)
        strategy["steps"] = _steps(view, workload, routed)
        if analysis is not None:
            background: Obj = {"templates": [{"templateName": analysis["metadata"]["name"]}], "startingStep": 1}
            if "args" in analysis["spec"]:
                background["args"] = [{"name": "hash", "valueFrom": {"podTemplateHashValue": "Latest"}}]
            strategy["analysis"] = background
        reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name, "scaleDown": "onsuccess"}
        spec: Obj = {
            "selector": {"matchLabels": stable(view, workload)},
            "workloadRef": reference,
            "strategy": {"canary": strategy},
        }
        if not scaled(view, workload):
            spec["replicas"] = least(view, workload)
        found: list[Obj] = [{"apiVersion": _API, "kind": "Rollout", "metadata": metadata, "spec": spec}]
        if routed:
            found.append(service(canary_name(workload), namespace, stable(view, workload), service_ports(workload)))
        return [*found, *([analysis] if analysis is not None else [])]

    return answer


def _router(view: View, workload: Workload) -> Obj:
    """Whose weights the controller sets (https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/)."""
    header, way = sharing.header_of(workload), _routed(view, workload)
    if way == "nginx":
        nginx: Obj = {"stableIngress": workload.name}
        if header is not None:
            nginx["additionalIngressAnnotations"] = {"canary-by-header": header[0], "canary-by-header-value": header[1]}
        return {"nginx": nginx}
    if way == "mapping":
        return {"ambassador": {"mappings": [workload.name]}}
    if way == "alb":
        found: Obj = {"alb": {"ingress": workload.name, "servicePort": workload.port}}
    elif way == "virtual-service":
        found = {"istio": {"virtualService": {"name": workload.name, "routes": [SHARES]}}}
    else:
        kind = "grpcRoutes" if routes.kind(view, workload) == "GRPCRoute" else "httpRoutes"
        route: Obj = {"name": workload.name, **({"useHeaderRoutes": True} if header is not None else {})}
        found = {"plugins": {_PLUGIN: {kind: [route]}}}
    if header is not None:
        found["managedRoutes"] = [{"name": HEADER_ROUTE}]
    return found


def _steps(view: View, workload: Workload, routed: sharing.Way) -> list[Obj]:
    """First those who ask for the new version by its header, then shares that grow."""
    wait: Obj = {"pause": {"duration": str(view.setting("canary.interval", "5m"))}}
    step = max(1, min(100, int(view.setting("canary.step", 20))))
    found: list[Obj] = []
    header = sharing.header_of(workload)
    if routed and header is not None:
        found = [{"setCanaryScale": {"weight": step}}]
        if routed not in ("nginx", "mapping"):  # there the header is in the entry's own objects
            match = [{"headerName": header[0], "headerValue": {"exact": header[1]}}]
            found.append({"setHeaderRoute": {"name": HEADER_ROUTE, "match": match}})
        found += [wait, {"setCanaryScale": {"matchTrafficWeight": True}}]
    return found + [entry for weight in range(step, 100, step) for entry in ({"setWeight": weight}, wait)]


def changed_live(view: View) -> list[Obj]:
    """What the controller writes into objects of Git, for tools that hold them to it: the pods behind a Service, and the
    rules of a route while a version is tried (https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/)."""
    from exporters.manifests.workloads import canary_name

    found: list[Obj] = []
    for workload in view.workloads:
        if not _routed(view, workload):
            continue
        where = {"namespace": view.workload_namespace(workload)}
        for name in (workload.name, canary_name(workload)):
            selector = {"jq": [f'.spec.selector["{_HASH}"]'], "pointer": "/spec/selector"}
            found.append({"group": "", "kind": "Service", "name": name, **where, **selector})
        split = _routed(view, workload)
        if split == "virtual-service":
            weights = {"jq": [".spec.http"], "pointer": "/spec/http"}
            found.append({"group": "networking.istio.io", "kind": "VirtualService", "name": workload.name, **where, **weights})
        elif split == "alb" and sharing.header_of(workload) is not None:
            chosen = f'.spec.rules[].http.paths[] | select(.backend.service.name == "{HEADER_ROUTE}")'
            paths = {"jq": [chosen], "pointer": "/spec/rules"}
            found.append({"group": "networking.k8s.io", "kind": "Ingress", "name": workload.name, **where, **paths})
        elif split == "routes":
            kind = routes.kind(view, workload)
            left = ['select(.metadata.labels["rollouts.argoproj.io/gatewayapi-canary"] == "in-progress") | .spec.rules']
            if sharing.header_of(workload) is not None:
                # The plugin labels a route with its first share, and the header's rule comes before that
                # (https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/features/header-based-routing/).
                left.append(f'.spec.rules[] | select(.name == "{HEADER_ROUTE}")')
            rules = {"jq": left, "pointer": "/spec/rules/0/backendRefs"}
            found.append({"group": "gateway.networking.k8s.io", "kind": kind, "name": workload.name, **where, **rules})
    return found


def _analysis(view: View, workload: Workload, metadata: Obj) -> Obj | None:
    """Stops a new version when more than one request in twenty fails."""
    store = view.address("metrics-store")
    from exporters.manifests.reliability import measured, requests, window

    if store is None or not workload.serves or not measured(view, workload):
        return None

    failed, total = (query.replace("WINDOW", window(view, "5m")) for query in requests(view, workload, tried=True))
    metric = {
        "name": "failed-requests",
        # Without a count it measures until the last step is done (https://argo-rollouts.readthedocs.io/en/stable/features/analysis/).
        "interval": "1m",
        "failureLimit": 2,
        "successCondition": f"len(result) == 0 || isNaN(result[0]) || result[0] <= {_MOST_FAILED}",
        "provider": {"prometheus": {"address": store, "query": f"({failed} or vector(0)) / {total}"}},
    }
    spec: Obj = {"metrics": [metric]}
    if "{{args.hash}}" in failed:
        spec = {"args": [{"name": "hash"}], **spec}
    return {"apiVersion": _API, "kind": "AnalysisTemplate", "metadata": metadata, "spec": spec}
