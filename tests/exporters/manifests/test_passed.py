"""Values that charts only pass on are held to what takes them: one misspelling planted below each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from exporters.manifests import check_charts, check_kinds, check_passed
from tests.exporters.manifests.test_check import CHARTS, SCHEMAS, needs_shared


def validator(api: str, kind: str) -> Any:
    return check_kinds.validator(api, kind, "1.37", SCHEMAS)


def nested(path: str, value: Any) -> dict[str, Any]:
    """A value at a dotted path; a number is a place in a list."""
    found = value
    for part in reversed(path.split(".")):
        found = [found] if part.isdigit() else {part: found}
    assert isinstance(found, dict)
    return found


def findings(chart: str, values: dict[str, Any]) -> list[str]:
    found, _ = check_charts.check([check_charts.Valued("x.yaml", chart, "1", values)], CHARTS, {}, validator)
    return [entry.message for entry in found]


RIGHT_AND_WRONG = [
    ("istiod", "meshConfig.enablePrometheusMerge", True, "meshConfig.enablePrometheusMerg"),
    ("istiod", "meshConfig.extensionProviders.0.opentelemetry.port", 4317, "meshConfig.extensionProviders.0.opentelemetry.prt"),
    ("istiod", "meshConfig.defaultConfig.tracing.sampling", 1, "meshConfig.defaultConfig.tracing.samplng"),
    ("istiod", "gatewayClasses.istio.service.spec.type", "LoadBalancer", "gatewayClasses.istio.service.spec.typ"),
    (
        "istiod",
        "gatewayClasses.istio.horizontalPodAutoscaler.spec.maxReplicas",
        5,
        "gatewayClasses.istio.horizontalPodAutoscaler.spec.maxReplica",
    ),
    (
        "istiod",
        "gatewayClasses.istio.podDisruptionBudget.spec.minAvailable",
        1,
        "gatewayClasses.istio.podDisruptionBudget.spec.minAvailabl",
    ),
    ("traefik", "service.spec.externalTrafficPolicy", "Local", "service.spec.externalTraficPolicy"),
    ("gha-runner-scale-set", "template.spec.priorityClassName", "batch", "template.spec.priorityClasName"),
    (
        "gha-runner-scale-set",
        "template.spec.securityContext.runAsNonRoot",
        True,
        "template.spec.securityContext.runAsNonRot",
    ),
    ("harbor", "trace.otel.endpoint", "collector:4318", "trace.otel.endpont"),
    ("tempo", "tempo.storage.trace.s3.bucket", "traces", "tempo.storage.trace.s3.bucke"),
    ("tempo", "tempo.storage.trace.backend", "s3", "tempo.storage.trace.backnd"),
    (
        "kube-prometheus-stack",
        "prometheus.prometheusSpec.storageSpec.volumeClaimTemplate.spec.storageClassName",
        "fast",
        "prometheus.prometheusSpec.storageSpec.volumeClaimTemplate.spec.storageClasName",
    ),
    (
        "kube-prometheus-stack",
        "alertmanager.alertmanagerSpec.storage.volumeClaimTemplate.spec.accessModes",
        ["ReadWriteOnce"],
        "alertmanager.alertmanagerSpec.storage.volumeClaimTemplate.spec.accessMode",
    ),
    ("rook-ceph-cluster", "cephClusterSpec.mon.count", 3, "cephClusterSpec.mon.cont"),
    ("rook-ceph-cluster", "cephBlockPools.0.spec.failureDomain", "zone", "cephBlockPools.0.spec.failureDoman"),
    ("cert-manager", "resources.requests", {"cpu": "10m"}, "resources.request"),
    ("falco", "tolerations.0.operator", "Exists", "tolerations.0.operato"),
    ("external-dns", "env.0", {"name": "A", "value": "b"}, "env.0.valu"),
    ("velero", "initContainers.0", {"name": "plugin", "image": "a/b:1"}, "initContainers.0.imag"),
    ("dex", "podSecurityContext.runAsNonRoot", True, "podSecurityContext.runAsNonRot"),
    ("fluent-bit", "updateStrategy.rollingUpdate.maxUnavailable", "10%", "updateStrategy.rollingUpdat.maxUnavailable"),
    ("traefik", "topologySpreadConstraints.0", {"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule"},
     "topologySpreadConstraints.0.maxSkw"),
    ("vault", "server.volumes.0", {"name": "tls", "secret": {"secretName": "tls"}}, "server.volumes.0.secret.secretNam"),
]  # fmt: skip


@needs_shared
@pytest.mark.parametrize(("chart", "path", "value", "wrong"), RIGHT_AND_WRONG, ids=[f"{e[0]}-{e[3]}" for e in RIGHT_AND_WRONG])
def test_a_misspelling_below_what_a_chart_passes_on_is_named(chart: str, path: str, value: Any, wrong: str) -> None:
    assert findings(chart, nested(path, value)) == []
    found = findings(chart, nested(wrong, value))
    misspelt = next(one for one, other in zip(wrong.split("."), [*path.split("."), ""], strict=False) if one != other)
    assert any(misspelt in message for message in found), found


@needs_shared
def test_a_wrong_type_and_a_wrong_word_are_named_too() -> None:
    assert findings("istiod", nested("meshConfig.enableAutoMtls", "yes"))
    assert findings("istiod", nested("meshConfig.outboundTrafficPolicy.mode", "REGISTRY_ONLYY"))
    assert findings("traefik", nested("service.spec.type", "Loadbalancer"))
    assert findings("falco", nested("tolerations.0.tolerationSeconds", "soon"))


@needs_shared
def test_keys_that_a_chart_has_beside_those_of_kubernetes_are_its_own() -> None:
    own = {"containerSecurityContext": {"enabled": True, "runAsNonRoot": True}}
    assert findings("sealed-secrets", own) == []
    assert findings("sealed-secrets", {"containerSecurityContext": {"enabled": True, "runAsNonRot": True}})


@needs_shared
def test_a_kind_without_a_schema_is_unverified_never_passed() -> None:
    values = nested("cephClusterSpec.mon.count", 3)
    valued = check_charts.Valued("x.yaml", "rook-ceph-cluster", "1", values)
    findings, unverified = check_charts.check([valued], CHARTS, {})
    assert findings == []
    assert unverified == [
        "chart rook-ceph-cluster: cephClusterSpec unverified, no schema of ceph.rook.io/v1 CephCluster is at hand"
    ]


@pytest.mark.parametrize("path", sorted(check_passed.FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_a_chart_passes_on_has_a_source_and_types_that_exist(path: Path) -> None:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(said) <= {"source", "checked", "passes", "types"}
    assert said["source"].startswith("https://") and said["checked"].year >= 2026
    told = check_passed.of_chart(path.stem)
    assert told.passes
    known = {"any", "string", "boolean", "integer", "number", *told.types}
    for fields in told.types.values():
        names = [name for entries in fields.values() for name in entries]
        assert len(names) == len(set(names))
        for what in fields:
            assert "|" in what or what.removesuffix("[]").removesuffix("{}") in known or what.removesuffix("[]").isupper()
    assert all(bool(entry.kind) != bool(entry.type) and (not entry.type or entry.type in told.types) for entry in told.passes)
