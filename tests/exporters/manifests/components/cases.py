"""Designs that between them choose every component of the layers security, reliability and delivery that has a module."""

from __future__ import annotations

from functools import cache

from exporters.manifests.view import View
from tests.exporters.manifests.components.checking import view

_STACK = {"metrics": "prometheus", "alerting": "alertmanager", "dashboards": "grafana", "backup": "velero"}
_LOKI = {**_STACK, "log-store": "loki", "tracing": "tempo", "instrumentation": "opentelemetry"}

DESIGNS: dict[str, tuple[str, dict[str, str], dict[str, str], dict[str, str]]] = {
    # name: (cloud, choices, context, settings)
    "loki in parts on AWS": ("aws", _LOKI, {}, {"logs.layout": "distributed"}),
    "loki on GCP": ("gcp", {**_LOKI, "secrets": "external-secrets", "deployment": "flux"}, {}, {}),
    "collectors on Azure": (
        "azure",
        {**_LOKI, "tracing": "zipkin", "log-collection": "opentelemetry-agent", "secrets": "external-secrets"},
        {},
        {},
    ),
    "bank": (
        "on-premises",
        {
            **_STACK,
            "dashboards": "kibana",
            "log-store": "elk",
            "log-aggregation": "logstash",
            "log-collection": "fluent-bit",
            "tracing": "jaeger",
            "instrumentation": "opentelemetry,exporters",
            "secrets": "external-secrets",
            "secret-store": "vault",
            "on-call": "pagerduty",
            "policy-engine": "kyverno",
            "image-signing": "cosign",
            "deployment": "argo-cd",
        },
        {"compliance": "regulated"},
        {},
    ),
    "EFK with an aggregator": (
        "on-premises",
        {**_STACK, "log-store": "efk", "log-aggregation": "fluentd", "log-collection": "fluent-bit"},
        {},
        {},
    ),
    "EFK without": (
        "on-premises",
        {**_STACK, "log-store": "efk", "log-aggregation": "none", "log-collection": "fluentd", "tracing": "jaeger"},
        {},
        {},
    ),
    "Elastic's own agent": (
        "on-premises",
        {**_STACK, "log-store": "elk", "log-collection": "filebeat", "kubernetes": "rke2", "audit": "api-server-audit-log"},
        {},
        {},
    ),
    "Vector on nodes and as the aggregator": (
        "on-premises",
        {
            **_STACK,
            "log-store": "loki",
            "log-collection": "vector",
            "log-aggregation": "vector",
            "kubernetes": "rke2",
            "audit": "api-server-audit-log",
        },
        {},
        {},
    ),
    "small": (
        "on-premises",
        {**_STACK, "log-store": "loki", "tracing": "jaeger", "object-storage": "none", "log-collection": "alloy"},
        {"availability": "99", "platform-team": "no"},
        {},
    ),
    "sealed elsewhere": (
        "other-cloud",
        {
            **_STACK,
            "log-store": "efk",
            "log-aggregation": "fluentd",
            "log-collection": "fluent-bit",
            "secrets": "sealed-secrets",
        },
        {"availability": "99.5"},
        {},
    ),
    "gatekeeper on AWS": (
        "aws",
        {"secrets": "secrets-store-csi", "policy-engine": "gatekeeper", "runtime-security": "falco"},
        {},
        {"policy.mode": "enforce"},
    ),
    "tetragon on AWS": ("aws", {"secrets": "external-secrets", "runtime-security": "tetragon"}, {}, {}),
    "built-in policies": (
        "azure",
        {"secrets": "secrets-store-csi", "policy-engine": "validating-admission-policy"},
        {},
        {"policy.mode": "enforce"},
    ),
    "openbao": (
        "on-premises",
        {
            "secrets": "secrets-store-csi",
            "secret-store": "openbao",
            "policy-engine": "gatekeeper",
            "pod-security": "pod-security-by-policy-engine",
        },
        {},
        {},
    ),
    "vault's own operator": ("on-premises", {"secrets": "vault-secrets-operator", "secret-store": "vault"}, {}, {}),
    "runners": (
        "aws",
        {"ci": "github-actions", "runners": "actions-runner-controller", "infrastructure-as-code": "crossplane"},
        {"code-host": "github"},
        {},
    ),
    "runners of GitLab": ("on-premises", {"ci": "gitlab-ci", "runners": "gitlab-runner"}, {"code-host": "gitlab"}, {}),
    "stores of Google": (
        "gcp",
        {
            "metrics": "google-managed-prometheus",
            "log-store": "cloud-logging",
            "tracing": "cloud-trace",
            "instrumentation": "opentelemetry",
        },
        {"platform-team": "no"},
        {},
    ),
    "stores of Amazon": (
        "aws",
        {
            "metrics": "amazon-managed-prometheus",
            "log-store": "cloudwatch-logs",
            "tracing": "x-ray",
            "instrumentation": "opentelemetry",
        },
        {"platform-team": "no"},
        {},
    ),
    "dex": ("on-premises", {"sign-on": "dex"}, {}, {}),
    "keycloak": ("on-premises", {"sign-on": "keycloak", **_STACK}, {}, {"sign-on.issuer": "https://sso.shop.example/realms/shop"}),
}

LAYERS = ("network", "security", "reliability", "delivery")


@cache
def design(name: str) -> View:
    """The framework's view of a design."""
    cloud, choices, context, settings = DESIGNS[name]
    return view(cloud, choices, context, settings)
