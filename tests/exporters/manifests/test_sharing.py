"""Every tool that tries versions with every entry and mesh: the share is built, or a rule refuses it, or it is told."""

from __future__ import annotations

import pytest

from catalog.workloads import Probe
from exporters.manifests import routes, workloads
from exporters.manifests.references import Obj
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests import sharing_cases as cases
from tests.exporters.manifests.components.checking import wrong_objects, wrong_values
from tests.exporters.manifests.test_check import needs_shared

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

_PLUGIN, _ROUTE = "rollout: plugins", "weights: HTTPRoute"
_NO_ROUTES = "refused: gateway-weights-gateway"
_GKE = "weights: GCPBackendPolicy, HTTPRoute, HealthCheckPolicy"
_ALB = "weights: HTTPRoute, TargetGroupConfiguration"
_GATEWAY = (_ROUTE, _ROUTE, _PLUGIN, "canary: gatewayapi:v1")

OUTSIDE: dict[str, tuple[str, str, str, str]] = {
    # entry: with gateway-weights, mesh-traffic-splitting (in Linkerd), argo-rollouts, flagger
    "aks-app-routing-gateway": _GATEWAY,
    "aks-app-routing-nginx": (_NO_ROUTES, "weights: Ingress", "rollout: nginx", "canary: nginx"),
    "app-gateway-for-containers": _GATEWAY,
    "aws-load-balancer-ingress": (_ALB, _ALB, _PLUGIN, "canary: gatewayapi:v1"),
    "cilium": _GATEWAY,
    # Only known to the catalog: nothing of it is exported.
    "contour": ("told: no share", "told: no share", "told: pods", "told: trial"),
    "eks-auto-ingress": (_NO_ROUTES, "weights: Ingress", "rollout: alb", "refused: flagger-entry"),
    "emissary": (_NO_ROUTES, "weights: Mapping", "rollout: ambassador", "refused: flagger-entry"),
    "envoy-gateway": _GATEWAY,
    "f5-nginx-ingress": (_NO_ROUTES, "told: no share", "told: pods", "refused: flagger-entry"),
    "gke-gateway": (_GKE, _GKE, _PLUGIN, "canary: gatewayapi:v1"),
    "gke-ingress": (_NO_ROUTES, "told: no share", "told: pods", "refused: flagger-traffic"),
    "gloo": ("told: no share", "told: no share", "told: pods", "told: trial"),
    "ingress-nginx": (_NO_ROUTES, "weights: Ingress", "rollout: nginx", "canary: nginx"),
    "istio": _GATEWAY,
    "istio-ambient": _GATEWAY,
    "kgateway": _GATEWAY,
    "kong": _GATEWAY,
    "nginx-gateway-fabric": _GATEWAY,
    "traefik": _GATEWAY,
}

_CONSUL = "weights: ServiceRouter, ServiceSplitter"
INSIDE: dict[str, tuple[str, str, str, str]] = {
    # mesh of a workload that only others call: the same four tools
    "none": ("told: no share", "refused: mesh-traffic-splitting-mesh", "told: pods", "told: trial"),
    "aws-app-mesh": ("refused: status:aws-app-mesh",) * 4,
    "cilium": ("told: no share", "refused: mesh-traffic-splitting-mesh", "told: pods", "told: trial"),
    "cloud-service-mesh": ("told: no share", "told: no share", "told: pods", "told: trial"),
    "consul": (_CONSUL, _CONSUL, "told: pods", "refused: consul-flagger"),
    "istio": _GATEWAY,
    "istio, without routes": (_NO_ROUTES, "weights: VirtualService", "rollout: istio", "canary: istio"),
    # Waypoints act on routes and not on a VirtualService for the same Service, so its kinds are always there.
    "istio-ambient": _GATEWAY,
    "istio-ambient, without routes": (_NO_ROUTES, *("refused: istio-ambient-gateway-kinds",) * 3),
    "linkerd": _GATEWAY,
    "open-service-mesh": ("told: no share", "refused: mesh-traffic-splitting-mesh", "told: pods", "told: trial"),
}


def outside(tool: str, entry: str) -> View | frozenset[str]:
    mesh = "istio-ambient" if entry == "istio-ambient" else "linkerd" if tool == "mesh-traffic-splitting" else "none"
    return cases.made(tool, entry, mesh, cases.OUTSIDE)


def inside(tool: str, name: str) -> View | frozenset[str]:
    mesh, _, without = name.partition(", ")
    more = {"gateway-api": "none"} if without else {}
    if mesh == "cilium":
        more["cni"] = mesh
    return cases.made(tool, "f5-nginx-ingress" if without else "envoy-gateway", mesh, cases.INSIDE, **more)


def _matches(expected: str, found: View | frozenset[str], workload: cases.Workload) -> bool:
    if isinstance(found, frozenset):
        return expected.removeprefix("refused: ") in found
    return cases.outcome(found, workload) == expected


def test_the_table_has_every_entry_and_every_mesh_of_the_catalog() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    assert set(OUTSIDE) == {entry.id for entry in catalog.components.values() if "ingress" in entry.roles}
    meshes = {entry.id for entry in catalog.components.values() if "mesh" in entry.roles}
    assert {name.partition(", ")[0] for name in INSIDE} == meshes | {"none"}
    assert set(cases.TOOLS) == {entry.id for entry in catalog.components.values() if "progressive-delivery" in entry.roles}


@pytest.mark.parametrize("entry", OUTSIDE)
def test_requests_from_outside_reach_a_second_version_as_the_table_says(entry: str) -> None:
    for tool, expected in zip(cases.TOOLS, OUTSIDE[entry], strict=True):
        found = outside(tool, entry)
        assert _matches(expected, found, cases.OUTSIDE), (tool, found)


@pytest.mark.parametrize("mesh", INSIDE)
def test_calls_between_workloads_reach_a_second_version_as_the_table_says(mesh: str) -> None:
    for tool, expected in zip(cases.TOOLS, INSIDE[mesh], strict=True):
        found = inside(tool, mesh)
        assert _matches(expected, found, cases.INSIDE), (tool, found)


@needs_shared
@pytest.mark.parametrize("entry", [name for name in OUTSIDE if name not in ("contour", "gloo")])
def test_what_splits_requests_fits_charts_and_schemas(entry: str) -> None:
    for tool in cases.TOOLS:
        found = outside(tool, entry)
        if isinstance(found, View):
            assert [wrong for wrong in wrong_objects(cases.objects(found, cases.OUTSIDE), found.kubernetes_minor)
                    if "no schema at hand" not in wrong] == []
            assert tool not in ("argo-rollouts", "flagger") or wrong_values(found, tool) == []


@needs_shared
@pytest.mark.parametrize("mesh", ["consul", "istio", "istio, without routes", "istio-ambient", "linkerd"])
def test_what_splits_calls_fits_charts_and_schemas(mesh: str) -> None:
    for tool in cases.TOOLS:
        found = inside(tool, mesh)
        if isinstance(found, View):
            assert wrong_objects(cases.objects(found, cases.INSIDE), found.kubernetes_minor) == []
            assert tool not in ("argo-rollouts", "flagger") or wrong_values(found, tool) == []


def _of(found: View | frozenset[str], workload: cases.Workload = cases.OUTSIDE) -> dict[tuple[str, str], Obj]:
    assert isinstance(found, View)
    return {(body["kind"], body["metadata"]["name"]): body for body in cases.objects(found, workload)}


def test_a_load_balancer_of_amazon_gets_shares_from_an_action_that_the_ingress_names() -> None:
    tried = _of(outside("argo-rollouts", "eks-auto-ingress"))
    routing = tried["Rollout", "web"]["spec"]["strategy"]["canary"]["trafficRouting"]
    assert routing["alb"] == {"ingress": "web", "servicePort": 8080} and routing["managedRoutes"]
    ingress = tried["Ingress", "web"]
    backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend == {"name": "web", "port": {"name": "use-annotation"}}
    # The action is the controller's to write, so it is not in Git.
    assert not [key for key in ingress["metadata"]["annotations"] if "/actions." in key]
    plain = _of(outside("mesh-traffic-splitting", "eks-auto-ingress"))["Ingress", "web"]
    assert '"weight": 10' in plain["metadata"]["annotations"]["alb.ingress.kubernetes.io/actions.web"]
    assert "x-canary" in plain["metadata"]["annotations"]["alb.ingress.kubernetes.io/conditions.web-canary"]
    names = [path["backend"]["service"]["name"] for path in plain["spec"]["rules"][0]["http"]["paths"]]
    assert names == ["web-canary", "web"]


def test_emissary_keeps_paths_redirects_and_clones_a_mapping_without_weight() -> None:
    secure = {"certificates": "lets-encrypt", "certificate-automation": "cert-manager"}
    tried = _of(cases.made("argo-rollouts", "emissary", "none", cases.OUTSIDE, **secure))
    mapping = tried["Mapping", "web"]["spec"]
    assert "weight" not in mapping and mapping["rewrite"] == "" and mapping["service"].startswith("web.")
    assert tried["Mapping", "web-by-header"]["spec"]["headers"] == {"x-canary": "yes"}
    host = tried["Host", "shop.example.com"]["spec"]
    assert host["requestPolicy"]["insecure"]["action"] == "Redirect" and host["tls"]["alpn_protocols"].startswith("h2")
    assert tried["Certificate", host["tlsSecret"]["name"]]["spec"]["dnsNames"] == ["shop.example.com"]
    plain = _of(outside("mesh-traffic-splitting", "emissary"))
    assert plain["Mapping", "web-canary"]["spec"]["weight"] == 10


def test_in_consul_a_second_version_has_an_account_called_like_its_service() -> None:
    made = _of(inside("mesh-traffic-splitting", "consul"), cases.INSIDE)
    pods = made["Deployment", "inner-canary"]["spec"]["template"]["spec"]
    assert pods["serviceAccountName"] == "inner-canary" and ("ServiceAccount", "inner-canary") in made
    assert made["ServiceSplitter", "inner"]["spec"]["splits"][1] == {"weight": 10, "service": "inner-canary"}


@pytest.mark.parametrize(("entry", "kind"), [("emissary", "Mapping"), ("gke-gateway", "HTTPRoute"), ("kong", "GRPCRoute")])
def test_grpc_reaches_pods_in_plain_text_through_what_the_entry_takes(entry: str, kind: str) -> None:
    web = cases.OUTSIDE.model_copy(update={"protocol": "grpc", "canary": None})
    found = outside("argo-rollouts", entry)
    assert isinstance(found, View)
    route = routes.routes(found, web)[0]
    assert route["kind"] == kind and route["spec"].get("grpc", kind == "Mapping") is (kind == "Mapping")
    assert workloads.service_ports(web)[0]["appProtocol"] == "kubernetes.io/h2c"
    entered = found.entry()
    assert entered is not None and routes.unspoken(web, entered) == []


def test_an_entry_that_speaks_http_2_over_tls_alone_is_refused_for_grpc_unless_somebody_says_so() -> None:
    grpc = cases.OUTSIDE.model_copy(update={"protocol": "grpc", "canary": None})
    refused = cases.made("none", "gke-ingress", "none", grpc)
    assert refused == frozenset({"gke-ingress-grpc"})
    let = cases.made("none", "gke-ingress", "none", grpc, accepted="gke-ingress-grpc")
    assert isinstance(let, View)
    service = _of(let, grpc)["Service", "web"]["metadata"]["annotations"]
    assert service["cloud.google.com/app-protocols"] == '{"grpc": "HTTP2"}'
    assert _of(let, grpc)["BackendConfig", "web"]["spec"]["healthCheck"]["type"] == "HTTP2"
    entered = let.entry()
    assert entered is not None and "only to pods that take TLS" in routes.unspoken(grpc, entered)[0]


def test_a_load_balancer_of_amazon_asks_for_the_readiness_that_a_workload_names() -> None:
    healthy = cases.OUTSIDE.model_copy(update={"health": Probe(live="/live", ready="/ready"), "canary": None})
    for entry in ("eks-auto-ingress", "aws-load-balancer-ingress"):
        found = outside("argo-rollouts", entry)
        assert isinstance(found, View)
        for workload, path, codes in ((healthy, "/ready", "200-299"), (cases.OUTSIDE, "/", "200-499")):
            made = routes.routes(found, workload)
            said = {**made[0]["metadata"].get("annotations", {}), **{body["kind"]: body["spec"] for body in made[1:]}}
            assert f"'{path}'" in str(said) and f"'{codes}'" in str(said), (entry, said)
