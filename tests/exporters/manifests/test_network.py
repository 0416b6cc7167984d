"""Network policies say every flow of the topology, and between workloads nothing else."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from catalog.design import Design
from catalog.topology import Edge, Node
from catalog.workloads import Cluster as ClusterFacts
from catalog.workloads import External, Ranges
from exporters.manifests import network, pods
from exporters.manifests.plan import objects_by_cluster
from exporters.manifests.view import View, views
from tests.exporters.manifests.components import checking
from tests.exporters.manifests.meshes import refuses_probe
from tests.exporters.manifests.simulator import Address, Cluster, Connection, End, Pod
from tests.exporters.manifests.standins import CHOICES, CLUSTERS, EXTERNALS, stand_in

OUTSIDE = Address("somewhere", "198.51.100.7")


def policed(design: Design, view: View) -> Cluster:
    return Cluster(objects_by_cluster(design)[view.cluster.name])


def pod(node: Node, narrow: dict[str, str], view: View) -> End:
    """The node as an end of a connection, with the labels that its pods have."""
    if node.kind == "workload":
        workload = next(entry for entry in view.workloads if entry.name == node.name)
        return Pod(node.name, str(node.namespace), pods.stable(view, workload), workload.name)
    if not network.runs_pods(node, view):
        external = next((entry for entry in view.externals if entry.name == node.name), None)
        nodes = view.cluster.ranges.nodes if node.host_network or node.name == "nodes" else None
        entry = view.entry()
        proxies = entry.sources[:1] if entry is not None and "ingress" in node.roles else ()
        known = external.cidr if external is not None else next(iter(proxies), nodes)
        # What only a setting names outside is called by its host.
        host = external.host if external is not None else node.name if node.kind == "external" else ""
        return Address(node.name, known.split("/")[0] if known else OUTSIDE.ip, entity(node), host)
    labels = {name: "any" if value == "*" else value for name, value in {**node.pods, **narrow}.items()}
    proxies_of = view.entry() if "ingress" in node.roles else None
    if proxies_of is not None and any(name.startswith("gateway.") for name in labels):
        labels = {**labels, **proxies_of.pods}  # the pods of the shared Gateway carry what that is called, too
    return Pod(node.name, network.namespace_of(node), labels)


def opened(edge: Edge, node: Node, view: View) -> Node:
    """The node where the pods are that open a connection; proxies on the nodes themselves are none."""
    component = view.design.catalog.components.get(node.name) if node.kind == "component" else None
    if component is not None and edge.kind == "request" and "ingress" in node.roles:
        serving = [endpoint for endpoint in component.endpoints if "ingress" in endpoint.serves]
        if any(endpoint.host_network for endpoint in serving):
            return replace(node, host_network=True, pods={})
    return replace(node, namespace=edge.source_namespace, pods={}) if edge.source_namespace else node


def entity(node: Node) -> str:
    """What a data plane that knows identities takes it for."""
    if node.kind == "platform":
        return "kube-apiserver" if node.name == "kubernetes-api" else "host"
    if node.host_network:
        return "ingress" if "ingress" in node.roles else "remote-node"
    return "world"


def connections(view: View) -> list[tuple[Edge, Connection]]:
    nodes = {node.id: node for node in view.topology.nodes if network.here(node, view)}
    return [
        (
            edge,
            Connection(
                pod(opened(edge, nodes[edge.source], view), edge.source_pods, view),
                pod(nodes[edge.target], edge.target_pods, view),
                edge.port,
                edge.protocol,
            ),
        )
        for edge in view.topology.edges
        if edge.source in nodes and edge.target in nodes and edge.port is not None
    ]


@pytest.mark.parametrize(
    ("cloud", "kubernetes", "agents"),
    [
        ("azure", "aks", {"app": "konnectivity-agent"}),
        ("azure", "aks-automatic", {"app": "konnectivity-agent"}),
        ("gcp", "gke-standard", {"k8s-app": "konnectivity-agent"}),
        ("gcp", "gke-autopilot", {"k8s-app": "konnectivity-agent"}),
    ],
)
def test_calls_of_the_api_server_pass_where_they_come_out_of_pods(cloud: str, kubernetes: str, agents: dict[str, str]) -> None:
    """Webhooks that nobody can call refuse every object."""
    found = checking.view(cloud, {"kubernetes": kubernetes, "policy-engine": "kyverno", "network-policy": "default-deny"})
    cluster = policed(found.design, found)
    agent = Pod("konnectivity-agent", "kube-system", agents)
    calls = [call for _, call in connections(found) if call.source.name == "kubernetes-api" and isinstance(call.target, Pod)]
    assert calls and all(cluster.allows(replace(call, source=agent)) for call in calls)
    stranger = Pod("stranger", "kube-system", {"app": "stranger"})
    assert not any(cluster.allows(replace(call, source=stranger)) for call in calls)


USER = Address("user", "203.0.113.9")


@pytest.mark.parametrize(
    ("cloud", "choices"),
    [
        ("aws", {"kubernetes": "eks", "cni": "vpc-cni", "load-balancer": "aws-nlb", "ingress": "envoy-gateway"}),
        ("on-premises", {"cni": "calico", "load-balancer": "metallb", "ingress": "traefik"}),
        ("on-premises", {"cni": "cilium", "load-balancer": "cilium", "ingress": "traefik"}),
        ("on-premises", {"cni": "calico", "load-balancer": "hardware-load-balancer", "ingress": "f5-nginx-ingress"}),
    ],
)
def test_users_reach_the_entry_by_https_and_http_whatever_leads_them_there(cloud: str, choices: dict[str, str]) -> None:
    """What only leads requests to a Service is not who sends them; plain HTTP leads to HTTPS and proves names."""
    found = checking.view(cloud, {**choices, "network-policy": "default-deny", "mesh": "none"})
    cluster = policed(found.design, found)
    component = found.design.catalog.components[choices["ingress"]]
    entrances = [endpoint for endpoint in component.endpoints if "ingress" in endpoint.serves]
    assert {endpoint.application for endpoint in entrances} == {"http", "https"}
    for endpoint in entrances:
        proxy = Pod(component.id, component.install.namespace if component.install else "", endpoint.pods)
        assert cluster.allows(Connection(USER, proxy, endpoint.port)), endpoint.name
        # A node that a balancer chose hands the request on under its own address.
        assert cluster.allows(Connection(Address("node", "10.99.0.5", "remote-node"), proxy, endpoint.port)), endpoint.name


@pytest.mark.parametrize(
    ("kubernetes", "ingress"), [("eks", "aws-load-balancer-ingress"), ("eks-auto-mode", "eks-auto-ingress")]
)
def test_a_balancer_outside_of_the_subnets_of_the_nodes_reaches_what_has_a_host(kubernetes: str, ingress: str) -> None:
    """Subnets that face the internet are not those of private nodes."""
    found = checking.view("aws", {"kubernetes": kubernetes, "ingress": ingress, "network-policy": "default-deny"})
    stated = found.cluster.model_copy(update={"ranges": Ranges(nodes="10.10.0.0/20")})
    found = replace(found, cluster=stated, memo={})
    cluster = Cluster(network.policies(found).objects)
    host = next(workload for workload in found.workloads if workload.host and workload.port)
    end = Pod(host.name, found.workload_namespace(host), pods.stable(found, host), host.name)
    assert cluster.passes(Connection(Address("balancer", "10.77.0.9"), end, int(host.port or 0)))


def test_pods_that_pass_requests_on_may_call_the_entry_by_https_and_http() -> None:
    choices = {"kubernetes": "k3s", "load-balancer": "k3s-servicelb", "ingress": "traefik", "network-policy": "default-deny"}
    found = checking.view("other-cloud", choices)
    cluster = policed(found.design, found)
    balancer = Pod("svclb", "kube-system", {"svccontroller.k3s.cattle.io/svcname": "traefik"})
    proxy = Pod("traefik", "traefik", {"app.kubernetes.io/name": "traefik"})
    assert all(cluster.allows(Connection(balancer, proxy, port)) for port in (80, 443))


_ACME = {"certificates": "lets-encrypt", "certificate-automation": "cert-manager", "network-policy": "default-deny"}


@pytest.mark.parametrize(("ingress", "mesh"), [("traefik", "none"), ("f5-nginx-ingress", "istio"), ("f5-nginx-ingress", "none")])
def test_a_name_is_proven_by_the_entry_under_default_deny(ingress: str, mesh: str) -> None:
    """What answers for a name stands where its certificate is asked for, and is asked before the authority asks."""
    found = checking.view("on-premises", {**_ACME, "cni": "calico", "ingress": ingress, "mesh": mesh})
    cluster, entry = policed(found.design, found), found.entry()
    assert entry is not None and entry.namespace is not None
    hosts = [workload for workload in found.workloads if workload.host]
    places = {entry.namespace} if entry.gateway_class else {found.workload_namespace(workload) for workload in hosts}
    proxy = Pod("entry", entry.namespace, entry.pods)
    asker = Pod("cert-manager", "cert-manager",
                {"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/instance": "cert-manager"})
    assert places and cluster.passes(Connection(asker, USER, 80)) and cluster.passes(Connection(asker, proxy, 80))
    for place in places:
        answering = Pod("solver", place, {"acme.cert-manager.io/http01-solver": "true"})
        assert cluster.passes(Connection(proxy, answering, 8089))
        assert not cluster.passes(Connection(Pod("stranger", "elsewhere", {}), answering, 8089))


def test_what_answers_for_a_name_among_workloads_stays_out_of_the_mesh() -> None:
    """The entry is no member: strict mutual TLS would refuse it."""
    found = checking.view("on-premises", {**_ACME, "cni": "calico", "ingress": "f5-nginx-ingress", "mesh": "istio"})
    issuer = next(obj for obj in checking.objects(found, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
    solver = issuer["spec"]["acme"]["solvers"][0]["http01"]["ingress"]
    assert solver["podTemplate"]["metadata"]["labels"] == {"sidecar.istio.io/inject": "false"}


def test_an_entry_on_the_nodes_may_call_what_has_a_host() -> None:
    """Cilium takes requests on the node, whatever pods it has besides."""
    found = checking.view("on-premises", {"cni": "cilium", "ingress": "cilium", "network-policy": "default-deny"})
    cluster = policed(found.design, found)
    entry = Address("cilium", "10.99.0.2", "ingress")
    hosts = [workload for workload in found.workloads if workload.host and workload.port]
    assert hosts
    for workload in hosts:
        end = Pod(workload.name, found.workload_namespace(workload), pods.stable(found, workload), workload.name)
        assert cluster.passes(Connection(entry, end, int(workload.port or 0)))


def strangers(view: View) -> Iterator[Connection]:
    """Every connection between workloads that no flow of the topology is, at ports that something listens at."""
    wanted = {(connection.source.name, connection.target.name, connection.port) for _, connection in connections(view)}
    ends = [Pod(entry.name, view.workload_namespace(entry), pods.stable(view, entry), entry.name) for entry in view.workloads]
    ports = {entry.port for entry in view.workloads if entry.port} | {22, 80, 443, 8443}
    for source, target in itertools.permutations(ends, 2):
        for port in sorted(ports):
            if (source.name, target.name, port) not in wanted:
                yield Connection(source, target, port)


def unanswered(view: View, objects: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Workloads whose probes or names the policies or the mesh stand in the way of."""
    cluster = Cluster(objects)
    kubelet = Address("kubelet", "10.99.0.1", "host", local=True)
    tunnelled = Address("kubelet of the mesh", "169.254.7.127", "world")
    resolvers = [
        (Pod(component.id, component.install.namespace if component.install else network.SYSTEM, endpoint.pods), endpoint)
        for component in view.providers("cluster-dns")
        for endpoint in component.endpoints
        if "cluster-dns" in endpoint.serves and not endpoint.host_network and endpoint.port
    ]
    for entry in view.workloads:
        end = Pod(entry.name, view.workload_namespace(entry), pods.stable(view, entry), entry.name)
        for resolver, endpoint in resolvers:
            if not cluster.allows(Connection(end, resolver, endpoint.port, endpoint.protocol)):
                yield f"{entry.name} cannot resolve names at {resolver.name}"
        body = next(
            (
                each
                for each in objects
                if each["kind"] in ("Deployment", "StatefulSet")
                and each["metadata"]["name"] == entry.name
                and each["metadata"]["namespace"] == end.namespace
            ),
            None,
        )
        if body is None or entry.port is None:
            continue
        probe = body["spec"]["template"]["spec"]["containers"][0].get("readinessProbe", {})
        mesh = cluster.mesh.kind(end)
        asker = tunnelled if mesh == "ambient" else kubelet
        if not cluster.passes(Connection(asker, end, entry.port)) or refuses_probe(mesh, probe):
            yield f"{entry.name} never becomes ready: the kubelet's {'/'.join(probe)} does not get through"


def designs() -> list[Design]:
    return [
        stand_in(),
        stand_in(clusters=CLUSTERS),
        stand_in({"deployment": ("stand-flux",), "metrics": (), "tracing": ()}),
        stand_in({"ingress": ("none",), "secrets": ("none",)}),
        stand_in(externals=[External.model_validate({"name": "db", "host": "db.example.com", "port": 5432})]),
        stand_in(clusters=[ClusterFacts.model_validate({"name": "one", "ranges": {"nodes": "10.0.0.0/24"}})]),
    ]


@pytest.mark.parametrize("design", designs(), ids=range(len(designs())))
def test_every_flow_of_the_topology_is_allowed(design: Design) -> None:
    for view in views(design):
        cluster = policed(design, view)
        found = connections(view)
        assert found
        for edge, connection in found:
            assert cluster.allows(connection), f"{edge.source} -> {edge.target}:{edge.port} ({edge.because})"


@pytest.mark.parametrize("design", designs(), ids=range(len(designs())))
def test_no_other_connection_between_workloads_is_allowed(design: Design) -> None:
    for view in views(design):
        cluster = policed(design, view)
        for connection in strangers(view):
            assert not cluster.allows(connection), f"{connection.source.name} -> {connection.target.name}:{connection.port}"
        assert list(unanswered(view, objects_by_cluster(design)[view.cluster.name])) == []


def test_a_second_version_is_reached_like_the_first() -> None:
    design = stand_in()
    view = views(design)[0]
    cluster = policed(design, view)
    web = next(entry for entry in view.workloads if entry.name == "web")
    canary = Pod("web", view.workload_namespace(web), {**pods.labels(view, web), pods.TRACK: pods.CANARY})
    gate = Pod("stand-gate", "stand-gate", {"app.kubernetes.io/name": "stand-gate"})
    assert cluster.allows(Connection(gate, canary, 8080))
    assert not cluster.allows(Connection(gate, canary, 8081))


def test_every_pod_may_resolve_names_and_nothing_else_of_the_dns_pods() -> None:
    design = stand_in()
    view = views(design)[0]
    cluster = policed(design, view)
    dns = Pod("dns", "kube-system", {"k8s-app": "kube-dns"})
    for entry in view.workloads:
        source = Pod(entry.name, view.workload_namespace(entry), pods.stable(view, entry))
        assert cluster.allows(Connection(source, dns, 53, "UDP"))
        assert not cluster.allows(Connection(source, dns, 9153))


def test_workloads_cannot_call_the_api_server_or_the_internet() -> None:
    design = stand_in()
    view = views(design)[0]
    cluster = policed(design, view)
    for entry in view.workloads:
        source = Pod(entry.name, view.workload_namespace(entry), pods.stable(view, entry))
        assert not cluster.allows(Connection(source, OUTSIDE, 443))
        assert not cluster.allows(Connection(source, OUTSIDE, 6443))


def test_an_external_system_with_known_addresses_is_reached_only_there_and_one_without_is_residue() -> None:
    known = stand_in()
    assert not any("db" in sentence for sentence in network.residue(views(known)[0]))
    assert EXTERNALS[0].cidr
    unknown = stand_in(externals=[External.model_validate({"name": "db", "host": "db.example.com", "port": 5432})])
    assert any("db.example.com" in sentence for sentence in network.residue(views(unknown)[0]))


def test_without_anything_that_enforces_policies_none_is_exported_and_it_is_said() -> None:
    design = stand_in({**CHOICES, "cni": ()})
    view = views(design)[0]
    assert network.objects(view) == []
    assert any("Nothing enforces NetworkPolicy" in sentence for sentence in network.residue(view))


def test_a_policy_that_is_gone_or_names_another_port_is_missed() -> None:
    design = stand_in()
    view = views(design)[0]
    objects = objects_by_cluster(design)[view.cluster.name]
    wanted = [connection for _, connection in connections(view)]
    own = {view.workload_namespace(entry) for entry in view.workloads}
    flows = [body for body in objects if body["kind"] == "NetworkPolicy" and body["metadata"]["name"].startswith("flows-")]
    flows = [body for body in flows if body["metadata"]["namespace"] in own]  # others may be covered by what all may do
    assert len(flows) > 3
    for policy in flows:
        left = Cluster([body for body in objects if body is not policy])
        assert not all(left.allows(connection) for connection in wanted), policy["metadata"]["name"]
        moved = copy.deepcopy(policy)
        for rule in (*moved["spec"].get("ingress", ()), *moved["spec"].get("egress", ())):
            for port in rule.get("ports", ()):
                port["port"] += 1
        if moved != policy:
            other = Cluster([moved if body is policy else body for body in objects])
            assert not all(other.allows(connection) for connection in wanted), policy["metadata"]["name"]
    for policy in [body for body in objects if body["kind"] == "NetworkPolicy" and body["metadata"]["name"] == "default-deny"]:
        if policy["metadata"]["namespace"] in own:
            # Without it, what no other policy selects is open; those that are selected stay as they are.
            bare = Cluster([body for body in objects if body["kind"] != "NetworkPolicy"])
            assert any(bare.allows(connection) for connection in strangers(view))
    names = [body for body in objects if not (body["kind"] == "NetworkPolicy" and body["metadata"]["name"] == "allow-names")]
    assert any("cannot resolve names" in sentence for sentence in unanswered(view, names)) or not view.providers("cluster-dns")


def _runners(choice: str, ci: str, context: dict[str, str]) -> tuple[View, list[dict[str, Any]]]:
    choices = {"registry": "harbor", "ci": ci, "runners": choice, "image-build": "buildkit-in-cluster", "cni": "calico",
               "network-policy": "default-deny", "deployment": "argo-cd"}
    settings = {"runners.url": "https://git.shop.example/team", "delivery.repository": "ssh://git@git.shop.example/team/platform.git"}
    found = checking.view("on-premises", choices, context, settings)
    return found, list(objects_by_cluster(found.design)[found.cluster.name])


@pytest.mark.parametrize(
    ("choice", "ci", "opener"),
    [
        ("gitlab-runner", "gitlab-ci", Pod("job", "gitlab-runner", {"k8s-wizard.dev/job": "true"})),
        ("gitlab-runner", "gitlab-ci", Pod("manager", "gitlab-runner", {"app": "gitlab-runner"})),
        ("actions-runner-controller", "github-actions", Pod("job", "runners", {})),
        ("actions-runner-controller", "github-actions", Pod("listener", "runner-controller", {})),
    ],
)
def test_runners_and_their_jobs_reach_the_code_host_and_jobs_alone_the_builder(choice: str, ci: str, opener: Pod) -> None:
    _, objects = _runners(choice, ci, {"air-gap": "no"})
    cluster = Cluster(objects)
    builder = Pod("buildkitd", "buildkit", {"app": "buildkitd"})
    assert cluster.allows(Connection(opener, OUTSIDE, 443))
    assert cluster.allows(Connection(opener, builder, 1234)) is (opener.name == "job")


def test_without_a_way_out_what_delivers_builds_and_runs_jobs_leads_to_hosts_of_the_design() -> None:
    found, _ = _runners("gitlab-runner", "gitlab-ci", {"air-gap": "yes"})
    delivering = ("gitlab-runner", "argo-cd", "buildkit-in-cluster")
    outward = {
        (name, edge.target, edge.port)
        for edge in found.topology.edges
        if edge.target.startswith(("external:", "internet")) and (name := edge.source.partition("@")[0]) in delivering
    }
    assert outward == {("gitlab-runner", "external:git.shop.example", 443), ("argo-cd", "external:git.shop.example", 22)}
