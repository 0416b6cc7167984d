"""Charts are rendered with the values of the export, and what comes out is held to what a server takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporters.manifests import check_references, check_render
from exporters.manifests.check import Placed
from exporters.manifests.check_charts import Valued

HELM = """#!/usr/bin/env python3
import sys, yaml
values = yaml.safe_load(sys.stdin)
if values.get("broken"):
    sys.exit("Error: no template \\"ghost\\"\\n\\nUse --debug flag to render out invalid YAML")
container = {"name": "main", "image": "x/y:1", "env": values.get("env", [])}
labels = {"a": "b"}
pods = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
print(yaml.safe_dump_all([
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
     "spec": {"selector": {"matchLabels": labels}, "template": pods}},
    {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "thing"}, "spec": {"size": values.get("size", 1)}},
]))
"""
SPACE = Placed(
    "manifests/01-namespaces/namespaces.yaml",
    {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "place", "labels": {"pod-security.kubernetes.io/enforce": "baseline"}},
    },
)


@pytest.fixture
def helm(tmp_path: Path) -> str:
    program = tmp_path / "helm"
    program.write_text(HELM)
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def charts(tmp_path: Path) -> Path:
    folder = tmp_path / "charts" / "web"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("name: web\nversion: 1.0.0\n")
    (folder / "values.yaml").write_text("env: []\n")
    return tmp_path / "charts"


def said(charts: Path, helm: str, values: dict[str, object], level: str = "baseline") -> list[str]:
    labels = {"pod-security.kubernetes.io/enforce": level}
    space = Placed(SPACE.path, {**SPACE.body, "metadata": {"name": "place", "labels": labels}})
    valued = Valued("x.yaml", "web", "1.0.0", values, "metrics", "web", "place")
    findings, unverified = check_render.check([valued], charts, {}, [space], ("1.36",), helm)
    assert unverified == []
    assert {(entry.sort, entry.decision) for entry in findings} <= {("chart", "metrics")}
    return [entry.message for entry in findings]


def test_what_renders_well_is_no_finding(charts: Path, helm: str) -> None:
    assert said(charts, helm, {"env": [{"name": "A", "value": "b"}]}) == []


def test_a_variable_that_two_values_give_is_found_in_the_pods(charts: Path, helm: str) -> None:
    found = said(charts, helm, {"env": [{"name": "A"}, {"name": "A"}]})
    assert found == ["renders Deployment place/web: container main: variable A is there twice"]


def test_pods_above_the_level_of_their_namespace_are_found(charts: Path, helm: str) -> None:
    found = said(charts, helm, {}, level="restricted")
    assert any("may run as root" in message for message in found)


def test_a_null_in_a_custom_kind_is_found(charts: Path, helm: str) -> None:
    assert any("spec.size is null" in message for message in said(charts, helm, {"size": None}))


def test_a_null_in_a_list_of_a_custom_kind_is_found(charts: Path, helm: str) -> None:
    assert any("spec.size[0].a is null" in message for message in said(charts, helm, {"size": [{"a": None}]}))


def test_a_chart_that_renders_no_yaml_and_a_helm_that_does_not_start_are_told_in_a_line(charts: Path, tmp_path: Path) -> None:
    program = tmp_path / "helm"
    program.write_text("#!/bin/sh\necho 'kind: [Pod'\n")
    program.chmod(0o755)
    (told,) = said(charts, str(program), {})
    assert told.startswith("does not render: what it renders is no YAML (") and "\n" not in told
    other = tmp_path / "other"
    other.write_text("")
    (told,) = said(charts, str(other), {})
    assert told.startswith("does not render: helm: ") and "Permission denied" in told


def test_a_chart_that_does_not_render_says_why_in_a_line(charts: Path, helm: str) -> None:
    assert said(charts, helm, {"broken": True}) == ['does not render: Error: no template "ghost"']


def test_without_templates_charts_are_named_as_not_rendered(charts: Path, helm: str) -> None:
    valued = Valued("x.yaml", "other", "1.0.0", {}, "", "other", "place")
    findings, unverified = check_render.check([valued], charts, {}, [], (), helm)
    assert findings == []
    assert unverified == ["charts not rendered, their templates are not at hand: other"]


def test_a_schema_that_refers_to_a_place_elsewhere_is_left_to_the_check_of_values(charts: Path, tmp_path: Path) -> None:
    program = tmp_path / "helm"
    skips = """#!/usr/bin/env python3
import sys
if "--help" in sys.argv:
    print("--skip-schema-validation   if set, disables JSON schema validation")
elif "--skip-schema-validation" not in sys.argv:
    sys.exit("Error: failing loading https://schemas.example.com/values.json")
"""
    program.write_text(skips)
    program.chmod(0o755)
    assert said(charts, str(program), {}) == []


def test_a_route_to_a_service_that_no_chart_brings_is_found(charts: Path, tmp_path: Path) -> None:
    program = tmp_path / "helm"
    service = "apiVersion: v1\\nkind: Service\\nmetadata: {name: web}\\nspec: {ports: [{port: 80}]}\\n"
    program.write_text(f"#!/bin/sh\nprintf '{service}'\n")
    program.chmod(0o755)
    space = {"apiVersion": "v1", "kind": "Namespace",
             "metadata": {"name": "place", "labels": {"k8s-wizard.dev/kind": "platform"}}}

    def told(name: str, port: int, chart: str = "web") -> tuple[list[str], list[str]]:
        route = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
                 "metadata": {"name": "web", "namespace": "place"},
                 "spec": {"rules": [{"backendRefs": [{"name": name, "port": port}]}]}}
        placed = [Placed("n.yaml", space), Placed("r.yaml", route)]
        assert check_references.check(placed) == ([], []), "charts bring what stands in a namespace of the platform"
        wanted = check_references.left_to_charts(placed)
        valued = Valued("x.yaml", chart, "1.0.0", {}, "metrics", "web", "place")
        findings, unknown = check_render.check([valued], charts, {}, [], (), str(program), wanted)
        return [entry.message for entry in findings], unknown

    assert told("web", 80) == ([], [])
    assert told("web", 8080) == (["its backend Service place/web, of a chart, has no port 8080"], [])
    assert told("wed", 80) == (["its backend Service place/wed is nowhere, and no chart brings it"], [])
    findings, unknown = told("web", 80, chart="other")
    assert findings == [] and unknown[-1] == "backend Services of charts that were not rendered: place/web"
