"""What the reliability components are told by the design."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from exporters.manifests import cluster, units
from exporters.manifests.cluster import installed
from exporters.manifests.components import velero
from exporters.manifests.view import views
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import cases
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

BANK, GCP, SMALL = "bank", "loki on GCP", "small"


def kinds(made: list[dict[str, object]]) -> list[object]:
    return [obj["kind"] for obj in made]


def test_prometheus_keeps_what_the_settings_say_on_the_volume_they_say() -> None:
    spec = values(cases.design(BANK), "prometheus", "kube-prometheus-stack")["prometheus"]["prometheusSpec"]
    found = cases.design(BANK)
    assert spec["retention"] == found.setting("metrics.retention")
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert claim["resources"]["requests"]["storage"] == found.setting("metrics.storage")
    assert claim.get("storageClassName") == found.storage_class("block")


def test_prometheus_runs_twice_only_where_availability_asks_for_it() -> None:
    assert values(cases.design(BANK), "prometheus", "kube-prometheus-stack")["prometheus"]["prometheusSpec"]["replicas"] == 2
    assert values(cases.design(SMALL), "prometheus", "kube-prometheus-stack")["prometheus"]["prometheusSpec"]["replicas"] == 1


@pytest.mark.parametrize(("component", "chart", "path", "prefix"), [
    ("prometheus", "kube-prometheus-stack", "prometheus.prometheusSpec.image.tag", "v"), ("grafana", "grafana", "image.tag", "")])
def test_a_release_that_the_chart_does_not_bring_by_itself_is_asked_for_by_name(
    component: str, chart: str, path: str, prefix: str
) -> None:
    found = cases.design(BANK)
    releases = found.design.catalog.components[component].releases
    assert any(chart not in release.charts for release in releases) and any(release.charts for release in releases)
    for release in releases:
        design = replace(found.design, releases={**found.design.releases, component: release.version})
        said: object = values(replace(found, design=design, memo={}), component, chart)
        for part in path.split("."):
            said = said.get(part, {}) if isinstance(said, dict) else {}
        assert said == ({} if chart in release.charts else f"{prefix}{release.version}")


def test_rules_about_a_control_plane_that_the_provider_runs_are_left_out() -> None:
    managed, own = (values(cases.design(name), "prometheus", "kube-prometheus-stack") for name in (GCP, BANK))
    assert not managed["kubeEtcd"]["enabled"] and not managed["defaultRules"]["rules"]["etcd"]
    assert own["kubeEtcd"]["enabled"]


def test_alertmanager_reads_every_address_from_a_mounted_secret() -> None:
    chosen = values(cases.design(BANK), "prometheus", "kube-prometheus-stack")["alertmanager"]
    assert chosen["enabled"]
    receivers = {entry["name"]: entry for entry in chosen["config"]["receivers"]}
    key = receivers["pagerduty"]["pagerduty_configs"][0]["routing_key_file"]
    assert chosen["alertmanagerSpec"]["secrets"][0] == "pagerduty" and "/secrets/pagerduty/" in key
    made = objects(cases.design(BANK), "alertmanager")
    assert {(obj["kind"], obj["metadata"]["namespace"]) for obj in made} == {("ExternalSecret", "monitoring")}


def test_alertmanager_stays_off_where_nobody_chose_it() -> None:
    found = view("gcp", {"metrics": "prometheus"}, rejects={"alerting": "alertmanager"})
    assert values(found, "prometheus", "kube-prometheus-stack")["alertmanager"]["enabled"] is False


def test_every_route_of_alertmanager_ends_at_a_receiver_that_exists() -> None:
    config = values(cases.design(BANK), "prometheus", "kube-prometheus-stack")["alertmanager"]["config"]
    names = {entry["name"] for entry in config["receivers"]}
    used = {config["route"]["receiver"], *(route["receiver"] for route in config["route"]["routes"])}
    assert used <= names


@pytest.mark.parametrize(
    ("name", "types"),
    [
        (GCP, ["prometheus", "loki", "tempo", "alertmanager"]),
        (SMALL, ["prometheus", "loki", "jaeger", "alertmanager"]),
        ("EFK without", ["prometheus", "elasticsearch", "jaeger", "alertmanager"]),
    ],
)
def test_grafana_has_a_source_for_each_store_and_one_default(name: str, types: list[str]) -> None:
    sources = values(cases.design(name), "grafana")["datasources"]["datasources.yaml"]["datasources"]
    assert [source["type"] for source in sources] == types
    assert [source["type"] for source in sources if source["isDefault"]] == ["prometheus"]
    assert len({source["uid"] for source in sources}) == len(sources)


def test_grafana_gets_the_password_of_elasticsearch_from_a_secret() -> None:
    found = values(cases.design("EFK without"), "grafana")
    source = next(entry for entry in found["datasources"]["datasources.yaml"]["datasources"] if entry["type"] == "elasticsearch")
    name = source["secureJsonData"]["basicAuthPassword"].removeprefix("$")
    assert found["envValueFrom"][name]["secretKeyRef"]["key"] == "password"


def test_the_collector_leads_each_signal_to_the_store_that_was_chosen() -> None:
    config = values(cases.design(GCP), "opentelemetry")["config"]
    pipelines = config["service"]["pipelines"]
    assert pipelines["traces"]["exporters"] == ["otlp/traces"]
    assert config["exporters"]["otlp/traces"]["endpoint"].startswith("tempo-distributor.tempo.svc:")
    assert config["exporters"][pipelines["logs"]["exporters"][0]]["endpoint"].endswith("/otlp")
    assert config["exporters"][pipelines["metrics"]["exporters"][0]]["endpoint"].endswith("/api/v1/write")
    every = {name for pipeline in pipelines.values() for name in pipeline["exporters"]}
    assert every <= set(config["exporters"])


def test_the_collector_signs_in_to_elasticsearch_with_a_mounted_authority() -> None:
    found = values(cases.design(BANK), "opentelemetry")
    exporter = found["config"]["exporters"]["elasticsearch/logs"]
    assert exporter["password"] == "${env:LOGS_PASSWORD}"
    assert found["extraVolumeMounts"][0]["mountPath"] == exporter["tls"]["ca_file"].rpartition("/")[0]
    assert {entry["name"] for entry in found["extraEnvs"]} == {"LOGS_USERNAME", "LOGS_PASSWORD"}


def test_the_collector_samples_as_the_setting_says() -> None:
    found = view("gcp", {**cases.DESIGNS[GCP][1]}, settings={"traces.sampling": "1"})
    config = values(found, "opentelemetry")["config"]
    assert config["processors"]["probabilistic_sampler"]["sampling_percentage"] == 1.0
    assert "probabilistic_sampler" in config["service"]["pipelines"]["traces"]["processors"]
    assert "probabilistic_sampler" not in config["service"]["pipelines"]["logs"]["processors"]


def test_the_collector_has_the_identity_that_the_clouds_stores_ask_for() -> None:
    found = values(cases.design("stores of Google"), "opentelemetry")
    assert "iam.gke.io/gcp-service-account" in found["serviceAccount"]["annotations"]
    assert "googlecloud/traces" in found["config"]["exporters"]


def test_loki_is_one_process_on_a_volume_or_parts_over_a_bucket() -> None:
    small = values(cases.design(SMALL), "loki")
    assert small["deploymentMode"] == "Monolithic" and small["loki"]["storage"] == {"type": "filesystem"}
    assert small["singleBinary"]["replicas"] == 1 and small["loki"]["commonConfig"]["replication_factor"] == 1
    large = values(cases.design("loki in parts on AWS"), "loki")
    assert large["deploymentMode"] == "Distributed" and large["loki"]["storage"]["type"] == "s3"
    assert large["singleBinary"]["replicas"] == 0 and large["ingester"]["replicas"] == 3


def test_loki_in_parts_asks_for_room_gives_way_one_at_a_time_and_keeps_what_is_still_to_be_deleted() -> None:
    large = values(cases.design("loki in parts on AWS"), "loki")
    parts = {name: part for name, part in large.items() if isinstance(part, dict) and part.get("replicas") and name != "gateway"}
    assert len(parts) == 7 and all(part["resources"]["requests"]["memory"] for part in parts.values())
    assert {name for name, part in parts.items() if "podDisruptionBudget" not in part} == {"compactor"}
    kept, claims = large["compactor"]["persistence"], large["ingester"]["persistence"]["claims"]
    assert kept["enabled"] and kept["claims"][0]["storageClass"] == claims[0]["storageClass"]
    # One set starts its pods anew in turns; the chart's three sets for zones would all do so at once.
    assert large["ingester"]["zoneAwareReplication"] == {"enabled": False}


def test_loki_deletes_what_is_older_than_the_retention() -> None:
    loki = values(cases.design(GCP), "loki")["loki"]
    assert loki["compactor"]["retention_enabled"]
    assert loki["limits_config"]["retention_period"] == f"{cases.design(GCP).hours('logs.retention')}h"


def test_buckets_are_reached_by_identity_or_by_reference_to_a_secret() -> None:
    account = values(cases.design(GCP), "loki")["serviceAccount"]
    assert "iam.gke.io/gcp-service-account" in account["annotations"]
    keyed = values(cases.design("openbao"), "loki")
    variables = {entry["name"]: entry["valueFrom"]["secretKeyRef"]["name"] for entry in keyed["global"]["extraEnv"]}
    assert set(variables) == {"ACCESS_KEY", "SECRET_KEY"}
    assert keyed["loki"]["storage"]["s3"]["secretAccessKey"] == "${SECRET_KEY}"
    made = objects(cases.design("openbao"), "loki")
    assert set(variables.values()) <= {obj["metadata"]["name"] for obj in made}


def test_fluent_bit_sends_to_the_aggregator_where_there_is_one() -> None:
    assert "Name http" in values(cases.design(BANK), "fluent-bit")["config"]["outputs"]
    assert "Name forward" in values(cases.design("EFK with an aggregator"), "fluent-bit")["config"]["outputs"]


def test_fluentd_as_the_aggregator_takes_forward_and_writes_to_the_store() -> None:
    files = values(cases.design("EFK with an aggregator"), "fluentd")["fileConfigs"]
    assert "@type forward" in files["01_sources.conf"] and "@type elasticsearch" in files["04_outputs.conf"]


def test_alloy_pushes_to_loki_under_the_name_of_the_cluster() -> None:
    river = values(cases.design(SMALL), "alloy")["alloy"]["configMap"]["content"]
    assert 'url = "http://loki-gateway.loki.svc:80/loki/api/v1/push"' in river and 'cluster = "prod"' in river
    assert river.count("{") == river.count("}")


def test_elasticsearch_has_three_members_and_keeps_logs_for_the_retention() -> None:
    made = objects(cases.design(BANK), "elk")
    cluster = next(obj for obj in made if obj["kind"] == "Elasticsearch")
    assert cluster["spec"]["nodeSets"][0]["count"] == 3
    job = next(obj for obj in made if obj["kind"] == "CronJob")
    body = next(
        part
        for part in job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"]
        if part.startswith("{")
    )
    kept = json.loads(body)["policy"]["phases"]["delete"]["min_age"]
    assert kept == f"{cases.design(BANK).hours('logs.retention')}h"


def test_parts_of_the_elastic_stack_have_one_version() -> None:
    made = [obj for part in ("elk", "logstash", "kibana") for obj in objects(cases.design(BANK), part)]
    assert len({obj["spec"]["version"] for obj in made if "version" in obj["spec"]}) == 1


def test_jaeger_keeps_traces_in_elasticsearch_or_on_a_volume() -> None:
    assert "elasticsearch" in json.dumps(values(cases.design(BANK), "jaeger")["userconfig"])
    small = values(cases.design(SMALL), "jaeger")
    assert "badger" in json.dumps(small["userconfig"]) and small["jaeger"]["replicas"] == 1
    assert "PersistentVolumeClaim" in kinds(objects(cases.design(SMALL), "jaeger"))


def test_velero_writes_to_the_destination_outside() -> None:
    made = objects(cases.design(SMALL), "velero")
    location = next(obj for obj in made if obj["kind"] == "BackupStorageLocation")
    assert location["spec"]["config"]["s3Url"].startswith("https://") and location["spec"]["default"]
    assert location["spec"]["objectStorage"]["prefix"] == "prod"
    found = values(cases.design(SMALL), "velero")
    assert {entry["name"] for entry in found["configuration"]["extraEnvVars"]} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    }
    assert found["credentials"] == {"useSecret": False}


def test_velero_signs_in_by_identity_in_a_cloud() -> None:
    account = values(cases.design(GCP), "velero")["serviceAccount"]["server"]
    assert "iam.gke.io/gcp-service-account" in account["annotations"]
    assert kinds(objects(cases.design(GCP), "velero")).count("Schedule") >= 1


def test_the_location_of_backups_names_the_google_account_without_which_no_backup_is_written() -> None:
    account = values(cases.design(GCP), "velero")["serviceAccount"]["server"]["annotations"]
    location = next(obj for obj in objects(cases.design(GCP), "velero") if obj["kind"] == "BackupStorageLocation")
    assert location["spec"]["config"] == {"serviceAccount": account["iam.gke.io/gcp-service-account"]}


@pytest.mark.parametrize(
    ("kept", "brief", "told"),
    [
        ("30d", "72h0m0s", "every 1h of the last 72 hours, and one for each day of the last 30d"),
        ("2d", "48h0m0s", "every 1h of the last 48 hours, and one for each day of the last 2d"),
    ],
)
def test_a_restore_says_how_far_back_frequent_backups_reach_which_is_never_past_the_retention(
    kept: str, brief: str, told: str
) -> None:
    found = view("on-premises", cases.DESIGNS[BANK][1], {}, {"backup.interval": "1h", "backup.retention": kept})
    frequent = next(obj for obj in objects(found, "velero") if obj["metadata"]["name"] == "frequent")
    assert frequent["spec"]["template"]["ttl"] == brief
    assert any(told in do for do, _, _ in objects(found, "velero", "restore"))


@pytest.mark.parametrize(("accepted", "interval"), [("1h", "30m"), ("4h", "2h"), ("24h", "12h")])
def test_data_in_the_cluster_are_backed_up_twice_in_the_time_whose_loss_is_accepted(accepted: str, interval: str) -> None:
    found = view("gcp", cases.DESIGNS[GCP][1], {"state": "inside", "recovery-point": accepted}, {})
    assert str(found.setting("backup.interval", "24h")) == interval


def test_no_query_of_logs_waits_for_one_scheduler_that_may_be_gone() -> None:
    large = values(cases.design("loki in parts on AWS"), "loki")
    assert large["queryScheduler"]["replicas"] == 2 and large["compactor"]["replicas"] == 1


def test_backups_run_as_often_as_the_interval_says_and_are_told_when_they_fail() -> None:
    found = view("on-premises", cases.DESIGNS[BANK][1], {"compliance": "regulated"}, {"backup.interval": "1h"})
    made = objects(found, "velero")
    schedules = {obj["metadata"]["name"]: obj["spec"]["schedule"] for obj in made if obj["kind"] == "Schedule"}
    assert schedules == {"frequent": "17 * * * *", "daily": "17 1 * * *"}
    rule = next(obj for obj in made if obj["kind"] == "PrometheusRule")
    old = next(entry for entry in rule["spec"]["groups"][0]["rules"] if entry["alert"] == "BackupTooOld")
    assert "> 10800" in old["expr"]


@pytest.mark.parametrize(
    ("seconds", "schedule"),
    [
        (900, "*/15 * * * *"),
        (3600, "17 * * * *"),
        (4 * 3600, "17 */4 * * *"),
        (5 * 3600, "@every 300m"),
        (86400, "17 1 * * *"),
        (7 * 86400, "17 1 * * 0"),
    ],
)
def test_an_interval_becomes_a_schedule_that_comes_round_as_often(seconds: int, schedule: str) -> None:
    assert velero.cron(seconds) == schedule


def test_what_is_there_before_prometheus_is_watched_all_the_same() -> None:
    watched = {obj["metadata"]["name"] for obj in objects(cases.design(BANK), "prometheus")}
    assert "argo-cd-controller-metrics" in watched


def test_no_agent_reads_logs_to_throw_them_away() -> None:
    lost = []
    for entry in generated.designs():
        for found in views(entry.design):
            for component in installed(found):
                if "log-collection" in component.roles:
                    made = json.dumps([release.values for release in units.releases(found, component)])
                    if any(sign in made for sign in ("Name null", "@type null", '"nop"', "forward_to = []")):
                        lost.append((entry.name, component.id))
    assert lost == []


def test_fluentd_brings_the_plugin_of_the_elasticsearch_that_it_writes_to() -> None:
    assert values(cases.design("EFK with an aggregator"), "fluentd")["variant"] == "elasticsearch8"


def test_traces_are_kept_by_several_where_the_target_asks_for_it_and_there_is_a_bucket() -> None:
    design = cases.design(GCP)
    charts = [mine.chart.chart for mine in cluster.charts(design, design.of("tempo").me) if mine.chart]
    assert charts == ["tempo-distributed"]
    found = values(design, "tempo")
    assert found["ingester"]["replicas"] == found["ingester"]["config"]["replication_factor"] == 3
    assert {found[part]["replicas"] for part in ("distributor", "querier", "queryFrontend")} == {2}
    assert found["storage"]["trace"]["backend"] == "gcs"


@pytest.mark.parametrize(
    ("context", "settings", "store", "warned"),
    [
        ({"availability": "99"}, {}, "gcs", False),
        ({"availability": "99.95"}, {}, "none", True),
        ({"availability": "99.95"}, {"traces.layout": "monolithic"}, "gcs", True),
    ],
)
def test_one_process_keeps_traces_where_that_is_enough_or_there_is_no_bucket_and_a_warning_says_what_it_costs(
    context: dict[str, str], settings: dict[str, str], store: str, warned: bool
) -> None:
    choices = {"tracing": "tempo", "object-storage": store, "log-store": "none"}
    if store == "none":
        choices |= {"block-storage": "gcp-pd-csi"}
    design = view("gcp", choices, context, settings)
    charts = [mine.chart.chart for mine in cluster.charts(design, design.of("tempo").me) if mine.chart]
    assert charts == ["tempo"]
    assert ("tempo-one-copy" in {entry.rule for entry in design.design.warnings}) == warned


def test_a_restore_changes_nothing_that_git_would_set_back() -> None:
    found = cases.design(BANK)
    commands = [command for _, command, _ in velero.restore(found.of(found.design.catalog.components["velero"]))]
    stated = {obj["kind"] for obj in objects(found, "velero")}
    assert "BackupStorageLocation" in stated and not any("patch" in command for command in commands)
    assert "schedule pause --all" in commands[0] and "schedule unpause --all" in commands[-1]
    assert all("paused" not in obj["spec"] for obj in objects(found, "velero") if obj["kind"] == "Schedule")


def test_jaeger_refuses_spans_before_its_memory_ends() -> None:
    said = values(view("on-premises", {"tracing": "jaeger"}), "jaeger")
    assert said["userconfig"]["service"]["pipelines"]["traces"]["processors"][0] == "memory_limiter"
    assert said["jaeger"]["resources"]["limits"]["memory"]


def test_a_page_says_how_urgent_it_is() -> None:
    """Unsaid it is an error, and warnings would wake people."""
    found = view("on-premises", {"metrics": "prometheus", "alerting": "alertmanager", "on-call": "pagerduty"})
    said = values(found, "prometheus", "kube-prometheus-stack")["alertmanager"]["config"]
    config = next(entry for entry in said["receivers"] if entry["name"] == "pagerduty")["pagerduty_configs"][0]
    assert ".CommonLabels.severity" in config["severity"]


def test_a_bucket_whose_versions_are_locked_takes_backups() -> None:
    """The hand-over asks for such buckets, and they refuse what comes without a checksum."""
    found = view("on-premises", {"backup": "velero", "backup-destination": "off-site-bucket"})
    location, = (obj["spec"] for obj in objects(found, "velero") if obj["kind"] == "BackupStorageLocation")
    assert location["config"].get("checksumAlgorithm", "CRC32") != ""


def test_volumes_that_no_snapshot_is_taken_of_are_copied_file_by_file() -> None:
    choices = {"backup": "velero", "volume-snapshots": "csi-snapshots", "file-storage": "nfs", "block-storage": "longhorn",
               "distributed-storage": "longhorn"}
    found = view("on-premises", choices)
    made = objects(found, "velero")
    policy, = (yaml.safe_load(obj["data"]["policies.yaml"]) for obj in made if obj["kind"] == "ConfigMap")
    assert policy["volumePolicies"] == [{"conditions": {"storageClass": ["nfs"]}, "action": {"type": "fs-backup"}}]
    named = {obj["spec"]["template"]["resourcePolicy"]["name"] for obj in made if obj["kind"] == "Schedule"}
    assert named == {obj["metadata"]["name"] for obj in made if obj["kind"] == "ConfigMap"}
    assert values(found, "velero")["deployNodeAgent"]
    without = objects(view("on-premises", {**choices, "file-storage": "none"}), "velero")
    assert not any("resourcePolicy" in obj["spec"]["template"] for obj in without if obj["kind"] == "Schedule")
