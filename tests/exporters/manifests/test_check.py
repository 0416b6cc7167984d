"""The checks pass what we export and catch one planted failure of each sort."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import UsageError
from exporters.base import Earlier, Stamp
from exporters.manifests import Manifests, check, check_charts
from tests.exporters.manifests import generated
from tests.exporters.manifests.standins import CLUSTERS, stand_in

SHARED = Path(__file__).parents[4] / "shared"
SCHEMAS = SHARED / "schemas"
CHARTS = SHARED / "charts"
MINORS = ("1.35", "1.36", "1.37")

needs_shared = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the folder of upstream schemas and charts is not here")


def texts(how: str = "stand-argo", count: int = 2) -> dict[str, str]:
    design = stand_in({"deployment": (how,)}, clusters=CLUSTERS[:count])
    return {entry.path: entry.data.decode() for entry in Manifests().export(design, Earlier(), Stamp())}


@pytest.mark.parametrize("how", ["stand-argo", "stand-flux", "stand-push"])
@pytest.mark.parametrize("count", [1, 2])
@needs_shared
def test_what_is_exported_passes_every_check(how: str, count: int) -> None:
    report = check.check(check.Tree.of(texts(how, count)), MINORS, schemas=SCHEMAS, charts=CHARTS)
    assert [str(finding) for finding in report.findings] == []
    assert report.objects > 80
    assert all("stand-" in entry for entry in report.unverified)


Plant = Callable[[dict[str, list[Any]]], None]


def first(tree: dict[str, list[Any]], kind: str) -> dict[str, Any]:
    return next(body for bodies in tree.values() for body in bodies if isinstance(body, dict) and body.get("kind") == kind)


def named(tree: dict[str, list[Any]], kind: str, name: str) -> dict[str, Any]:
    return next(
        body for bodies in tree.values() for body in bodies if body.get("kind") == kind and body["metadata"]["name"] == name
    )


def spec(kind: str, change: Callable[[dict[str, Any]], None]) -> Plant:
    return lambda tree: change(first(tree, kind)["spec"])


PLANTS: list[tuple[str, str, Plant, str]] = [
    ("an unknown field of a core kind", "core", spec("Deployment", lambda spec: spec.update(replica=3)), "replica"),
    (
        "a wrong type in a core kind",
        "core",
        spec("Deployment", lambda spec: spec.update(revisionHistoryLimit="5")),
        "5",
    ),
    (
        "a version that is not served",
        "core",
        lambda tree: first(tree, "CronJob").update(apiVersion="batch/v1beta1"),
        "serves no",
    ),
    (
        "an unknown field of a custom kind",
        "custom",
        spec("Gateway", lambda spec: spec.update(gatewayClas="x")),
        "gatewayClas",
    ),
    (
        "a selector that selects nothing",
        "reference",
        spec("Service", lambda spec: spec.update(selector={"a": "b"})),
        "selects no pods",
    ),
    (
        "a scaler of nothing",
        "reference",
        spec("HorizontalPodAutoscaler", lambda spec: spec["scaleTargetRef"].update(name="ghost")),
        "ghost",
    ),
    (
        "a missing account",
        "reference",
        spec("Deployment", lambda spec: spec["template"]["spec"].update(serviceAccountName="ghost")),
        "ServiceAccount ghost",
    ),
    (
        "a Secret that nothing makes",
        "reference",
        spec("Deployment", lambda spec: spec["template"]["spec"].update(imagePullSecrets=[{"name": "ghost"}])),
        "Secret ghost",
    ),
    (
        "a backend that is nowhere",
        "reference",
        lambda tree: named(tree, "HTTPRoute", "web")["spec"]["rules"][0]["backendRefs"][0].update(name="ghost"),
        "ghost",
    ),
    (
        "a parent without that listener",
        "reference",
        lambda tree: named(tree, "HTTPRoute", "web")["spec"]["parentRefs"][0].update(sectionName="ghost"),
        "listener ghost",
    ),
    (
        "a word that a core kind does not know",
        "core",
        lambda tree: named(tree, "Deployment", "web")["spec"]["template"]["spec"]["containers"][0].update(
            imagePullPolicy="Sometimes"
        ),
        "'Sometimes' is not one of",
    ),
    (
        "a word that no list of a core kind has",
        "core",
        spec("NetworkPolicy", lambda spec: spec.update(policyTypes=["In"])),
        "'In'",
    ),
    (
        "a core kind without what it needs",
        "core",
        spec("Deployment", lambda spec: spec.pop("selector")),
        "'selector' is a required",
    ),
    (
        "a kind that Kubernetes no longer has",
        "core",
        lambda tree: first(tree, "PodDisruptionBudget").update(apiVersion="policy/v1beta1"),
        "serves no PodDisruptionBudget policy/v1beta1",
    ),
    (
        "a custom kind without what it needs",
        "custom",
        spec("Gateway", lambda spec: spec.pop("gatewayClassName")),
        "'gatewayClassName' is a required",
    ),
    (
        "a word that a custom kind does not know",
        "custom",
        spec("Gateway", lambda spec: spec["listeners"][0].update(allowedRoutes={"namespaces": {"from": "Everywhere"}})),
        "'Everywhere' is not one of",
    ),
    (
        "a value that its chart does not know",
        "chart",
        spec(
            "Application",
            lambda spec: spec["source"].update(chart="external-secrets", helm={"valuesObject": {"replicaCont": 2}}),
        ),
        "value replicaCont does not exist",
    ),
    (
        "a value that the chart's schema refuses",
        "chart",
        spec(
            "Application",
            lambda spec: spec["source"].update(chart="cert-manager", helm={"valuesObject": {"replicaCount": "three"}}),
        ),
        "replicaCount",
    ),
    (
        "a StorageClass that nothing makes",
        "reference",
        lambda tree: first(tree, "StatefulSet")["spec"]["volumeClaimTemplates"][0]["spec"].update(storageClassName="ghost"),
        "StorageClass ghost",
    ),
    (
        "a namespace that nothing makes",
        "reference",
        lambda tree: named(tree, "Deployment", "web")["metadata"].update(namespace="ghost"),
        "namespace ghost is nowhere",
    ),
    (
        "a role that is nowhere",
        "reference",
        lambda tree: first(tree, "RoleBinding")["roleRef"].update(name="ghost"),
        "ghost, which is nowhere",
    ),
    (
        "an image without a tag",
        "reference",
        lambda tree: named(tree, "Deployment", "web")["spec"]["template"]["spec"]["containers"][0].update(
            image="registry.example.com:5000/web"
        ),
        "has neither tag nor digest",
    ),
    (
        "an image of whatever is latest",
        "reference",
        lambda tree: named(tree, "Deployment", "web")["spec"]["template"]["spec"]["containers"][0].update(
            image="registry.example.com:5000/web:latest"
        ),
        "has the tag latest and no digest",
    ),
    (
        "a port that no pod has",
        "reference",
        lambda tree: named(tree, "Service", "web")["spec"]["ports"][0].update(targetPort="ghost"),
        "a port named ghost, which no pod that it selects has",
    ),
    (
        "an object twice and differently",
        "server",
        lambda tree: next(bodies for path, bodies in tree.items() if path.endswith("-workloads/web.yaml")).append(
            {**copy.deepcopy(named(tree, "Deployment", "web")), "data": "other"}
        ),
        "said twice",
    ),
    ("a project that is nowhere", "reference", spec("Application", lambda spec: spec.update(project="ghost")), "ghost"),
    (
        "a resource that is nowhere",
        "kustomize",
        lambda tree: tree["manifests/clusters/prod/kustomization.yaml"][0]["resources"].append("ghost"),
        "ghost",
    ),
    (
        "a patch that meets nothing",
        "kustomize",
        lambda tree: tree["manifests/clusters/dev/11-workloads/kustomization.yaml"][0]["patches"][0]["target"].update(
            name="ghost"
        ),
        "meets nothing",
    ),
]


@pytest.mark.parametrize(("name", "sort", "plant", "said"), PLANTS, ids=[entry[0] for entry in PLANTS])
@needs_shared
def test_each_sort_of_failure_is_caught(name: str, sort: str, plant: Plant, said: str) -> None:
    tree = check.Tree.of(texts())
    tree.files = copy.deepcopy(tree.files)
    plant(tree.files)
    findings = check.check(tree, MINORS, schemas=SCHEMAS, charts=CHARTS).findings
    assert any(finding.sort == sort and said in finding.message for finding in findings), [str(entry) for entry in findings]


KINDS = ("Deployment", "CronJob", "Service", "Gateway", "NetworkPolicy", "Application", "HorizontalPodAutoscaler")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spec", ["none", {}, [], "text"], ids=repr)
@needs_shared
def test_an_object_that_is_not_shaped_like_its_kind_is_told_and_hides_no_other(kind: str, spec: Any) -> None:
    tree = check.Tree.of(texts())
    tree.files = copy.deepcopy(tree.files)
    broken = first(tree.files, kind)
    broken["spec"] = spec
    if spec == "none":
        del broken["spec"]
    named(tree.files, "ServiceAccount", "web")["metadata"]["name"] = "ghost"
    found = check.check(tree, ("1.37",), schemas=SCHEMAS).findings
    assert any(entry.object.startswith(kind) for entry in found) or (kind, spec) in (("Service", {}), ("NetworkPolicy", {}))
    assert any("ServiceAccount web is nowhere" in entry.message for entry in found)


def test_an_object_without_metadata_is_a_finding() -> None:
    report = check.check(check.Tree.of({"manifests/01-x/a.yaml": "apiVersion: v1\nkind: Service\nmetadata: x\n"}), ())
    assert [entry.message for entry in report.findings] == ["has no metadata, so that nobody knows what it is called"]


def test_broken_yaml_is_a_finding_at_its_line() -> None:
    report = check.check(check.Tree.of({"manifests/01-x/a.yaml": "a: b\nc: [\n"}), ())
    assert [entry.sort for entry in report.findings] == ["yaml"]
    assert report.findings[0].path.startswith("manifests/01-x/a.yaml:")


def test_a_folder_that_is_not_ours_is_refused_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no manifests/"):
        check.tree(tmp_path)
    with pytest.raises(UsageError, match="not a folder"):
        check.tree(tmp_path / "nowhere")


@needs_shared
@pytest.mark.parametrize(
    ("chart", "values", "unknown"),
    [
        ("external-secrets", {"replicaCount": 2}, []),
        ("external-secrets", {"replicaCont": 2}, ["replicaCont"]),
        ("argo-cd", {"controller": {"replicaz": 1}}, ["controller.replicaz"]),
        ("argo-cd", {"redis-ha": {"enabled": True, "replicaz": 3}}, ["redis-ha.replicaz"]),
        (
            "kube-prometheus-stack",
            {"grafana": {"enabled": False}, "prometheus": {"prometheusSpec": {"retention": "15d"}}},
            [],
        ),
        (
            "kube-prometheus-stack",
            {"prometheus": {"prometheusSpec": {"retenton": "15d"}}},
            ["prometheus.prometheusSpec.retenton"],
        ),
    ],
)
def test_values_that_a_chart_does_not_know_are_named(chart: str, values: dict[str, Any], unknown: list[str]) -> None:
    found = check_charts.chart_at(str(CHARTS), chart)
    assert found is not None
    assert check_charts.unknown_keys(values, found, str(CHARTS)) == [
        entry
        for entry in unknown
        if entry != "redis-ha.replicaz"
        or "redis-ha" not in found.dependencies
        or check_charts.chart_at(str(CHARTS), "redis-ha") is not None
    ]


@needs_shared
def test_a_chart_that_is_not_at_hand_is_unverified_never_passed() -> None:
    valued = check_charts.Valued("x.yaml", "no-such-chart", "1.0.0", {"a": 1})
    findings, unverified = check_charts.check([valued], CHARTS, {})
    assert findings == []
    assert unverified == ["chart no-such-chart 1.0.0: values unverified, the chart is not at hand"]


@needs_shared
def test_a_value_of_the_wrong_type_is_refused_by_the_charts_own_schema() -> None:
    found = check_charts.chart_at(str(CHARTS), "cert-manager")
    assert found is not None
    assert check_charts.refused({}, found) == []
    assert any("replicaCount" in entry for entry in check_charts.refused({"replicaCount": "three"}, found))


def test_the_lock_says_which_minor_core_kinds_are_held_to_and_without_one_that_is_said() -> None:
    from exporters import lock

    design = generated.made("on-premises", 1, {})
    assert design is not None
    said = lock.content(design, (), Earlier())["kubernetes"]
    assert set(said) == {cluster.name for cluster in design.clusters} and set(said.values()) <= set(MINORS)
    report = check.check(check.Tree({}), ())
    assert any("nothing says which Kubernetes" in sentence for sentence in report.unverified)
