"""Alerts mean what they say: their series are counted, their windows hold enough scrapes, and none silences another's."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest

from exporters.manifests import check_named, plan, reliability, routes
from exporters.manifests.check import Placed
from exporters.manifests.view import View
from tests.exporters.manifests import generated, languages
from tests.exporters.manifests.components import cases
from tests.exporters.manifests.components.checking import values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

BANK = "bank"
FLAGGER = {"progressive-delivery": "flagger", "kubernetes": "gke-standard", "ingress": "gke-gateway"}
METERED = {"metrics": "prometheus", "service-level-objectives": "burn-rate-rules"}
ROLLOUTS = {"progressive-delivery": "argo-rollouts", "kubernetes": "eks", "ingress": "envoy-gateway", "mesh": "none"}


def _meets(matchers: list[str], labels: dict[str, str]) -> bool:
    for matcher in matchers:
        name, sign, wanted = re.fullmatch(r'(\w+) (=~?) "([^"]*)"', matcher).groups()  # type: ignore[union-attr]
        value = labels.get(name, "")
        if not (re.fullmatch(wanted, value) if sign == "=~" else value == wanted):
            return False
    return True


def _silences(rules: list[dict[str, Any]], source: dict[str, str], target: dict[str, str]) -> bool:
    """Whether an alert that fires keeps another from being told (https://prometheus.io/docs/alerting/latest/configuration/)."""
    return any(
        _meets(rule["source_matchers"], source)
        and _meets(rule["target_matchers"], target)
        and all(source.get(name, "") == target.get(name, "") for name in rule["equal"])
        for rule in rules
    )


def test_an_urgent_alert_silences_the_warning_of_the_same_thing_and_of_no_other() -> None:
    rules = values(cases.design(BANK), "prometheus", "kube-prometheus-stack")["alertmanager"]["config"]["inhibit_rules"]
    workloads = [
        {"alertname": "ErrorBudgetBurn", "severity": severity, "workload": workload}
        for severity, workload in itertools.product(("critical", "warning"), ("web", "api"))
    ]
    volumes = [
        {"alertname": "KubePersistentVolumeFillingUp", "severity": severity, "namespace": namespace}
        for severity, namespace in itertools.product(("critical", "warning"), ("shop", "other"))
    ]
    alerts = [*workloads, *volumes]
    silenced = [(a, b) for a, b in itertools.permutations(alerts, 2) if _silences(rules, a, b)]
    assert silenced == [(alerts[0], alerts[2]), (alerts[1], alerts[3]), (alerts[4], alerts[6]), (alerts[5], alerts[7])]


def test_nodes_are_scraped_as_the_job_that_alerts_and_dashboards_ask_for() -> None:
    found = values(view("gcp", {**METERED, "instrumentation": "exporters"}), "exporters", "node-exporter")
    assert found["commonLabels"] == {found["prometheus"]["monitor"]["jobLabel"]: "node-exporter"}


@pytest.mark.parametrize(("interval", "briefs"), [("30s", ["5m", "30m", "6h"]), ("2m", ["8m", "30m", "6h"])])
def test_a_short_window_holds_four_scrapes(interval: str, briefs: list[str]) -> None:
    own = view("gcp", METERED, settings={"metrics.scrape-interval": interval})
    recorded, alerts = (group["rules"] for group in reliability.objectives(own)[0]["spec"]["groups"])
    spans = [rule["record"].removeprefix("workload:request_errors:ratio_rate") for rule in recorded]
    asked = [re.findall(r"ratio_rate(\w+)\{", rule["expr"]) for rule in alerts]
    assert [brief for _, brief in asked] == briefs
    assert {span for pair in asked for span in pair} == set(spans)
    assert all(f"[{span}]" in rule["expr"] for span, rule in zip(spans, recorded, strict=True))


def test_a_second_version_is_judged_over_as_many_scrapes() -> None:
    own = view("aws", {**ROLLOUTS, "metrics": "prometheus"}, settings={"metrics.scrape-interval": "2m"})
    template = next(obj for obj in plan.objects_by_cluster(own.design)["prod"] if obj["kind"] == "AnalysisTemplate")
    assert "[8m]" in template["spec"]["metrics"][0]["provider"]["prometheus"]["query"]


def test_a_second_version_is_judged_until_its_last_step() -> None:
    own = view("aws", {**ROLLOUTS, "metrics": "prometheus"})
    template = next(obj for obj in plan.objects_by_cluster(own.design)["prod"] if obj["kind"] == "AnalysisTemplate")
    assert "interval" in template["spec"]["metrics"][0] and "count" not in template["spec"]["metrics"][0]


def test_flagger_takes_back_no_version_that_nobody_has_called_yet() -> None:
    own = view("gcp", {**FLAGGER, "metrics": "prometheus"})
    template = next(obj for obj in plan.objects_by_cluster(own.design)["prod"] if obj["kind"] == "MetricTemplate")
    # Without requests the quotient has no value, and 0 stands in for it; with them `> 0` keeps NaN away.
    assert re.search(r"/ \(\(.*\) > 0\) or vector\(0\)$", template["spec"]["query"], re.S)


def test_the_load_balancer_asks_the_services_that_flagger_makes_as_it_asks_ours() -> None:
    made = plan.objects_by_cluster(view("gcp", {**FLAGGER, "metrics": "prometheus"}).design)["prod"]
    canaries = {obj["metadata"]["name"] for obj in made
                if obj["kind"] == "Canary" and obj["spec"]["service"].get("hosts")}
    for kind in ("HealthCheckPolicy", "GCPBackendPolicy"):
        aims = {obj["spec"]["targetRef"]["name"] for obj in made if obj["kind"] == kind}
        assert canaries and {f"{name}{part}" for name in canaries for part in ("-primary", "-canary")} <= aims
    cached = view("gcp", {**FLAGGER, "metrics": "prometheus", "cdn": "cloud-cdn"})
    assert any("keeps no answers of" in told for told in routes.residue(cached))
    assert check_named.check([Placed("web.yaml", obj) for obj in made if obj["kind"] != "GCPHTTPFilter"]) == []


@pytest.mark.parametrize("metrics", ["prometheus", "google-managed-prometheus"])
def test_flagger_asks_a_store_that_it_can_reach_or_none(metrics: str) -> None:
    own = view("gcp", {**FLAGGER, "metrics": metrics}, settings={"metrics.scrape-interval": "30s"})
    made = {obj["kind"]: obj for obj in plan.objects_by_cluster(own.design)["prod"]}
    asked = made["Canary"]["spec"]["analysis"].get("metrics", [])
    if metrics == "prometheus":
        assert made["MetricTemplate"]["spec"]["provider"]["address"] == "http://prometheus-operated.monitoring.svc:9090"
        assert [entry["interval"] for entry in asked] == ["2m"]
    else:
        assert asked == [] and "MetricTemplate" not in made


def unmeasured(own: View) -> View:
    """The same, with workloads that say no port of their metrics."""
    silent = tuple(workload.model_copy(update={"metrics_port": None}) for workload in own.design.workloads)
    return replace(own, design=replace(own.design, workloads=silent), memo={})


def test_no_alert_is_made_about_requests_that_nobody_counts() -> None:
    own = view("gcp", {**METERED, "mesh": "none"})
    assert reliability.objectives(own) != [] and reliability.objectives(unmeasured(own)) == []
    meshed = view("gcp", {**METERED, "mesh": "linkerd"})
    assert reliability.objectives(unmeasured(meshed)) == reliability.objectives(meshed) != []


@pytest.mark.parametrize(("cloud", "choices", "kind"), [
    ("gcp", {"kubernetes": "gke-standard", "ingress": "gke-gateway", "progressive-delivery": "flagger"}, "MetricTemplate"),
    ("aws", ROLLOUTS, "AnalysisTemplate"),
])
def test_a_version_of_which_nobody_counts_requests_is_not_judged_by_them(cloud: str, choices: dict[str, str], kind: str) -> None:
    own = view(cloud, {**choices, "metrics": "prometheus", "mesh": "none"})
    for seen, there in ((own, True), (unmeasured(own), False)):
        assert (kind in {obj["kind"] for obj in plan.objects_by_cluster(seen.design)["prod"]}) is there


def test_calls_by_grpc_are_counted_as_libraries_name_them_now_and_as_they_did() -> None:
    own = view("gcp", {**METERED, "mesh": "none"})
    grpc = next(workload for workload in own.workloads if workload.protocol == "grpc")
    failed, total = (text.replace("WINDOW", "5m") for text in reliability.requests(own, grpc))
    for text in (failed, total, f"({failed} or vector(0)) / {total}"):
        assert [name for name, _ in languages.series(text)][:2] == [
            "rpc_server_call_duration_seconds_count", "rpc_server_duration_milliseconds_count"]
    asked = dict(languages.series(failed))
    assert "UNAVAILABLE" in asked["rpc_server_call_duration_seconds_count"]["rpc_response_status_code"].split("|")
    assert "14" in asked["rpc_server_duration_milliseconds_count"]["rpc_grpc_status_code"].split("|")
