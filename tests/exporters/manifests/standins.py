"""A catalog for the framework's own tests: made-up components with the capabilities that the framework decides by.

Their modules, which answer the hooks, stand in `tests/exporters/manifests/modules` and are found like real ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import exporters.manifests.components
from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Design, Value
from catalog.layers import Layer
from catalog.workloads import Cluster, External, Workload
from tests import designs

_MODULES = str(Path(__file__).parent / "modules")
if _MODULES not in exporters.manifests.components.__path__:
    exporters.manifests.components.__path__.append(_MODULES)


def _install(namespace: str, *charts: Mapping[str, Any], level: str = "baseline", **fields: Any) -> dict[str, Any]:
    return {"namespace": namespace, "pod-security": level, "charts": list(charts), **fields}


def _pods(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name}


def _endpoint(name: str, port: int, component: str, *serves: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "port": port, "serves": list(serves), "pods": _pods(component), **fields}


def components() -> dict[str, Component]:
    """One of each sort that the framework tells apart."""
    component = designs.component
    api = {"to": "kubernetes-api", "kind": "control"}
    webhook = {"to": "kubernetes-api", "kind": "control", "opens": "other", "endpoint": "webhook"}
    found = [
        component(
            "stand-cluster",
            "Stand Cluster",
            ["kubernetes"],
            support="hand-over",
            provides=["kubernetes", "daemonsets"],
            handover=[{"do": "Create the cluster.", "link": designs.DOCS}],
        ),
        component(
            "stand-net",
            "Stand Net",
            ["cni"],
            support="installable",
            provides=["cni", "network-policy"],
            install=_install(
                "kube-system",
                designs.chart("stand-net"),
                bootstrap=True,
                level="privileged",
                **{"pod-security-because": "It sets up the network of nodes."},
            ),
        ),
        component(
            "stand-argo",
            "Stand Argo",
            ["deployment"],
            support="installable",
            provides=["gitops", "deployment"],
            install=_install("stand-argo", designs.chart("stand-argo"), bootstrap=True, crds=["argoproj.io"]),
            flows=[api, {"to": "internet", "kind": "sync", "port": 443}],
        ),
        component(
            "stand-flux",
            "Stand Flux",
            ["deployment"],
            support="installable",
            provides=["gitops", "deployment"],
            install=_install(
                "stand-flux",
                designs.chart("stand-flux"),
                bootstrap=True,
                crds=["source.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io"],
            ),
            flows=[api],
        ),
        component(
            "stand-push",
            "Stand Push",
            ["deployment"],
            support="hand-over",
            provides=["deployment"],
            handover=[{"do": "Give the pipeline a kubeconfig.", "link": designs.DOCS}],
        ),
        component(
            "stand-meter",
            "Stand Meter",
            ["metrics"],
            support="installable",
            provides=["metrics-store", "prometheus-operator"],
            stores=["Time series."],
            install=_install("monitoring", designs.chart("stand-meter"), crds=["monitoring.coreos.com"], after=["block-storage"]),
            endpoints=[_endpoint("web", 9090, "stand-meter", "metrics-store")],
            flows=[api, {"to": "workloads", "kind": "scrape"}],
        ),
        component(
            "stand-disk",
            "Stand Disk",
            ["block-storage"],
            support="installable",
            provides=["block-storage"],
            install=_install(
                "stand-disk",
                designs.chart("stand-disk"),
                level="privileged",
                **{"pod-security-because": "It mounts disks of nodes."},
            ),
        ),
        component(
            "stand-secrets",
            "Stand Secrets",
            ["secrets"],
            support="installable",
            provides=["secrets-delivery"],
            install=_install("stand-secrets", designs.chart("stand-secrets"), crds=["external-secrets.io"]),
            endpoints=[_endpoint("webhook", 10250, "stand-secrets")],
            flows=[api, webhook, {"to": "internet", "kind": "control", "port": 443}],
        ),
        component(
            "stand-gate",
            "Stand Gate",
            ["ingress"],
            support="installable",
            provides=["ingress", "gateway-api"],
            install=_install("stand-gate", designs.chart("stand-gate"), crds=["gateway.networking.k8s.io"]),
            endpoints=[_endpoint("https", 8443, "stand-gate", "ingress", application="https")],
            flows=[api, {"to": "ingress-workloads", "kind": "request"}],
        ),
        component(
            "stand-signer",
            "Stand Signer",
            ["certificate-automation"],
            support="installable",
            provides=["certificate-automation"],
            install=_install("stand-signer", designs.chart("stand-signer"), crds=["cert-manager.io"], after=["cni"]),
            endpoints=[_endpoint("webhook", 10250, "stand-signer")],
            flows=[api, webhook],
        ),
        component(
            "stand-scale",
            "Stand Scale",
            ["pod-autoscaling"],
            support="installable",
            provides=["pod-autoscaling"],
            install=_install("kube-system", level="restricted"),
        ),
        component(
            "stand-traces",
            "Stand Traces",
            ["tracing"],
            support="installable",
            provides=["tracing"],
            install=_install("tracing", designs.chart("stand-traces")),
            endpoints=[_endpoint("otlp", 4317, "stand-traces", "trace-ingest-otlp", application="otlp-grpc")],
        ),
        component(
            "stand-mesh",
            "Stand Mesh",
            ["mesh"],
            support="installable",
            provides=["mesh", "mesh-mtls", "mesh-sidecars", "traffic-splitting", "gateway-api-crds"],
            install=_install("stand-mesh", designs.chart("stand-mesh"), crds=["security.istio.io"]),
            endpoints=[_endpoint("xds", 15012, "stand-mesh", "mesh")],
            flows=[api, {"to": "workloads", "kind": "control", "opens": "other", "endpoint": "xds"}],
        ),
        component(
            "stand-images",
            "Stand Images",
            ["registry"],
            support="hand-over",
            provides=["registry"],
            handover=[{"do": "Create the registry.", "link": designs.DOCS}],
        ),
        component(
            "stand-steps",
            "Stand Steps",
            ["progressive-delivery"],
            support="installable",
            provides=["progressive-delivery"],
            install=_install("stand-steps", designs.chart("stand-steps"), crds=["flagger.app"]),
        ),
        component(
            "stand-judge",
            "Stand Judge",
            ["policy-engine"],
            support="installable",
            provides=["policy-engine"],
            install=_install("stand-judge", designs.chart("stand-judge"), crds=["kyverno.io"]),
        ),
        component(
            "stand-ident",
            "Stand Ident",
            ["workload-identity"],
            support="hand-over",
            provides=["workload-identity"],
            handover=[{"do": "Bind the accounts.", "link": designs.DOCS}],
        ),
        component(
            "stand-names",
            "Stand Names",
            ["cni"],
            support="installable",
            provides=["cni", "network-policy", "fqdn-policy"],
            install=_install("kube-system", designs.chart("stand-names"), bootstrap=True, crds=["cilium.io"]),
        ),
    ]
    return {entry.id: entry for entry in found}


_LAYERS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("use-case", ()),
    ("load-balancing", (("certificates", "cluster"), ("certificate-automation", "cluster"))),
    ("network", (("access-roles", "design"),)),
    (
        "security",
        (
            ("secrets", "design"),
            ("workload-identity", "cluster"),
            ("policy-engine", "design"),
            ("pod-security", "design"),
        ),
    ),
    (
        "cluster-network",
        (
            ("cni", "cluster"),
            ("network-policy", "cluster"),
            ("ingress", "cluster"),
            ("mesh", "design"),
            ("progressive-delivery", "design"),
        ),
    ),
    ("kubernetes", (("kubernetes", "cluster"), ("pod-autoscaling", "cluster"))),
    ("reliability", (("metrics", "design"), ("objectives", "design"), ("tracing", "design"))),
    ("storage", (("block-storage", "cluster"), ("distributed-storage", "cluster"), ("file-storage", "cluster"))),
    ("registry", (("registry", "design"),)),
    ("delivery", (("deployment", "design"),)),
)
"""Layers with their decisions and scopes, named as in the built-in catalog."""


@cache
def stand_in_catalog() -> Catalog:
    """The layers above with made-up components."""
    layers: dict[str, Layer] = {}
    for name, decisions in _LAYERS:
        data = {
            "id": name,
            "title": name.title(),
            "summary": f"All about {name}.",
            "after": next(reversed(layers), None),
            "decisions": [
                {
                    "id": decision,
                    "title": decision.title(),
                    "problem": f"Which {decision}?",
                    "many": "optional",
                    "scope": scope,
                    "none": {"summary": f"There is no {decision}."},
                }
                for decision, scope in decisions
            ],
        }
        layers[name] = Layer.model_validate(data)
    return Catalog(layers=layers, components=components(), capabilities={}, as_of=designs.DAY, revision="0" * 64)


CONTEXT = {
    "availability": "99.95",
    "spread": "one-region",
    "services": "few",
    "air-gap": "no",
    "compliance": "none",
}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "kubernetes": ("stand-cluster",),
    "cni": ("stand-net",),
    "deployment": ("stand-argo",),
    "metrics": ("stand-meter",),
    "block-storage": ("stand-disk",),
    "secrets": ("stand-secrets",),
    "ingress": ("stand-gate",),
    "certificate-automation": ("stand-signer",),
    "pod-autoscaling": ("stand-scale",),
    "tracing": ("stand-traces",),
}

WORKLOADS = (
    Workload.model_validate(
        {
            "name": "web",
            "image": "registry.example.com/web:1.4.2",
            "port": 8080,
            "host": "shop.example.com",
            "calls": ["api"],
            "slo": "99.9",
            "metrics-port": 9100,
            "canary": {"image": "registry.example.com/web:1.5.0", "weight": 10, "header": "x-canary: yes"},
        }
    ),
    Workload.model_validate(
        {
            "name": "api",
            "image": "registry.example.com/api:2.0.0",
            "port": 9090,
            "protocol": "grpc",
            "calls": ["db"],
            "team": "back-end",
            "secrets": [{"env": "DB_PASSWORD", "key": "shop/db"}],
        }
    ),
    Workload.model_validate(
        {
            "name": "cache",
            "image": "registry.example.com/cache@sha256:" + "a" * 64,
            "port": 6379,
            "protocol": "tcp",
            "kind": "statefulset",
            "volumes": [{"path": "/data", "size": "10Gi"}],
        }
    ),
    Workload.model_validate(
        {
            "name": "report",
            "image": "registry.example.com/report:3",
            "kind": "cronjob",
            "schedule": "5 4 * * *",
            "calls": ["db", "api"],
        }
    ),
    Workload.model_validate({"name": "migrate", "image": "registry.example.com/migrate:7", "kind": "job", "calls": ["db"]}),
)
EXTERNALS = (
    External.model_validate(
        {"name": "db", "kind": "postgresql", "host": "db.example.internal", "port": 5432, "cidr": "10.20.0.0/24"}
    ),
)
CLUSTERS = (
    Cluster.model_validate({"name": "prod", "environment": "prod", "cloud": "on-premises", "region": "eu"}),
    Cluster.model_validate({"name": "dev", "environment": "dev", "cloud": "on-premises", "region": "eu"}),
)


def stand_in(
    choices: Mapping[str, tuple[str, ...]] | None = None,
    *,
    clusters: Sequence[Cluster] = CLUSTERS[:1],
    workloads: Sequence[Workload] = WORKLOADS,
    externals: Sequence[External] = EXTERNALS,
    **fields: Any,
) -> Design:
    """A design over the stand-ins; `choices` are laid over CHOICES."""
    context = {name: Value(value, "answered") for name, value in {**CONTEXT, **fields.pop("context", {})}.items()}
    picked = {**CHOICES, **(choices or {})}
    return designs.design(
        picked,
        catalog=stand_in_catalog(),
        clusters=clusters,
        workloads=workloads,
        externals=externals,
        context=context,
        settings=fields.pop("settings", {}),
        **fields,
    )
