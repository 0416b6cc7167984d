"""Configurations that are texts are read in their own languages: what they name is there, and nothing passes in silence."""

from __future__ import annotations

from typing import Any

import pytest

from exporters.manifests import check_charts, check_passed, texts
from tests.exporters.manifests.test_check import CHARTS, needs_shared
from tests.exporters.manifests.test_passed import validator

ALLOY = """
// Logs of pods.
logging { level = "info" }
discovery.kubernetes "pods" {
  role = "pod"
  selectors {
    role  = "pod"
    field = "spec.nodeName=" + coalesce(sys.env("HOSTNAME"), constants.hostname)
  }
}
discovery.relabel "pods" {
  targets = discovery.kubernetes.pods.targets
  rule {
    source_labels = ["__meta_kubernetes_namespace"]
    target_label  = "namespace"
  }
}
loki.source.file "pods" {
  targets    = discovery.relabel.pods.output
  forward_to = [loki.process.pods.receiver]
}
loki.process "pods" {
  stage.cri { }
  stage.label_drop { values = ["filename"] }
  forward_to = [loki.write.store.receiver]
}
loki.write "store" {
  endpoint { url = "http://loki:80/push" }
  external_labels = { cluster = "prod", "zone" = "a" }
}
"""
INPUT = "[INPUT]\n    Name tail\n    Path /var/log/*.log\n    Tag kube.*\n"
FILTER = "[FILTER]\n    Name kubernetes\n    Match kube.*\n"
OUTPUT = "[OUTPUT]\n    Name http\n    Match kube.*\n    Host store\n"
FLUENTD = """
<source>
  @type tail
  path /var/log/*.log
  @label @OUTPUT
  <parse>
    @type json
    time_format %iso8601
  </parse>
</source>
<label @OUTPUT>
  <match audit.**>
    @type forward
    <server>
      host a
    </server>
  </match>
  <match **>
    @type elasticsearch
    index_name logs
    <buffer>
      @type file
      flush_interval 5s
    </buffer>
  </match>
</label>
"""
BIT = {"config": {"inputs": INPUT, "filters": FILTER, "outputs": OUTPUT}}


def told(chart: str, values: dict[str, Any]) -> tuple[list[str], list[str]]:
    found, unverified = check_charts.check([check_charts.Valued("x.yaml", chart, "1", values)], CHARTS, {}, validator)
    return [entry.message for entry in found], unverified


def alloy(text: str) -> tuple[list[str], list[str]]:
    return told("alloy", {"alloy": {"configMap": {"content": text}}})


def fluentd(text: str) -> tuple[list[str], list[str]]:
    return told("fluentd", {"fileConfigs": {"01_sources.conf": text, "02_filters.conf": "", "03_dispatch.conf": "",
                                            "04_outputs.conf": ""}})


@needs_shared
def test_what_is_right_is_not_told() -> None:
    assert alloy(ALLOY) == ([], [])
    assert fluentd(FLUENTD) == ([], [])
    assert told("fluent-bit", BIT) == ([], [])


AT = "value alloy.configMap.content"
PLANTED = [
    ("loki.write \"store\"", "loki.wrote \"store\"", "loki.wrote"),
    ("stage.label_drop", "stage.label_dropp", "stage.label_dropp"),
    ("external_labels", "external_label", "external_label"),
    ("target_label  =", "target_labels =", "target_labels"),
    ("url =", "urls =", "urls"),
    ("level =", "levl =", "levl"),
    ("loki.write.store.receiver", "loki.write.stor.receiver", "it reads loki.write.stor.receiver, which is nowhere"),
    ("discovery.relabel.pods.output", "discovery.relabel.pods.targets",
     "it reads discovery.relabel.pods.targets, and discovery.relabel has no targets that others could read"),
    ("sys.env", "systems.env", "it reads systems.env, which is nowhere"),
]


@needs_shared
@pytest.mark.parametrize(("right", "wrong", "message"), PLANTED, ids=[entry[1] for entry in PLANTED])
def test_what_alloy_does_not_know_is_found(right: str, wrong: str, message: str) -> None:
    found, _ = alloy(ALLOY.replace(right, wrong, 1))
    assert any(entry.startswith(AT) and message in entry for entry in found), found


@needs_shared
@pytest.mark.parametrize(("right", "wrong"), [
    ("stage.cri { }", "stage.cri { "),
    ('role = "pod"', 'role = "pod'),
    ("[loki.process.pods.receiver]", "[loki.process.pods.receiver"),
    ('loki.process "pods" {', 'loki.process "pods" = {'),
    ("logging {", "logging { } }"),
    ('discovery.relabel "pods"', 'discovery.kubernetes "pods" { }\ndiscovery.relabel "pods"'),
])
def test_what_is_no_alloy_is_found(right: str, wrong: str) -> None:
    assert right in ALLOY
    found, _ = alloy(ALLOY.replace(right, wrong, 1))
    assert any(entry.startswith(f"{AT}: is no Alloy") for entry in found), found


@needs_shared
@pytest.mark.parametrize(("place", "right", "wrong", "message"), [
    ("inputs", "Name tail", "Name tale", "tale"),
    ("inputs", "Path /var", "Paht /var", "paht"),
    ("inputs", "Path /var/log/*.log", "Path", "path of [INPUT] has no value"),
    ("inputs", "[INPUT]", "[INPUTS]", "INPUTS"),
    ("filters", "Match kube.*", "Match pods.*", "[FILTER] kubernetes matches pods.*, and no input has such a tag"),
    ("outputs", "Match kube.*", "Match audit.*", "[OUTPUT] http matches audit.*, and no input has such a tag"),
])
def test_what_fluent_bit_does_not_know_is_found(place: str, right: str, wrong: str, message: str) -> None:
    config = {**BIT["config"], place: BIT["config"][place].replace(right, wrong, 1)}
    found, _ = told("fluent-bit", {"config": config})
    assert any(message in entry for entry in found), found


@needs_shared
@pytest.mark.parametrize(("right", "wrong", "message"), [
    ("@type tail", "@type tale", "tale"),
    ("@type json", "@type jsn", "jsn"),
    ("path /var", "paht /var", "paht"),
    ("index_name", "index_nam", "index_nam"),
    ("flush_interval", "flush_intervall", "flush_intervall"),
    ("host a", "hots a", "hots"),
    ("<match **>", "<mathc **>", "is no Fluentd"),
    ("  </parse>\n", "", "is no Fluentd (line 9 ends source, which is not open)"),
    ("<label @OUTPUT>", "<label @OUT>", "it sends to the label @OUTPUT, which is nowhere"),
])
def test_what_fluentd_does_not_know_is_found(right: str, wrong: str, message: str) -> None:
    found, _ = fluentd(FLUENTD.replace(right, wrong, 1))
    assert any(message in entry for entry in found), found


@needs_shared
def test_what_only_its_name_is_known_of_is_told_as_not_looked_into() -> None:
    found, unverified = alloy(ALLOY + 'prometheus.scrape "all" { targets = discovery.kubernetes.pods.targets }')
    assert found == []
    assert unverified == ["chart alloy: alloy.configMap.content.prometheus.scrape unverified, nothing here says what it may have"]
    _, unverified = told("grafana", {"grafana.ini": {"smtp": {"host": "x"}}})
    assert unverified == ["chart grafana: grafana.ini.smtp unverified, nothing here says what it may have"]


def test_a_label_of_the_charts_own_files_is_there() -> None:
    here = "<source>\n  @type forward\n  @label @OUTPUT\n</source>\n"
    assert texts.leads("Fluentd", [here, "<label @OUTPUT>\n</label>\n"], {}) == []
    assert texts.leads("Fluentd", [here], {}) == ["it sends to the label @OUTPUT, which is nowhere"]
    own = here.replace("@OUTPUT", "@FLUENT_LOG")
    assert texts.leads("Fluentd", [own], {}) == [], "the chart's main file has it, above those that it includes"


def collector(**service: Any) -> list[str]:
    config = {"exporters": {"otlp/store": {"endpoint": "store:4317"}}, "connectors": {"spanmetrics": {}},
              "service": {"pipelines": {"traces": {"exporters": ["otlp/store", "spanmetrics"]},
                                        "metrics": {"receivers": ["otlp", "spanmetrics"]}}, **service}}
    return told("opentelemetry-collector", {"config": config})[0]


@needs_shared
def test_pipelines_of_a_collector_have_their_parts_from_the_values_or_from_the_chart() -> None:
    assert collector() == []


@needs_shared
@pytest.mark.parametrize(("service", "message"), [
    ({"pipelines": {"logs": {"exporters": ["otlp/stor"]}}},
     "value config: its pipeline logs names otlp/stor, which is none of its exporters"),
    ({"pipelines": {"logs": {"receivers": ["otpl"]}}},
     "value config: its pipeline logs names otpl, which is none of its receivers"),
    ({"pipelines": {"logs": {"processors": ["spanmetrics"]}}},
     "value config: its pipeline logs names spanmetrics, which is none of its processors"),
    ({"extensions": ["health_check", "pprof"]}, "value config: its extension pprof is described nowhere"),
])
def test_a_part_that_a_collector_does_not_have_is_found(service: dict[str, Any], message: str) -> None:
    assert collector(**service) == [message]


@needs_shared
def test_what_a_null_takes_away_from_a_collector_is_no_longer_there() -> None:
    found, _ = told("opentelemetry-collector", {"config": {"receivers": {"jaeger": None}}})
    assert "value config: its pipeline traces names jaeger, which is none of its receivers" in found


VECTOR: dict[str, Any] = {
    "sources": {"logs": {"type": "kubernetes_logs"}},
    "transforms": {
        "named": {"type": "remap", "inputs": ["logs"], "source": '# (\n.a = parse_json!(string!(.b)) ?? "("\ndel(.c)'},
        "split": {"type": "route", "inputs": ["named"], "route": {}},
    },
    "sinks": {"store": {"type": "loki", "inputs": ["split.audit", "nam*"]}},
}


def vector(**parts: dict[str, Any]) -> tuple[list[str], list[str]]:
    config = {kind: {name: {**part, **parts.get(name, {})} for name, part in there.items()} for kind, there in VECTOR.items()}
    found, unverified = check_passed.complaints({"customConfig": config}, "vector", {}, validator)
    return found, unverified


def test_what_vector_has_is_not_told() -> None:
    found, unverified = vector()
    assert found == []
    assert unverified == ["chart vector: customConfig.transforms.split.route unverified, nothing here says what it may have"]


@pytest.mark.parametrize(("parts", "message"), [
    ({"store": {"inputs": ["naemd"]}}, "value customConfig: store reads from naemd, which is no source and no transform"),
    ({"named": {"inputs": ["store"]}}, "value customConfig: named reads from store, which is no source and no transform"),
    ({"named": {"source": ".a = parse_jsn(.b)"}},
     "value customConfig: the program of named calls parse_jsn, which is none of its functions"),
    ({"named": {"source": "if .a { .b = (1"}}, "value customConfig: the program of named is not whole: ( is not closed"),
    ({"named": {"source": ".a = 1 }"}}, "value customConfig: the program of named is not whole: } closes nothing"),
])
def test_what_vector_does_not_have_is_found(parts: dict[str, Any], message: str) -> None:
    assert vector(**parts)[0] == [message]


@pytest.mark.parametrize(("part", "field", "place"), [
    ("logs", {"self_node": "x"}, "sources.logs"),
    ("named", {"drop_on_eror": True}, "transforms.named"),
    ("store", {"endpont": "http://logs"}, "sinks.store"),
    ("store", {"tls": {"ca": "x"}}, "sinks.store.tls"),
])
def test_a_field_that_a_part_of_vector_does_not_have_is_found(part: str, field: dict[str, Any], place: str) -> None:
    found, _ = vector(**{part: field})
    assert len(found) == 1 and found[0].startswith(f"value customConfig.{place}: ")


def test_a_kind_of_sink_that_vector_does_not_have_is_found() -> None:
    found, _ = vector(store={"type": "lokki"})
    assert len(found) == 1 and found[0].startswith("value customConfig.sinks.store.type: 'lokki' is not one of")
