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
    for part in reversed(check_passed.keys(path)):
        found = [found] if part.isdigit() else {part: found}
    assert isinstance(found, dict)
    return found


def findings(chart: str, values: dict[str, Any]) -> list[str]:
    found, _ = check_charts.check([check_charts.Valued("x.yaml", chart, "1", values)], CHARTS, {}, validator)
    return [entry.message for entry in found]


RIGHT_AND_WRONG = [
    ("cilium", "nodeinit.removeCbrBridge", True, "nodeinit.removeCbrBrige"),
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
    ("alloy", "alloy.mounts.extra.0", {"name": "a", "mountPath": "/a"}, "alloy.mounts.extra.0.mountPth"),
    ("alloy", "controller.volumes.extra.0.hostPath", {"path": "/a"}, "controller.volumes.extra.0.hostPat"),
    ("argo-cd", "configs.cm.exec\\.enabled", "false", "configs.cm.exec\\.enabld"),
    ("argo-cd", "configs.params.controller\\.diff\\.server\\.side", "true", "configs.params.controller\\.diff\\.servr\\.side"),
    ("argo-cd", "configs.rbac.policy\\.default", "", "configs.rbac.policy\\.defalt"),
    ("argo-rollouts", "controller.trafficRouterPlugins.0.name", "a/b", "controller.trafficRouterPlugins.0.nme"),
    (
        "aws-load-balancer-controller",
        "controllerConfig.featureGates.ALBGatewayAPI",
        True,
        "controllerConfig.featureGates.ALBGatwayAPI",
    ),
    ("aws-load-balancer-controller", "podDisruptionBudget.maxUnavailable", 1, "podDisruptionBudget.maxUnavailabl"),
    ("cert-manager", "config.enableGatewayAPI", True, "config.enableGatwayAPI"),
    ("cluster-autoscaler", "extraArgs.expander", "least-waste", "extraArgs.expandr"),
    ("dex", "config.oauth2.skipApprovalScreen", True, "config.oauth2.skipAprovalScreen"),
    ("dex", "config.connectors.0.config.clientID", "a", "config.connectors.0.config.clintID"),
    ("eck-operator", "config.validateStorageClass", True, "config.validateStorageClas"),
    ("emissary-ingress", "podDisruptionBudget.maxUnavailable", 1, "podDisruptionBudget.maxUnavailabl"),
    ("gha-runner-scale-set", "controllerServiceAccount.namespace", "runners", "controllerServiceAccount.namespce"),
    ("grafana", "grafana\\.ini.security.cookie_secure", True, "grafana\\.ini.security.cookie_secre"),
    (
        "grafana",
        "datasources.datasources\\.yaml.datasources.0.jsonData.httpMethod",
        "POST",
        "datasources.datasources\\.yaml.datasources.0.jsonData.httpMethd",
    ),
    ("grafana", "envValueFrom.A.secretKeyRef", {"name": "a", "key": "b"}, "envValueFrom.A.secretKeyRf"),
    ("harbor", "expose.route.parentRefs.0.name", "registry", "expose.route.parentRefs.0.nme"),
    ("ingress-nginx", "controller.config.ssl-redirect", "true", "controller.config.ssl-redirct"),
    ("jaeger", "userconfig.extensions.jaeger_query.storage.traces", "main", "userconfig.extensions.jaeger_query.storage.trces"),
    (
        "jaeger",
        "userconfig.extensions.jaeger_storage.backends.main.elasticsearch.indices.index_prefix",
        "jaeger",
        "userconfig.extensions.jaeger_storage.backends.main.elasticsearch.indices.index_prefx",
    ),
    ("keda", "podDisruptionBudget.operator.maxUnavailable", 1, "podDisruptionBudget.operator.maxUnavailabl"),
    ("kube-prometheus-stack", "alertmanager.config.route.group_wait", "30s", "alertmanager.config.route.group_wit"),
    (
        "kube-prometheus-stack",
        "alertmanager.config.receivers.0.slack_configs.0.send_resolved",
        True,
        "alertmanager.config.receivers.0.slack_configs.0.send_resolvd",
    ),
    ("kube-prometheus-stack", "defaultRules.rules.etcd", False, "defaultRules.rules.etc"),
    ("loki", "loki.limits_config.retention_period", "720h", "loki.limits_config.retention_perod"),
    ("loki", "loki.schemaConfig.configs.0.index.period", "24h", "loki.schemaConfig.configs.0.index.perod"),
    ("loki", "loki.structuredConfig.compactor.retention_enabled", True, "loki.structuredConfig.compactor.retention_enabld"),
    ("nginx-gateway-fabric", "nginx.service.patches.0.type", "StrategicMerge", "nginx.service.patches.0.tpe"),
    (
        "nginx-gateway-fabric",
        "nginx.service.patches.0.value.spec.externalTrafficPolicy",
        "Local",
        "nginx.service.patches.0.value.spec.externalTraficPolicy",
    ),
    (
        "opentelemetry-collector",
        "config.exporters.otlphttp/logs.endpoint",
        "http://loki/otlp",
        "config.exporters.otlphttp/logs.endpont",
    ),
    ("opentelemetry-collector", "config.exporters.otlp_http/a.compression", "gzip", "config.exporters.otlp_htp/a.compression"),
    ("opentelemetry-collector", "config.receivers.filelog/audit.start_at", "end", "config.receivers.filelog/audit.start_a"),
    (
        "opentelemetry-collector",
        "config.service.pipelines.traces.receivers",
        ["otlp"],
        "config.service.pipelines.traces.recevers",
    ),
    (
        "prometheus-node-exporter",
        "prometheus.monitor.relabelings.0.targetLabel",
        "instance",
        "prometheus.monitor.relabelings.0.targetLabl",
    ),
    ("secrets-store-csi-driver", "tokenRequests.0.audience", "a", "tokenRequests.0.audienc"),
    ("tigera-operator", "installation.calicoNetwork.bgp", "Enabled", "installation.calicoNetwork.bg"),
    (
        "vault",
        "serverTelemetry.serviceMonitor.tlsConfig.serverName",
        "vault",
        "serverTelemetry.serviceMonitor.tlsConfig.serverNam",
    ),
    ("vault", "server.volumes.0", {"name": "tls", "secret": {"secretName": "tls"}}, "server.volumes.0.secret.secretNam"),
]  # fmt: skip


@needs_shared
@pytest.mark.parametrize(("chart", "path", "value", "wrong"), RIGHT_AND_WRONG, ids=[f"{e[0]}-{e[3]}" for e in RIGHT_AND_WRONG])
def test_a_misspelling_below_what_a_chart_passes_on_is_named(chart: str, path: str, value: Any, wrong: str) -> None:
    assert findings(chart, nested(path, value)) == []
    found = findings(chart, nested(wrong, value))
    asked, given = check_passed.keys(path), check_passed.keys(wrong)
    misspelt = next(one for one, other in zip(given, [*asked, ""], strict=False) if one != other)
    assert any(misspelt in message for message in found), found


@pytest.mark.parametrize(
    ("chart", "path", "value", "wrong"),
    [
        ("gitlab-runner", "runners.config", "[[runners]]\n[runners.kubernetes]\nprivileged = false\n", "priviledged = false"),
        ("fluent-bit", "config.outputs", "[OUTPUT]\n    Name es\n    Index logs\n", "[OUTPUT]\n    Name es\n    Indx logs\n"),
        ("nginx-ingress", "controller.config.entries", {"http2": "true"}, {"htp2": "true"}),
        ("argo-cd", "configs.cm.oidc\\.config", "issuer: https://sso.example.com\n", "issur: https://sso.example.com\n"),
    ],
)
def test_a_misspelling_in_a_text_or_without_the_chart_at_hand_is_named(chart: str, path: str, value: Any, wrong: Any) -> None:
    if chart == "gitlab-runner":
        wrong = value.replace("privileged = false", wrong)
    assert check_passed.complaints(nested(path, value), chart, {}, lambda api, kind: None) == ([], [])
    found, _ = check_passed.complaints(nested(path, wrong), chart, {}, lambda api, kind: None)
    assert len(found) == 1 and "'" in found[0], found


def test_a_text_that_cannot_be_read_is_named() -> None:
    values = nested("runners.config", "[[runners]\n")
    found, _ = check_passed.complaints(values, "gitlab-runner", {}, lambda api, kind: None)
    assert len(found) == 1 and found[0].startswith("value runners.config: is no TOML")
    found, _ = check_passed.complaints(nested("config.inputs", "Name tail\n[INPUT]\n"), "fluent-bit", {}, lambda api, kind: None)
    assert found == ["value config.inputs: is no Fluent Bit (Name tail stands before any section)"]


@needs_shared
def test_a_chart_may_be_told_to_leave_out_its_own_default() -> None:
    values: dict[str, Any] = {
        "config": {"receivers": {"jaeger": None, "otlp": None}, "processors": None, "service": {"pipelines": None}}
    }
    assert findings("opentelemetry-collector", values) == []


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


@pytest.mark.parametrize("path", sorted(check_passed.PROGRAMS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_program_of_several_charts_has_a_source_and_is_used(path: Path) -> None:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"source", "checked", "types"} <= set(said) <= {"source", "checked", "types", "exports"}
    assert said["source"].startswith("https://") and said["checked"].year >= 2026
    charts = [yaml.safe_load(chart.read_text(encoding="utf-8")) for chart in check_passed.FOLDER.glob("*.yaml")]
    assert any(path.stem in chart.get("programs", ()) for chart in charts)


@pytest.mark.parametrize("path", sorted(check_passed.FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_a_chart_passes_on_has_a_source_and_types_that_exist(path: Path) -> None:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(said) <= {"source", "checked", "programs", "passes", "types", "wholes"}
    assert said["source"].startswith("https://") and said["checked"].year >= 2026
    told = check_passed.of_chart(path.stem)
    assert told.passes
    known = {"any", "unknown", "scalar", "string", "boolean", "integer", "number", *told.types}
    for kind, fields in told.types.items():
        by = fields.get(check_passed.KINDS, ())
        assert len(by) < 2 and (not by or any(name.startswith(f"{kind}.") for name in told.types))
        fields = {what: names for what, names in fields.items() if what != check_passed.KINDS}
        names = [name for what, entries in fields.items() if what != check_passed.EMBEDS for name in entries]
        assert len(names) == len(set(names))
        assert set(fields.get(check_passed.EMBEDS, ())) <= set(told.types)
        for what in set(fields) - {check_passed.EMBEDS}:
            assert "|" in what or what.replace("[]", "").replace("{}", "") in known or what.removesuffix("[]").isupper()
    for entry in told.passes:
        assert [bool(entry.kind), bool(entry.type), entry.own].count(True) == 1
        assert not entry.type or entry.type in known - {"any", "unknown"}
