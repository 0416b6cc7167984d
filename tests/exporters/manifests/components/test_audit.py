"""The audit log of own API servers is shipped by an agent of its own, from their machines alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from exporters.manifests import network
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import charts, objects, values, view, wrong_values
from tests.exporters.manifests.simulator import matches

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

PLACES = {
    "kubeadm": "/var/log/kubernetes/audit",
    "rke2": "/var/lib/rancher/rke2/server/logs",
    "k3s": "/var/lib/rancher/k3s/server/logs",
    "talos": "/var/log/audit/kube",
    "openshift": "/var/log/kube-apiserver",
}


def _store(collector: str) -> str:
    """A store in the cluster that the collector has a plugin for."""
    return "efk" if collector == "fluentd" else "loki"


def _design(collector: str, kubernetes: str) -> View:
    store = _store(collector)
    choices = {"log-collection": collector, "log-store": store, "kubernetes": kubernetes, "audit": "api-server-audit-log"}
    return view("on-premises", {**choices, "log-aggregation": "none"})


COLLECTORS = ["alloy", "fluent-bit", "fluentd", "opentelemetry-agent", "vector"]


BY_OBJECTS = {"filebeat"}
"""Collectors that come without a chart."""


def _volumes(final: dict[str, Any]) -> list[dict[str, Any]]:
    for name in ("daemonSetVolumes", "volumes", "defaultVolumes", "extraVolumes"):
        if name in final:
            return list(final[name])
    return list(final["controller"]["volumes"]["extra"])


@pytest.mark.parametrize("collector", COLLECTORS)
@pytest.mark.parametrize("kubernetes", PLACES)
def test_an_agent_reads_the_log_where_the_distribution_writes_it(collector: str, kubernetes: str) -> None:
    found = _design(collector, kubernetes)
    assert [mine.release for mine in charts(found, collector)] == [collector, f"{collector}-audit"]
    assert wrong_values(found, collector) == []
    final = values(found, collector, f"{collector}-audit")
    assert PLACES[kubernetes] in {volume.get("hostPath", {}).get("path") for volume in _volumes(final)}
    assert PLACES[kubernetes] in str(
        final.get("config") or final.get("fileConfigs") or final.get("customConfig") or final["alloy"]["configMap"]
    )
    assert "node-role.kubernetes.io/control-plane" in str(final)


@pytest.mark.parametrize("collector", COLLECTORS)
def test_agents_of_all_nodes_stay_as_they_are(collector: str) -> None:
    final = values(_design(collector, "rke2"), collector, collector)
    assert "control-plane" not in str(final) and PLACES["rke2"] not in str(final) and "DAC_READ_SEARCH" not in str(final)


def test_the_records_are_a_stream_of_their_own() -> None:
    found = _design("fluent-bit", "rke2")
    assert "job=kubernetes-audit" in values(found, "fluent-bit", "fluent-bit-audit")["config"]["outputs"]
    assert "kubernetes-audit" not in values(found, "fluent-bit", "fluent-bit")["config"]["outputs"]
    other = _design("fluentd", "rke2")
    assert "logs-kubernetes-audit" in values(other, "fluentd", "fluentd-audit")["fileConfigs"]["04_outputs.conf"]
    assert "kubernetes-audit" not in values(other, "fluentd", "fluentd")["fileConfigs"]["04_outputs.conf"]
    agent = values(_design("opentelemetry-agent", "rke2"), "opentelemetry-agent", "opentelemetry-agent-audit")["config"]
    assert agent["service"]["pipelines"]["logs"]["receivers"] == ["filelog/audit"]
    assert "filelog/audit" in agent["receivers"] and "resource/audit" in agent["processors"]


def test_where_somebody_else_runs_the_api_servers_there_is_no_such_agent() -> None:
    found = view("aws", {"log-collection": "fluent-bit", "kubernetes": "eks", "audit": "cloud-audit-logs"})
    assert [mine.release for mine in charts(found, "fluent-bit")] == ["fluent-bit"]


@pytest.mark.parametrize("store", ["efk", "elk"])
def test_an_aggregator_keeps_the_records_in_a_stream_of_their_own(store: str) -> None:
    choices = {"log-collection": "fluent-bit", "log-store": store, "kubernetes": "rke2", "audit": "api-server-audit-log"}
    found = view("on-premises", choices)
    if store == "efk":
        outputs = values(found, "fluentd")["fileConfigs"]["04_outputs.conf"]
        first, rest = outputs.split("<match **>")
        assert "<match audit.**>" in first and "index_name logs-kubernetes-audit" in first
        assert "index_name logs-kubernetes-default" in rest and "buffer-audit" not in rest
    else:
        pipeline = next(obj for obj in objects(found, "logstash") if obj["kind"] == "Logstash")["spec"]["pipelines"][0]
        text = pipeline["config.string"]
        assert 'if [log_type] == "audit"' in text and text.count("data_stream_namespace") == 2
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize("collector", COLLECTORS)
def test_policies_let_both_agents_reach_the_store(collector: str) -> None:
    store = _store(collector)
    choices = {"log-collection": collector, "log-store": store, "kubernetes": "rke2", "audit": "api-server-audit-log"}
    found = view("on-premises", {**choices, "log-aggregation": "none", "cni": "cilium", "network-policy": "default-deny"})
    policies = [body for body in network.objects(found) if body["kind"] == "NetworkPolicy"]
    name = {"opentelemetry-agent": "opentelemetry-collector"}.get(collector, collector)
    where = {"loki": "loki", "efk": "elastic"}[store]
    for release in (collector, f"{collector}-audit"):
        labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": release}
        mine = [
            body
            for body in policies
            if body["metadata"]["namespace"] == collector and matches(body["spec"]["podSelector"], labels)
        ]
        assert any(f"kubernetes.io/metadata.name': '{where}'" in str(body["spec"].get("egress")) for body in mine), release


def test_every_collector_ships_the_log_by_an_agent_or_is_named_as_one_that_is_set_up_by_hand() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    rule = next(rule for rule in catalog.components["api-server-audit-log"].rules if rule.id.endswith("by-hand"))
    named = set(re.findall(r"'([a-z-]+)'", str(rule.warns)))
    for entry in catalog.components.values():
        if "log-collection" not in entry.roles or entry.support == "hand-over":
            continue  # the agent of a managed Kubernetes meets no API servers of one's own
        agents = [chart for chart in (entry.install.charts if entry.install else ()) if "audit-log" in chart.needs]
        assert (bool(agents) or entry.id in BY_OBJECTS) is (entry.id not in named), entry.id
        assert not agents or entry.id in COLLECTORS


def test_every_distribution_of_ones_own_says_where_it_writes_the_log() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    own = {
        part.id
        for part in catalog.components.values()
        if any("self-managed-kubernetes" in (*part.provides, *role.provides) for role in part.roles.values())
    }
    assert own == set(PLACES)


@pytest.mark.parametrize("kubernetes", PLACES)
def test_filebeat_hands_containers_and_records_to_logstash_by_two_agents(kubernetes: str) -> None:
    choices = {"log-collection": "filebeat", "log-store": "elk", "kubernetes": kubernetes, "audit": "api-server-audit-log"}
    found = view("on-premises", choices)
    made = {(obj["kind"], obj["metadata"]["name"]): obj for obj in objects(found, "filebeat")}
    for name, wanted in (("filebeat", "/var/log/containers/*.log"), ("filebeat-audit", f"{PLACES[kubernetes]}/")):
        config = yaml.safe_load(made["ConfigMap", name]["data"]["filebeat.yml"])
        assert config["filebeat.inputs"][0]["paths"][0].startswith(wanted)
        assert config["output.logstash"]["hosts"] == ["logs-ls-http.elastic.svc:5044"]
        # What a pod says before it ends is often less than the kilobyte from which contents tell files apart.
        assert ("file_identity.native" in config["filebeat.inputs"][0]) == (name == "filebeat")
    everywhere, servers = (made["DaemonSet", name]["spec"]["template"]["spec"] for name in ("filebeat", "filebeat-audit"))
    assert "affinity" not in everywhere and "control-plane" in str(servers["affinity"])
    assert everywhere["automountServiceAccountToken"] and not servers["automountServiceAccountToken"]
    assert [volume["hostPath"]["path"] for volume in servers["volumes"][1:]] == ["/var/lib/filebeat-audit", PLACES[kubernetes]]
    pipeline = next(obj for obj in objects(found, "logstash") if obj["kind"] == "Logstash")["spec"]
    assert "beats { port => 5044" in pipeline["pipelines"][0]["config.string"]
    assert 5044 in {port["port"] for port in pipeline["services"][0]["service"]["spec"]["ports"]}


def test_logstash_opens_no_door_for_agents_that_are_not_there() -> None:
    found = view("on-premises", {"log-collection": "fluent-bit", "log-store": "elk", "kubernetes": "rke2"})
    assert "5044" not in str(objects(found, "logstash"))


def test_vector_as_the_aggregator_keeps_the_records_apart() -> None:
    choices = {"log-collection": "fluent-bit", "log-aggregation": "vector", "log-store": "loki", "kubernetes": "rke2"}
    found = view("on-premises", {**choices, "audit": "api-server-audit-log"})
    assert [mine.release for mine in charts(found, "vector")] == ["vector-aggregator"]
    config = values(found, "vector", "vector-aggregator")["customConfig"]
    assert config["sources"]["logs"]["address"] == "0.0.0.0:8080"
    assert '"kubernetes-audit"' in config["transforms"]["named"]["source"]
    assert config["sinks"]["store"]["labels"]["job"] == "{{`{{ job }}`}}"
    output = values(found, "fluent-bit", "fluent-bit")["config"]["outputs"]
    assert "vector-aggregator.vector.svc" in output and "Name http" in output


def test_what_vector_hands_on_waits_on_the_disk_until_it_is_taken() -> None:
    found = _design("vector", "rke2")
    for release in ("vector", "vector-audit"):
        store = values(found, "vector", release)["customConfig"]["sinks"]["store"]
        assert store["type"] == "loki" and store["buffer"]["type"] == "disk" and store["acknowledgements"]["enabled"]
    labels = values(found, "vector", "vector-audit")["customConfig"]["sinks"]["store"]["labels"]
    assert labels == {"cluster": "prod", "job": "kubernetes-audit"}
