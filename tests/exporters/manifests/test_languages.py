"""Programs and configurations inside of what is exported are read by parsers of their languages, and none is overlooked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporters.manifests import cluster, plan, units
from exporters.manifests.check import tree
from exporters.manifests.check_charts import of_tree
from exporters.manifests.view import views
from tests.exporters.manifests import generated, languages
from tests.exporters.manifests.languages import READERS, SUSPECT

for _parser in ("celpy", "hcl2", "jq", "logstash_pipeline_parser", "lupa", "promql_parser", "re2"):
    pytest.importorskip(_parser, reason=f"{_parser} is not installed (requirements-dev.txt brings it)")

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

PARTS = 12
FOLDER = Path(__file__).parents[3] / "samples"
SAMPLES = sorted(path.parent.name for path in FOLDER.glob("*/answers.yaml"))
SERIES = yaml.safe_load((Path(__file__).parent / "series.yaml").read_text(encoding="utf-8"))
Body = Mapping[str, Any]


def bodies(entry: generated.Generated) -> list[dict[str, Any]]:
    """Every object of a design once."""
    found: dict[str, dict[str, Any]] = {}
    for document in plan.documents(entry.design):
        for body in document.objects:
            if "kind" in body and "metadata" in body:
                found.setdefault(json.dumps(body, sort_keys=True, default=str), body)
    return list(found.values())


@cache
def part(at: int) -> tuple[tuple[str, list[dict[str, Any]], list[tuple[str, Body]]], ...]:
    """Some of the designs: name, objects, and charts with their values."""
    found = []
    for entry in generated.designs()[at::PARTS]:
        charts = [
            (release.chart.chart, release.values)
            for view in views(entry.design)
            for component in cluster.installed(view)
            for release in (*units.first_releases(view, component), *units.releases(view, component))
        ]
        found.append((entry.name, bodies(entry), charts))
    return tuple(found)


def in_objects(objects: list[dict[str, Any]], charts: list[tuple[str, Body]]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Kind or chart, path and text of everything; values in objects of the delivery tool are the charts'."""
    for body in objects:
        for path, text in languages.strings(body):
            if not {"valuesObject", "values"} & set(path[:4]):
                yield body["kind"], path, text
    for chart, values in charts:
        for path, text in languages.strings(values):
            yield f"chart {chart}", path, text


def unread(found: Iterator[tuple[str, tuple[str, ...], str]]) -> Iterator[str]:
    """Texts that their reader refuses, and those that look like a program and have none."""
    seen = set()
    for where, path, text in found:
        if (where, path, text) in seen:
            continue
        seen.add((where, path, text))
        row = next((row for row in languages.rows() if row.meets(where, path, text)), None)
        if row is None:
            if SUSPECT.search(text) and not languages.PROSE & set(path):
                yield f"{where} {'.'.join(path)}: nobody reads {text[:80]!r}"
        elif row.language and text:
            try:
                READERS[row.language](text)
            except Exception as error:  # whatever its library raises is a refusal
                yield f"{where} {'.'.join(path)}: no {row.language}: {str(error)[:200]}"


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_every_program_of_generated_designs_is_read_by_its_language(at: int) -> None:
    wrong = {}
    for name, objects, charts in part(at):
        for told in unread(in_objects(objects, charts)):
            wrong.setdefault(told, name)
    assert [f"{name}: {told}" for told, name in wrong.items()] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_program_of_the_samples_is_read_by_its_language(name: str) -> None:
    found = tree(FOLDER / name / "export")
    objects = [dict(entry.body) for entry in found.objects()]
    assert list(unread(in_objects(objects, [(entry.chart, entry.values) for entry in of_tree(found)]))) == []


PLANTED = {
    "promql": "sum(rate(a[5m]) / b", "cel": "object.spec.all(c, c.name ==", "regex": "a(?=b)", "cron": "61 * * * *",
    "cron with seconds": "30 1 * * *", "logstash": "input { http { port => } }", "json": "{", "toml": "a =", "yaml": "a: [",
    "jq": ".a[", "lua": "hs = {} return hs.status ~", "casbin": "g, admins, role:admn", "hcl": "listener \"tcp\" {",
    "alloy": "a {",
    "vrl": ". = parse_jsn!(.message)", "sections": "Name tail", "fluentd": "<source>", "matcher": "severity critical",
    "template": "{{ range .Alerts }}", "command": "a | while read b; do c",
}


@pytest.mark.parametrize("language", sorted(set(READERS) - {"elements", "variable"}))
def test_what_is_none_of_its_language_is_refused(language: str) -> None:
    with pytest.raises(Exception, match=r".*"):
        READERS[language](PLANTED[language])


def test_a_program_in_a_place_that_nobody_knows_is_told() -> None:
    assert list(unread(iter([("Widget", ("spec", "query"), "sum(rate(a[5m])) =~ b")]))) == [
        "Widget spec.query: nobody reads 'sum(rate(a[5m])) =~ b'"
    ]


# ---- what they mean


def misread(objects: list[dict[str, Any]]) -> Iterator[str]:
    """Series that nobody counts or records, and labels that they have not."""
    queries, recorded = [], {}
    for body in objects:
        for path, text in languages.strings(body):
            row = next((row for row in languages.rows() if row.meets(body["kind"], path, text)), None)
            if row is not None and row.language == "promql":
                queries.append((body, text))
        for group in body["spec"]["groups"] if body["kind"] == "PrometheusRule" else ():
            recorded |= {rule["record"]: set(rule.get("labels", ())) for rule in group["rules"] if "record" in rule}
    for body, text in queries:
        for name, labels in languages.series(text):
            known = recorded.get(name, set(SERIES[name]["labels"]) if name in SERIES else None)
            if known is None:
                yield f"{body['kind']} {body['metadata']['name']}: nobody counts {name}"
            elif set(labels) - known:
                yield f"{body['kind']} {body['metadata']['name']}: {name} has no {sorted(set(labels) - known)}"


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_rules_and_analyses_read_series_that_somebody_counts_by_labels_that_they_have(at: int) -> None:
    wrong = {told: name for name, objects, _ in part(at) for told in misread(objects)}
    assert [f"{name}: {told}" for told, name in wrong.items()] == []


@pytest.mark.parametrize(("expression", "told"), [
    ("velero_backup_last_success{schedule=\"daily\"}", "PrometheusRule x: nobody counts velero_backup_last_success"),
    ("rate(response_total{workload=\"web\"}[5m])", "PrometheusRule x: response_total has no ['workload']"),
    ("rate(response_total{direction=\"inbound\"}[5m]) > own:ratio", None),
])
def test_a_series_that_nobody_counts_is_found(expression: str, told: str | None) -> None:
    rules = [{"record": "own:ratio", "expr": "1"}, {"alert": "A", "expr": expression}]
    rule = {"kind": "PrometheusRule", "metadata": {"name": "x"}, "spec": {"groups": [{"name": "a", "rules": rules}]}}
    assert list(misread([rule])) == ([told] if told else [])


def test_every_series_has_a_source() -> None:
    assert all(said["source"].startswith("https://") and said["checked"].year >= 2026 for said in SERIES.values())


def plural(kind: str) -> str:
    small = kind.lower()
    return f"{small}es" if small.endswith("ss") else f"{small[:-1]}ies" if small.endswith("y") else f"{small}s"


def refused(objects: list[dict[str, Any]]) -> Iterator[str]:
    """Our own objects that our own policies would not let in."""
    from celpy import celtypes
    from celpy.adapter import json_to_cel

    spaces = {body["metadata"]["name"]: body["metadata"].get("labels", {}) for body in objects if body["kind"] == "Namespace"}
    for policy in objects:
        if policy["kind"] not in ("ValidatingAdmissionPolicy", "ValidatingPolicy"):
            continue
        spec = policy["spec"]
        wanted = spec["matchConstraints"].get("namespaceSelector", {}).get("matchLabels", {})
        for body in objects:
            labels = spaces.get(body["metadata"].get("namespace", ""))
            group, kind = body["apiVersion"].rpartition("/")[0], plural(body["kind"])
            if labels is None or not wanted.items() <= labels.items() or not any(
                group in rule["apiGroups"] and {kind, "*"} & set(rule["resources"])
                for rule in spec["matchConstraints"]["resourceRules"]
            ):
                continue
            given = {"object": json_to_cel(json.loads(json.dumps(body))), "oldObject": None, "variables": celtypes.MapType()}
            for variable in spec.get("variables", ()):
                value = languages.program(variable["expression"]).evaluate(given)
                given["variables"] = celtypes.MapType({**given["variables"], celtypes.StringType(variable["name"]): value})
            for rule in spec["validations"]:
                if not languages.program(rule["expression"]).evaluate(given):
                    yield f"{policy['metadata']['name']} refuses {body['kind']} {body['metadata']['name']}"


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_policies_let_in_what_is_exported_beside_them(at: int) -> None:
    wrong = {told: name for name, objects, _ in part(at) for told in refused(objects)}
    assert [f"{name}: {told}" for told, name in wrong.items()] == []


def test_a_policy_refuses_what_it_is_for() -> None:
    name, objects, _ = next(entry for entry in part(0) if any(body["kind"] == "ValidatingPolicy" for body in entry[1]))
    service = next(body for body in objects if body["kind"] == "Service" and body["metadata"].get("namespace") == "shop")
    planted = {**service, "spec": {**service["spec"], "type": "NodePort"}}
    assert f"one-entrance refuses Service {service['metadata']['name']}" in list(refused([*objects, planted])), name


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_templates_for_clusters_name_what_their_list_says(at: int) -> None:
    for name, objects, _ in part(at):
        for body in objects:
            if body["kind"] == "ApplicationSet":
                elements = [entry for found in body["spec"]["generators"] for entry in found["list"]["elements"]]
                named = set(re.findall(r"\{\{\s*\.(\w+)\s*\}\}", json.dumps(body["spec"]["template"])))
                assert all(named <= set(entry) for entry in elements), name


NAMED = re.compile(r"(?<!\$)\$(?:\{(?:env:)?(\w+)\}|([A-Z]\w*))|ENV\['(\w+)'\]")
"""How programs name a variable of their environment: `${env:A}`, `${A}`, `$A`, `ENV['A']`."""


def unset(chart: str, values: Body) -> Iterator[str]:
    """Variables that a chart's values name and that nothing in them sets. A whole Secret may set anything."""
    found = list(languages.strings(values))
    there = {text for path, text in found if path[-1] == "name"} | {key for path, _ in found for key in path if key.isupper()}
    if any("secretRef" in path for path, _ in found):
        return
    for path, text in found:
        row = next((row for row in languages.rows() if row.meets(f"chart {chart}", path, text)), None)
        if row is not None and row.language in ("variable", "fluentd"):
            for match in NAMED.finditer(text):
                if (name := next(filter(None, match.groups()))) not in there:
                    yield f"chart {chart}: nothing sets {name}"


@pytest.mark.slow
@pytest.mark.parametrize("at", range(PARTS))
def test_every_variable_that_a_program_reads_is_set_beside_it(at: int) -> None:
    wrong = {told: name for name, _, charts in part(at) for chart, values in charts for told in unset(chart, values)}
    assert [f"{name}: {told}" for told, name in wrong.items()] == []


def test_a_variable_that_nothing_sets_is_found() -> None:
    values = {"loki": {"storage": {"s3": {"accessKeyId": "${KEY}"}}}, "global": {"extraEnv": [{"name": "KEI", "value": "a"}]}}
    assert list(unset("loki", values)) == ["chart loki: nothing sets KEY"]
    values["global"]["extraEnv"][0]["name"] = "KEY"  # type: ignore[index]
    assert list(unset("loki", values)) == []


# ---- Prometheus' own programs, where they are on the machine


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not on this machine (Debian's package prometheus)")
@pytest.mark.parametrize("at", range(PARTS))
def test_prometheus_takes_every_rule(at: int, tmp_path: Path) -> None:
    specs = {json.dumps(body["spec"]) for _, objects, _ in part(at) for body in objects if body["kind"] == "PrometheusRule"}
    for number, spec in enumerate(sorted(specs)):
        (tmp_path / f"{number}.yaml").write_text(spec)
    if specs:
        done = subprocess.run(["promtool", "check", "rules", "--lint=all", *map(str, sorted(tmp_path.iterdir()))],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not here (Debian's package prometheus-alertmanager)")
@pytest.mark.parametrize("at", range(PARTS))
def test_alertmanager_takes_every_configuration(at: int, tmp_path: Path) -> None:
    configs = {
        json.dumps(values["alertmanager"]["config"])
        for _, _, charts in part(at)
        for chart, values in charts
        if chart == "kube-prometheus-stack" and "config" in values.get("alertmanager", {})
    }
    for number, config in enumerate(sorted(configs)):
        (tmp_path / f"{number}.yml").write_text(config)
    if configs:
        done = subprocess.run(["amtool", "check-config", *map(str, sorted(tmp_path.iterdir()))],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
