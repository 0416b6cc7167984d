"""What differs between two designs, in the words of the catalog."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wizard.main import main

BASE = """version: 1
name: parcel
clusters:
  - {name: one, environment: prod, cloud: aws, region: eu-central-1, private: true}
  - {name: two, environment: staging, cloud: aws, region: eu-central-1}
"""


@pytest.fixture
def answers(tmp_path: Path) -> str:
    path = tmp_path / "answers.yaml"
    path.write_text(BASE, encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["diff", *arguments]) == 1
    return capsys.readouterr().out.splitlines()


def test_a_changed_decision_is_told_by_titles(answers: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, answers, "--choose", "mesh=linkerd")
    assert "  Service mesh: None -> Linkerd" in lines
    assert "  + Linkerd" in lines


def test_clusters_that_change_alike_share_a_line(answers: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, answers, "--choose", "volume-snapshots=csi-snapshots")
    assert [line for line in lines if "Volume snapshots" in line] == ["  Volume snapshots: None -> CSI volume snapshots"]


def test_a_change_in_one_cluster_names_it(answers: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, answers, "--choose", "two/volume-snapshots=csi-snapshots")
    assert [line for line in lines if "Volume snapshots" in line] == ["  Volume snapshots (two): None -> CSI volume snapshots"]


def test_an_answer_about_the_use_case_is_told_by_its_question(answers: str, tmp_path: Path,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(BASE + "context: {traffic: high}\n", encoding="utf-8")
    assert "  How much traffic is expected? Up to 1,000 requests a second -> Up to 20,000 requests a second" in said(
        capsys, answers, str(other))


def test_what_cannot_stay_is_told_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    sample = Path(__file__).parents[3] / "samples" / "small-team" / "answers.yaml"
    assert main(["diff", str(sample), "--choose", "metrics=victoria-metrics"]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("  Alerting: Alertmanager -> Grafana alerting")
    assert lines[at + 1].startswith("    no more Alertmanager: You chose VictoriaMetrics for “Metrics”; ")
    assert main(["diff", str(sample), "--choose", "metrics=victoria-metrics", "--json"]) == 1
    gone = json.loads(capsys.readouterr().out)["ruled-out"]
    assert {entry["component"] for entry in gone} >= {"alertmanager", "burn-rate-rules"}


def test_what_a_cluster_does_not_change_in_place_is_told_with_what_takes_it_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for size in ("1Gi", "2Gi"):
        path = tmp_path / f"{size}.yaml"
        workload = f'name: db, kind: statefulset, image: "r.example/db:1", port: 5432, volumes: [{{path: /data, size: {size}}}]'
        path.write_text(f"{BASE}workloads:\n  - {{{workload}}}\n", encoding="utf-8")
        paths.append(str(path))
    told = "StatefulSet db (spec.volumeClaimTemplates): kubectl --context one --namespace parcel delete statefulset db"
    assert f"  {told} --cascade=orphan" in said(capsys, *paths)
    assert main(["diff", *paths, "--json"]) == 1
    (entry, _) = json.loads(capsys.readouterr().out)["made-anew"]
    assert (entry["cluster"], entry["kind"], entry["fields"]) == ("one", "StatefulSet", ["spec.volumeClaimTemplates"])


WORKLOAD = """workloads:
  - {name: web, image: "registry.example.com/web:1.0.0", port: 8080, calls: [db, cache]}
  - {name: api, image: "registry.example.com/api:1.0.0", port: 9090}
externals:
  - {name: db, kind: postgresql, host: db.example.internal, port: 5432}
  - {name: cache, kind: redis, host: cache.example.internal, port: 6379}
"""


def test_what_differs_in_a_workload_an_external_or_a_cluster_is_told_field_by_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(BASE + WORKLOAD, encoding="utf-8")
    text = BASE.replace("staging, cloud: aws, region: eu-central-1", "staging, cloud: aws, region: eu-west-1")
    text += WORKLOAD.replace("web:1.0.0", "web:1.0.1").replace("port: 5432", "port: 5433").replace("name: api", "name: shop")
    other.write_text(text, encoding="utf-8")
    lines = said(capsys, str(one), str(other))
    at = lines.index("Clusters")
    assert "  two region: eu-central-1 -> eu-west-1" in lines[at:]
    assert "  web image: registry.example.com/web:1.0.0 -> registry.example.com/web:1.0.1" in lines[at:]
    assert "  db port: 5432 -> 5433" in lines[at:]
    assert "  shop: - -> shop" in lines[at:]
    assert "  api: api -> -" in lines[at:]


def test_the_order_of_workloads_is_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(BASE + WORKLOAD, encoding="utf-8")
    lines = WORKLOAD.replace("[db, cache]", "[cache, db]").splitlines(keepends=True)
    other.write_text(BASE + lines[0] + lines[2] + lines[1] + lines[3] + lines[5] + lines[4], encoding="utf-8")
    assert main(["diff", str(one), str(other)]) == 0
    assert capsys.readouterr().out == "the designs are the same\n"
