"""What somebody who has to run it would refuse: room that is too small, data that never goes, zones that nobody named."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.quantities import magnitude
from exporters.manifests import bootstrap, cluster
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import objects, values, view, wrong_objects, wrong_values

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

OWN = {"kubernetes": "rke2", "metrics": "prometheus", "log-store": "elk", "tracing": "jaeger", "log-collection": "fluent-bit"}


def _quota(found: View, namespace: str) -> dict[str, Any]:
    made = (obj for obj in cluster.quotas(found) if obj["kind"] == "ResourceQuota")
    return next(dict(obj["spec"]["hard"]) for obj in made if obj["metadata"]["namespace"] == namespace)


def test_a_quota_has_room_for_the_proxies_of_a_mesh_while_the_most_pods_are_replaced() -> None:
    web = {"cpu": "100m", "memory": "128Mi"}
    for mesh, proxy in (("istio", {"cpu": "100m", "memory": "128Mi"}), ("linkerd", {"cpu": "50m", "memory": "64Mi"})):
        hard = _quota(view("on-premises", {**OWN, "mesh": mesh}), "shop")
        for kind, most in (("cpu", hard["requests.cpu"]), ("memory", hard["requests.memory"])):
            pod = magnitude(web[kind], "quantity") + magnitude(proxy[kind], "quantity")
            assert 13 * pod < magnitude(most, "quantity"), (mesh, kind)


def test_an_agent_of_logs_goes_on_where_it_stopped() -> None:
    final = values(view("on-premises", OWN), "fluent-bit", "fluent-bit")
    said = (line.split() for line in final["config"]["inputs"].splitlines())
    folder = next(words[1] for words in said if words[:1] == ["DB"]).rpartition("/")[0]
    mount = next(mount for mount in final["daemonSetVolumeMounts"] if mount["mountPath"] == folder)
    assert not mount.get("readOnly") and mount["name"] in {volume["name"] for volume in final["daemonSetVolumes"]}


def test_traces_in_elasticsearch_go_when_their_time_is_over() -> None:
    found = view("on-premises", OWN, settings={"traces.retention": "14d"})
    final = values(found, "jaeger")
    cleaner = final["esIndexCleaner"]
    assert cleaner["enabled"] and cleaner["numberOfDays"] == 14
    said = {entry["name"]: entry.get("value") for entry in cleaner["extraEnv"]}
    backend = final["userconfig"]["extensions"]["jaeger_storage"]["backends"]["main"]["elasticsearch"]
    assert said["INDEX_PREFIX"] == backend["indices"]["index_prefix"] and said["ES_TLS_CA"] == backend["tls"]["ca_file"]
    assert wrong_values(found, "jaeger") == []


def test_a_schedule_of_which_no_backup_ever_succeeded_raises_an_alert() -> None:
    found = view("on-premises", {**OWN, "backup": "velero"})
    rule = next(obj for obj in objects(found, "velero") if obj["kind"] == "PrometheusRule")
    rules = [entry for group in rule["spec"]["groups"] for entry in group["rules"]]
    alerts = {(entry["labels"]["schedule"], entry["alert"]) for entry in rules}
    schedules = {schedule for schedule, _ in alerts}
    assert alerts == {(schedule, name) for schedule in schedules for name in ("BackupMissing", "BackupTooOld")} and schedules
    assert all(entry["expr"].startswith("absent(") for entry in rules if entry["alert"] == "BackupMissing")
    assert wrong_objects([rule], found.kubernetes_minor) == []


def test_a_lost_zone_leaves_the_monitors_of_ceph_their_majority() -> None:
    found = view("on-premises", {**OWN, "storage-operator": "rook", "distributed-storage": "ceph"})
    placement = values(found, "rook", "rook-ceph-cluster")["cephClusterSpec"]["placement"]["mon"]
    constraint = placement["topologySpreadConstraints"][0]
    assert (constraint["maxSkew"], constraint["whenUnsatisfiable"]) == (1, "DoNotSchedule")
    assert constraint["topologyKey"] == "topology.kubernetes.io/zone"
    assert wrong_values(found, "rook") == []


def test_nodes_of_machines_of_ones_own_get_their_zones_before_anything_is_stored() -> None:
    titles = [step.title for step in bootstrap.steps(view("on-premises", OWN).design)]
    managed = [step.title for step in bootstrap.steps(view("aws", {"kubernetes": "eks"}).design)]
    assert titles.index("Reach the cluster") < titles.index("Say where the nodes stand") < titles.index("Namespaces")
    assert "Say where the nodes stand" not in managed


def test_metrics_that_are_pushed_reach_every_copy_and_a_reader_stays_at_one() -> None:
    found = view("on-premises", {**OWN, "dashboards": "grafana", "instrumentation": "opentelemetry"})
    final = values(found, "opentelemetry")["config"]
    spec = values(found, "prometheus", "kube-prometheus-stack")["prometheus"]
    names = final["service"]["pipelines"]["metrics"]["exporters"]
    ends = {final["exporters"][name]["endpoint"] for name in names}
    assert len(ends) == spec["prometheusSpec"]["replicas"] == 2
    assert spec["service"]["sessionAffinity"] == "ClientIP"
    sources = values(found, "grafana")["datasources"]["datasources.yaml"]["datasources"]
    assert "prometheus-operated" not in next(source["url"] for source in sources if source["uid"] == "metrics")
    assert wrong_values(found, "opentelemetry") + wrong_values(found, "prometheus") == []


def test_one_copy_is_written_to_at_one_place() -> None:
    found = view("on-premises", {**OWN, "instrumentation": "opentelemetry"}, {"availability": "99"})
    assert values(found, "opentelemetry")["config"]["service"]["pipelines"]["metrics"]["exporters"] == ["prometheusremotewrite"]


def test_a_name_that_leads_to_several_clusters_is_proven_in_the_dns() -> None:
    choices = {"kubernetes": "eks", "ingress": "envoy-gateway", "certificates": "lets-encrypt", "authoritative-dns": "route-53"}
    for spread, challenge in (("one-region", "http01"), ("several-regions", "dns01")):
        found = view("aws", choices, {"spread": spread})
        issuer = next(obj for obj in objects(found, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
        assert challenge in issuer["spec"]["acme"]["solvers"][0]
        assert wrong_objects([issuer], found.kubernetes_minor) == []


def test_the_proxies_of_the_entry_grow_with_the_traffic_that_is_expected() -> None:
    most = {}
    for traffic in ("medium", "very-high"):
        found = view("aws", {"kubernetes": "eks", "ingress": "envoy-gateway"}, {"traffic": traffic})
        proxy = next(obj for obj in objects(found, "envoy-gateway") if obj["kind"] == "EnvoyProxy")
        kubernetes = proxy["spec"]["provider"]["kubernetes"]
        assert "replicas" not in kubernetes["envoyDeployment"]
        most[traffic] = kubernetes["envoyHpa"]["maxReplicas"]
        assert wrong_objects([proxy], found.kubernetes_minor) == []
    assert most["very-high"] > most["medium"] >= 5


def test_where_two_services_answer_for_a_zone_the_proof_is_led_to_one_of_them() -> None:
    choices = {"kubernetes": "eks", "certificates": "lets-encrypt", "dns-steering": "failover-providers"}
    found = view("aws", {**choices, "authoritative-dns": "route-53,azure-dns"}, {"spread": "several-providers"})
    issuer = next(obj for obj in objects(found, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
    solvers = issuer["spec"]["acme"]["solvers"]
    assert len(solvers) == 1 and solvers[0]["dns01"]["cnameStrategy"] == "Follow" and "hostedZoneName" not in str(solvers)
    steps = [step.do for step in found.design.catalog.components["failover-providers"].handover if "_acme-challenge" in step.do]
    assert len(steps) == 1


def test_nodes_of_a_closed_network_are_brought_to_no_release_that_nobody_named() -> None:
    own = {"kubernetes": "rke2", "cluster-upgrades": "system-upgrade-controller"}

    def plans(air_gap: str, release: str) -> list[dict[str, Any]]:
        found = view("on-premises", own, {"air-gap": air_gap}, {"upgrades.release": release})
        return [obj["spec"] for obj in objects(found, "system-upgrade-controller") if obj["kind"] == "Plan"]

    assert plans("yes", "newest") == []
    assert [plan["version"] for plan in plans("yes", "v1.36.5+rke2r1")] == ["v1.36.5+rke2r1"] * 2
    assert all("channel" in plan and "version" not in plan for plan in plans("no", "newest"))


def test_tools_that_no_route_leads_to_are_opened_through_the_api_server_and_sign_on_leads_back_there() -> None:
    found = view("on-premises", {**OWN, "deployment": "argo-cd", "dashboards": "grafana"})
    for component, service in (("argo-cd", "argocd-server"), ("grafana", "grafana")):
        steps = found.design.catalog.components[component].handover
        assert any(f"port-forward service/{service} " in (step.command or "") for step in steps)
    assert "https://localhost:8080" in values(found, "argo-cd")["configs"]["cm"]["additionalUrls"]
    assert wrong_values(found, "argo-cd") == []
