"""The network inside the cluster: data plane, entries and meshes as the design has them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from catalog.workloads import Probe
from exporters.manifests import check_references, namespace_policies, plan, routes, security
from exporters.manifests.check import Placed
from exporters.manifests.workloads import objects as workload_objects
from exporters.nodes.machines import machines
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import objects, values, view
from tests.exporters.manifests.simulator import Cluster, Connection, Pod
from tests.exporters.manifests.test_network import connections

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

ENTRIES = [name for name in cases.DESIGNS if name not in ("ambient", "BGP by MetalLB")]


def test_cilium_lets_a_mesh_chain_its_plugin_and_see_services() -> None:
    bank, alone = values(cases.design("bank"), "cilium"), values(cases.design("Talos"), "cilium")
    assert bank["cni"]["exclusive"] is False and bank["socketLB"]["hostNamespaceOnly"] is True
    assert "cni" not in alone


@pytest.mark.parametrize(
    ("cloud", "kubernetes", "addressing", "said"),
    [
        ("aws", "eks", "vpc-native-pods", {"kubernetesProvider": "EKS", "cni": {"type": "AmazonVPC"}}),
        ("azure", "aks", "vpc-native-pods", {"kubernetesProvider": "AKS", "cni": {"type": "AzureVNET"}}),
        ("azure", "aks", "overlay-pods", {"kubernetesProvider": "AKS", "cni": {"type": "Calico"}}),
    ],
)
def test_calico_leaves_addresses_of_the_network_to_the_plugin_of_the_cloud(
    cloud: str, kubernetes: str, addressing: str, said: dict[str, object]
) -> None:
    """Its own routes by BGP go nowhere in the networks of clouds."""
    found = view(cloud, {"kubernetes": kubernetes, "cni": "calico", "pod-addressing": addressing})
    installation = values(found, "calico", "calico")["installation"]
    assert {key: installation[key] for key in said} == said
    assert not {"BGPPeer", "BGPConfiguration"} & {obj["kind"] for obj in objects(found, "calico")}


def test_cilium_takes_pod_addresses_as_each_managed_platform_has_them() -> None:
    eks = values(view("aws", {"kubernetes": "eks", "cni": "cilium"}), "cilium")
    aks = values(view("azure", {"kubernetes": "aks", "cni": "cilium"}), "cilium")
    gke = values(view("gcp", {"kubernetes": "gke-standard", "cni": "cilium"}), "cilium")
    assert eks["eni"]["enabled"] and eks["ipam"]["mode"] == "eni"
    assert aks["aksbyocni"]["enabled"] and aks["ipam"]["mode"] == "cluster-pool"
    assert gke["cni"]["binPath"] == "/home/kubernetes/bin" and gke["nodeinit"]["reconfigureKubelet"]
    assert not any("k8sServiceHost" in found for found in (eks, aks, gke))


def test_cilium_finds_the_api_server_without_kube_proxy() -> None:
    assert values(cases.design("bank"), "cilium")["k8sServiceHost"] == "localhost"
    # By the name in kubeadm's own configuration: a look-up in the cluster fails wherever a chart is only rendered.
    ours = view("on-premises", {"kubernetes": "kubeadm", "cni": "cilium"})
    assert values(ours, "cilium")["k8sServiceHost"] == ours.api_host == machines(ours).endpoint
    assert values(cases.design("Talos"), "cilium")["k8sServicePort"] == 7445


def test_a_host_that_only_a_setting_names_is_reached_through_cilium_and_no_other_is() -> None:
    choices = {"cni": "cilium", "dashboards": "grafana", "sign-on": "dex", "network-policy": "default-deny"}
    found = view("on-premises", choices, settings={"sign-on.issuer": "https://sso.shop.example"})
    calls = [call for edge, call in connections(found) if edge.target == "external:sso.shop.example"]
    made = plan.objects_by_cluster(found.design)[found.cluster.name]
    assert calls and all(Cluster(made).allows(call) for call in calls)
    elsewhere = [replace(call, target=replace(call.target, host="www.example.com")) for call in calls]
    assert not any(Cluster(made).allows(call) for call in elsewhere)


def test_beside_a_discovery_of_its_own_pods_may_ask_the_dns_of_the_cluster() -> None:
    found = view("on-premises", {"service-discovery": "consul", "network-policy": "default-deny"})
    policy = namespace_policies.names(found, "shop")
    own = Pod("dns", namespace_policies.SYSTEM, {"k8s-app": "kube-dns"})
    for port, protocol in ((53, "UDP"), (53, "TCP")):
        assert Cluster([policy]).allows(Connection(Pod("web", "shop"), own, port, protocol))
    assert not Cluster([policy]).allows(Connection(Pod("web", "shop"), own, 9153))


def test_cilium_announces_by_bgp_only_where_that_was_chosen() -> None:
    bank = {obj["kind"] for obj in objects(cases.design("bank"), "cilium")}
    assert {"CiliumBGPClusterConfig", "CiliumBGPPeerConfig", "CiliumBGPAdvertisement", "CiliumLoadBalancerIPPool"} <= bank
    assert values(cases.design("bank"), "cilium")["bgpControlPlane"]["enabled"]
    chosen = cases.design("Talos").chosen("address-announcement")
    assert values(cases.design("Talos"), "cilium")["bgpControlPlane"]["enabled"] is ("announce-bgp" in chosen)


def test_nodes_encrypt_where_the_node_network_says_so() -> None:
    assert values(cases.design("bank"), "cilium")["encryption"] == {"enabled": True, "type": "wireguard", "nodeEncryption": False}


@pytest.mark.parametrize("name", ["bank", "ambient"])
def test_the_mesh_is_strict_but_for_ports_that_are_scraped_from_outside(name: str) -> None:
    found = cases.design(name)
    component = "istio" if name == "bank" else "istio-ambient"
    made = [obj for obj in objects(found, component) if obj["kind"] == "PeerAuthentication"]
    whole = [obj for obj in made if obj["metadata"]["namespace"] == "istio-system"]
    assert [obj["spec"]["mtls"]["mode"] for obj in whole] == ["STRICT"]
    assert all(obj["spec"]["mtls"]["mode"] == "STRICT" and obj["spec"]["portLevelMtls"] for obj in made if obj not in whole)


def test_the_entry_of_the_mesh_may_call_what_has_a_host() -> None:
    found = cases.design("bank")
    policies = {obj["metadata"]["name"]: obj for obj in security.authorization(found)}
    sources = policies["web"]["spec"]["rules"][0]["from"][0]["source"]["principals"]
    assert sources == ["cluster.local/ns/istio-system/sa/public-istio"]


def test_a_workload_that_nobody_calls_is_refused_to_everybody() -> None:
    policies = {obj["metadata"]["name"]: obj for obj in security.authorization(cases.design("bank"))}
    assert "rules" not in policies["cache"]["spec"]


def test_pods_behind_a_waypoint_take_calls_from_it() -> None:
    policies = {obj["metadata"]["name"]: obj for obj in security.authorization(cases.design("ambient"))}
    own = policies["api-pods"]["spec"]
    assert own["rules"][0]["from"][0]["source"]["principals"][-1].endswith("/sa/waypoint")
    assert policies["api"]["spec"]["targetRefs"] == [{"kind": "Service", "group": "", "name": "api"}]


def test_one_service_called_like_its_account_stands_before_each_pod_in_consul() -> None:
    """A pod that no Service selects waits in Consul's init container until it is given up."""
    found = view("on-premises", {"mesh": "consul", "cni": "calico", "progressive-delivery": "gateway-weights"})
    made = [obj for workload in found.workloads for obj in workload_objects(found, workload)]
    ignored = "consul.hashicorp.com/service-ignore"
    chosen = [obj for obj in made if obj["kind"] == "Service" and ignored not in obj["metadata"]["labels"]]
    seen = set()
    for obj in made:
        spec = obj.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template is None:
            continue
        seen.add(obj["kind"])
        labels = template["metadata"]["labels"]
        names = [one["metadata"]["name"] for one in chosen if one["spec"]["selector"].items() <= labels.items()]
        assert names == [template["spec"]["serviceAccountName"]], obj["metadata"]["name"]
    assert {"Deployment", "Job", "CronJob"} <= seen
    assert values(found, "consul")["connectInject"]["dataplaneAsSidecarInitContainer"]["defaultEnabled"]


def test_linkerd_admits_named_identities_only() -> None:
    made = security.authorization(cases.design("Envoy on EKS"))
    servers = [obj for obj in made if obj["kind"] == "Server"]
    identities = next(obj for obj in made if obj["kind"] == "MeshTLSAuthentication" and obj["metadata"]["name"] == "api")
    assert all(obj["spec"]["accessPolicy"] == "deny" for obj in servers)
    assert all(entry.endswith(".serviceaccount.identity.linkerd.cluster.local") for entry in identities["spec"]["identities"])


@pytest.mark.parametrize("name", ENTRIES)
def test_every_host_is_routed_by_the_entry_chosen(name: str) -> None:
    found = cases.design(name)
    entry = found.entry()
    assert entry is not None
    # Without a second version, whose routes may be somebody else's.
    web = next(workload for workload in found.workloads if workload.host).model_copy(update={"canary": None})
    route = routes.routes(found, web)[0]
    kinds = {"mapping": "Mapping"}
    assert route["kind"] == ("HTTPRoute" if entry.gateway_class else kinds.get(entry.splits, "Ingress"))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_listener_with_tls_has_a_certificate_or_leaves_it_to_the_cloud(name: str) -> None:
    found = cases.design(name)
    issuer = found.issuer()
    for gateway in [obj for obj in routes.entrance(found) if obj["kind"] == "Gateway"]:
        for listener in gateway["spec"]["listeners"]:
            if listener["protocol"] == "HTTPS":
                assert ("tls" in listener) is (issuer is not None and issuer.kind is not None)


def test_the_load_balancer_of_google_caches_checks_and_logs() -> None:
    found = cases.design("GKE gateway")
    web = next(workload for workload in found.workloads if workload.host)
    made = routes.routes(found, web)
    assert {obj["kind"] for obj in made} == {"HTTPRoute", "GCPHTTPFilter", "HealthCheckPolicy", "GCPBackendPolicy"}
    for rule in made[0]["spec"]["rules"]:
        assert rule["filters"][0]["extensionRef"]["name"] == "web"


def test_the_ingress_of_google_has_its_own_kinds_for_cache_certificate_firewall_and_health() -> None:
    made = _steered("GKE ingress")
    backend = made["BackendConfig", "web"]["spec"]
    assert backend["cdn"]["enabled"] and (backend["cdn"]["cacheMode"], backend["cdn"]["defaultTtl"]) == ("CACHE_ALL_STATIC", 3600)
    assert backend["securityPolicy"]["name"] == "shop-prod" and backend["healthCheck"]["port"] == 8080
    assert made["ManagedCertificate", "web"]["spec"]["domains"] == ["shop.example.com"]
    assert made["FrontendConfig", "public"]["spec"]["redirectToHttps"]["enabled"]
    ingress = made["Ingress", "web"]
    notes = ingress["metadata"]["annotations"]
    assert notes["networking.gke.io/managed-certificates"] == "web" and "networking.gke.io/certmap" not in notes
    assert notes["kubernetes.io/ingress.global-static-ip-name"] == "shop-prod-web"
    assert "tls" not in ingress["spec"]
    service = made["Service", "web"]["metadata"]["annotations"]
    assert json.loads(service["cloud.google.com/backend-config"]) == {"default": "web"}


def test_a_health_check_of_google_asks_where_the_workload_says() -> None:
    found = cases.design("GKE gateway")
    web = next(workload for workload in found.workloads if workload.host)
    told = web.model_copy(update={"canary": None, "health": Probe(ready="/ready")})
    made = {obj["kind"]: obj for obj in routes.routes(found, told)}
    check = made["HealthCheckPolicy"]["spec"]["default"]["config"]["httpHealthCheck"]
    assert check["requestPath"] == "/ready"


def _speaking(name: str, protocol: str) -> tuple[dict[str, str], list[str]]:
    """(annotations of the route of a workload with a host, what is told of it) if it spoke this."""
    found = cases.design(name)
    web = next(workload for workload in found.workloads if workload.host)
    told = web.model_copy(update={"canary": None, "protocol": protocol})
    entry = found.entry()
    assert entry is not None
    return routes.routes(found, told)[0]["metadata"].get("annotations", {}), routes.unspoken(told, entry)


@pytest.mark.parametrize(
    ("name", "annotation", "value"),
    [
        ("F5", "nginx.org/grpc-services", "web"),
        ("Key Vault", "nginx.ingress.kubernetes.io/backend-protocol", "GRPC"),
    ],
)
def test_an_ingress_to_grpc_says_so_in_its_controllers_words(name: str, annotation: str, value: str) -> None:
    annotations, told = _speaking(name, "grpc")
    assert annotations[annotation] == value and not told
    assert annotation not in _speaking(name, "http")[0]


def test_ingresses_of_one_host_are_joined_by_the_controller_of_f5() -> None:
    """It refuses the younger of two that only name the same host: of a second workload, and of what proves the name."""
    choices = {"ingress": "f5-nginx-ingress", "certificates": "lets-encrypt", "certificate-automation": "cert-manager"}
    found = view("on-premises", choices)
    host = next(workload for workload in found.workloads if workload.host)
    other = host.model_copy(update={"name": "beside", "path": "/beside"})
    found = replace(found, design=replace(found.design, workloads=(*found.design.workloads, other)), memo={})
    made = [obj for workload in (host, other) for obj in routes.routes(found, workload) if obj["kind"] == "Ingress"]
    kinds = [obj["metadata"]["annotations"]["nginx.org/mergeable-ingress-type"] for obj in made]
    assert sorted(kinds) == ["master", "minion", "minion"]
    for obj, kind in zip(made, kinds, strict=True):
        rule = obj["spec"]["rules"][0]
        assert rule["host"] == host.host
        assert ("http" in rule) == (kind == "minion") and ("tls" in obj["spec"]) == (kind == "master")
        asked = obj["metadata"]["annotations"].get("cert-manager.io/issue-temporary-certificate")
        assert asked == ("true" if kind == "master" else None)
    issuer = next(obj for obj in objects(found, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
    template = issuer["spec"]["acme"]["solvers"][0]["http01"]["ingress"]["ingressTemplate"]
    assert template["metadata"]["annotations"] == {"nginx.org/mergeable-ingress-type": "minion"}


def test_grpc_through_the_controller_of_f5_has_http_2() -> None:
    assert values(cases.design("F5"), "f5-nginx-ingress")["controller"]["config"]["entries"] == {"http2": "true"}


@pytest.mark.parametrize(
    ("name", "protocol", "words"),
    [
        ("GKE ingress", "grpc", "a Gateway carries it"),
        ("kgateway", "thrift", "Thrift over HTTP only"),
        ("kgateway", "tcp", "need another entry"),
    ],
)
def test_what_an_entry_does_not_carry_is_told(name: str, protocol: str, words: str) -> None:
    assert any(words in sentence for sentence in _speaking(name, protocol)[1])
    assert not any(words in sentence for sentence in _speaking(name, "http")[1])


def test_traefik_opens_the_ports_of_the_listeners() -> None:
    found = cases.design("small")
    gateways = [obj for obj in routes.entrance(found) if obj["kind"] == "Gateway"]
    ports = {listener["port"] for obj in gateways for listener in obj["spec"]["listeners"]}
    opened = {port["port"] for port in values(found, "traefik")["ports"].values()}
    assert ports <= opened


def test_a_rollout_takes_the_place_of_the_second_version() -> None:
    found = cases.design("Envoy on EKS")
    web = next(workload for workload in found.workloads if workload.canary)
    made = found.gather("canary", "progressive-delivery")[0](web, found.workload_namespace(web))
    rollout = made[0]
    assert rollout["kind"] == "Rollout" and rollout["spec"]["workloadRef"]["name"] == "web"
    steps = rollout["spec"]["strategy"]["canary"]["steps"]
    assert [step["setWeight"] for step in steps if "setWeight" in step] == [20, 40, 60, 80]
    assert any(obj["kind"] == "AnalysisTemplate" for obj in made)


def test_what_a_rollout_cannot_say_is_residue() -> None:
    sentences = routes.residue(view("on-premises", {"ingress": "f5-nginx-ingress", "progressive-delivery": "argo-rollouts"}))
    assert any("by the number of its pods" in sentence and "x-canary" in sentence for sentence in sentences)


def _steered(name: str = "kgateway") -> dict[tuple[str, str], dict[str, Any]]:
    made = plan.objects_by_cluster(cases.design(name).design)["prod"]
    return {(obj["kind"], obj["metadata"]["name"]): obj for obj in made}


def test_a_canary_owns_what_carries_the_traffic_and_nobody_else_makes_it() -> None:
    made = _steered()
    canary = made["Canary", "web"]["spec"]
    assert canary["targetRef"]["name"] == "web" and canary["service"]["hosts"] == ["shop.example.com"]
    assert canary["service"]["gatewayRefs"][0]["name"] == "public"
    for kind, name in (("Service", "web"), ("HTTPRoute", "web"), ("Deployment", "web-canary")):
        assert (kind, name) not in made
    assert canary["autoscalerRef"]["name"] == "web" and ("HorizontalPodAutoscaler", "web") in made


def test_services_that_a_canary_brings_are_there_for_those_that_refer_to_them() -> None:
    placed = [Placed("web.yaml", body) for body in _steered().values()]
    assert [str(finding) for finding in check_references.check(placed)[0] if "/web" in str(finding)] == []
    bare = [entry for entry in placed if entry.body["kind"] != "Canary"]
    assert any("selects no Service" in str(finding) for finding in check_references.check(bare)[0])


def test_the_copies_of_a_canary_can_be_told_apart_and_are_let_through_like_the_workload() -> None:
    made = _steered()
    selector = made["Deployment", "web"]["spec"]["selector"]["matchLabels"]
    assert selector["k8s-wizard.dev/release"] == "web"
    assert values(cases.design("kgateway"), "flagger")["selectorLabels"] == "k8s-wizard.dev/release"
    assert "k8s-wizard.dev/release" not in made["PodDisruptionBudget", "web"]["spec"]["selector"]["matchLabels"]
    policies = [obj for (kind, _), obj in made.items() if kind == "NetworkPolicy"]
    assert not any("k8s-wizard.dev/release" in str(policy) for policy in policies)


def test_a_new_version_is_judged_by_its_own_requests_and_the_objective_counts_all() -> None:
    made = _steered()
    assert 'service="web-canary"' in made["MetricTemplate", "web-failed-requests"]["spec"]["query"]
    rules = made["PrometheusRule", "web-objective"]["spec"]["groups"][0]["rules"]
    assert 'service=~"web|web-primary|web-canary"' in rules[0]["expr"]


def test_a_header_chooses_the_new_version_where_the_answers_name_one() -> None:
    analysis = _steered()["Canary", "web"]["spec"]["analysis"]
    assert analysis["match"] == [{"headers": {"x-canary": {"exact": "yes"}}}] and "stepWeight" not in analysis


def test_without_a_header_the_weight_grows_to_what_the_answers_say() -> None:
    found = cases.design("kgateway")
    web = next(workload for workload in found.workloads if workload.canary)
    plain = web.model_copy(update={"canary": web.canary.model_copy(update={"header": None, "weight": 50})})
    canary = found.gather("canary", "progressive-delivery")[0](plain, "shop")[0]
    assert (canary["spec"]["analysis"]["stepWeight"], canary["spec"]["analysis"]["maxWeight"]) == (20, 50)


def test_the_proxies_of_the_entry_are_as_many_as_availability_asks_for() -> None:
    proxies = values(cases.design("bank"), "istio", "istiod")["gatewayClasses"]["istio"]
    assert proxies["horizontalPodAutoscaler"]["spec"]["minReplicas"] == 3
    assert proxies["podDisruptionBudget"]["spec"] == {"minAvailable": 1}
    envoy = next(obj for obj in objects(cases.design("Envoy on EKS"), "envoy-gateway") if obj["kind"] == "EnvoyProxy")
    assert envoy["spec"]["provider"]["kubernetes"]["envoyHpa"]["minReplicas"] == 3
    found = cases.design("kgateway")
    proxies = next(obj for obj in objects(found, "kgateway") if obj["kind"] == "GatewayParameters")
    kube, name = proxies["spec"]["kube"], {key: proxies["metadata"][key] for key in ("name", "namespace")}
    assert kube["horizontalPodAutoscaler"]["spec"]["minReplicas"] == 3 and "deployment" not in kube
    assert values(found, "kgateway", "kgateway")["gatewayClassParametersRefs"] == {"kgateway": name}
