"""Designs to draw: a shop on a managed cluster, a media house in three regions, and a crowd of sixty parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Design
from catalog.layers import Layer
from catalog.workloads import Cluster, External, Workload
from tests.designs import DAY, component, design, layers, none

DECISIONS: Mapping[str, Sequence[str]] = {
    "dns": ("authoritative-dns*1", "dns-steering", "dns-automation?"),
    "cdn": ("cdn?2", "waf?"),
    "load-balancing": ("load-balancer*3", "certificates?", "certificate-automation?"),
    "network": ("node-exposure", "api-access", "vpc-layout", "nat?", "firewall?", "operator-access?", "multi-cluster?"),
    "security": ("secrets", "policy-engine?"),
    "cluster-network": ("cni!", "ingress!4", "mesh?"),
    "kubernetes": ("kubernetes!", "node-autoscaling?", "etcd-backup?"),
    "reliability": ("metrics?", "long-term-metrics?", "alerting+", "on-call?", "dashboards?", "log-collection?",
                    "log-aggregation?", "log-store?", "tracing?", "instrumentation+", "backup?", "backup-destination?",
                    "disaster-recovery?"),
    "storage": ("block-storage", "distributed-storage?", "object-storage?", "volume-snapshots?"),
    "registry": ("registry", "image-scanning?", "image-signing?"),
    "delivery": ("ci", "runners?", "image-build?", "deployment", "progressive-delivery?"),
}
"""Layers and decisions named as in the product; `?` optional, `+` several, `!` for each cluster, a digit is the hop."""


def _decision(text: str) -> dict[str, Any]:
    hop = int(text[-1]) if text[-1].isdigit() else None
    bare = text.rstrip("0123456789")
    name = bare.rstrip("?+!*")
    title = name.replace("-", " ").capitalize().replace("Dns", "DNS").replace("Cdn", "CDN").replace("Ci", "CI")
    found: dict[str, Any] = {"id": name, "title": title, "problem": f"Which {name}?", "many": "one", "hop": hop}
    if "?" in bare:
        found |= {"many": "optional", "none": none(f"Without {name}.")}
    if "+" in bare or "*" in bare:
        found["many"] = "several"
    if "!" in bare:
        found["scope"] = "cluster"
    return found


def all_layers() -> dict[str, Layer]:
    """The use case and the eleven layers."""
    found = {"use-case": layers()["use-case"]}
    before = "use-case"
    for name, decisions in DECISIONS.items():
        found[name] = Layer.model_validate({
            "id": name, "title": name.replace("-", " ").capitalize(), "summary": f"About {name}.", "after": before,
            "decisions": [_decision(text) for text in decisions]})
        before = name
    return found


def part(id_: str, title: str, roles: Sequence[str], where: str = "cluster", icon: str | None = None,
         provides: Sequence[str] = (), endpoints: Sequence[Mapping[str, Any]] = (),
         flows: Sequence[Mapping[str, Any]] = ()) -> Component:
    """A component to draw."""
    draw = {"where": where, **({"icon": icon} if icon else {})}
    return component(id_, title, roles, draw=draw, provides=list(provides),
                     endpoints=[dict(entry) for entry in endpoints], flows=[dict(entry) for entry in flows])


def _end(port: int, application: str, *serves: str, name: str = "main") -> dict[str, Any]:
    return {"name": name, "port": port, "application": application, "serves": list(serves)}


def _to(capability: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"to": capability, "kind": kind, **more}


METRICS = _end(8080, "http", "metrics-endpoint", name="metrics")

PARTS: tuple[Component, ...] = (
    part("cloud-names", "Cloud DNS", ["authoritative-dns"], "edge", "gcp.network.DNS",
         ["authoritative-dns", "dns-api"], [_end(53, "dns", "authoritative-dns")]),
    part("failover", "Failover over regions", ["dns-steering"], "none"),
    part("names-writer", "ExternalDNS", ["dns-automation"], "cluster", "k8s.ecosystem.ExternalDns",
         flows=[_to("kubernetes-api", "control"), _to("dns-api", "control", port=443, application="https")]),
    part("cache", "Cloud CDN", ["cdn"], "edge", "gcp.network.CDN", ["cdn"], [_end(443, "https", "cdn")]),
    part("shield", "Cloud Armor", ["waf"], "edge", "gcp.network.Armor", ["waf"]),
    part("balancer", "Global load balancer", ["load-balancer"], "edge", "gcp.network.LoadBalancing",
         ["load-balancer"], [_end(443, "https", "load-balancer")]),
    part("private", "Private nodes", ["node-exposure"], "none"),
    part("api-endpoint", "Private API endpoint", ["api-access"], "network"),
    part("one-vpc", "Shared VPC", ["vpc-layout"], "none"),
    part("nat", "Cloud NAT", ["nat"], "network", "gcp.network.NAT", ["nat"],
         flows=[_to("internet", "request", port=443, application="https")]),
    part("rules", "VPC firewall", ["firewall"], "network", "gcp.network.FirewallRules", ["firewall"]),
    part("proxy", "Identity-Aware Proxy", ["operator-access"], "provider", "gcp.security.Iap", ["operator-access"],
         [_end(443, "https", name="tunnel")],
         [_to("operators", "control", opens="other", endpoint="tunnel"), _to("kubernetes-api", "control")]),
    part("secrets-tool", "External Secrets Operator", ["secrets"], "cluster", None, ["secrets-delivery"], [METRICS]),
    part("judge", "Kyverno", ["policy-engine"], "cluster", None, ["policy-engine"], [METRICS]),
    part("dataplane", "Dataplane V2", ["cni"], "node", None, ["cni"]),
    part("gateway", "Gateway", ["ingress"], "cluster", None, ["ingress"], [_end(443, "https", "ingress")]),
    part("mesh", "Istio", ["mesh"], "cluster", "onprem.network.Istio", ["mesh"], [METRICS]),
    part("cluster", "GKE", ["kubernetes"], "provider", "gcp.compute.GKE", ["managed-kubernetes"]),
    part("store", "Prometheus", ["metrics"], "cluster", "onprem.monitoring.Prometheus", ["metrics-store"],
         [_end(9090, "http", "metrics-store")],
         [_to("workloads", "scrape"), _to("alerting", "push"), _to("kubernetes-api", "scrape")]),
    part("bell", "Alertmanager", ["alerting"], "cluster", None, ["alerting"], [_end(9093, "http", "alerting")],
         [_to("on-call", "push", port=443, application="https")]),
    part("pager", "On-call service", ["on-call"], "outside", None, ["on-call"]),
    part("boards", "Grafana", ["dashboards"], "cluster", "onprem.monitoring.Grafana", ["dashboards"],
         [_end(3000, "http", "dashboards")],
         [_to("metrics-store", "request"), _to("log-store", "request"), _to("tracing", "request"),
          _to("operators", "request", opens="other", endpoint="main")]),
    part("reader", "Fluent Bit", ["log-collection"], "node", "onprem.logging.Fluentbit", ["log-collection"], [METRICS],
         [_to("log-store", "push")]),
    part("logs", "Loki", ["log-store"], "cluster", "onprem.logging.Loki", ["log-store"],
         [_end(3100, "http", "log-store")], [_to("object-storage", "store", port=443, application="https")]),
    part("traces", "Tempo", ["tracing"], "cluster", None, ["tracing", "trace-ingest-otlp"],
         [_end(4317, "otlp-grpc", "trace-ingest-otlp", "tracing")],
         [_to("object-storage", "store", port=443, application="https")]),
    part("copies", "Velero", ["backup"], "cluster", None, ["cluster-backup"], [METRICS],
         [_to("backup-destination", "backup", port=443, application="https"), _to("kubernetes-api", "control")]),
    part("vault-bucket", "Bucket in another region", ["backup-destination"], "outside", None, ["backup-destination"]),
    part("disks", "Persistent Disk CSI", ["block-storage"], "node", "gcp.storage.PersistentDisk", ["block-storage"]),
    part("buckets", "Cloud Storage", ["object-storage"], "provider", "gcp.storage.Storage", ["object-storage"]),
    part("images", "Artifact Registry", ["registry"], "provider", "gcp.devtools.ContainerRegistry", ["registry"],
         [_end(443, "https", "registry")], [_to("nodes", "sync", opens="other", endpoint="main")]),
    part("scanner", "Trivy", ["image-scanning"], "ci", None, ["image-scanning"],
         flows=[_to("registry", "sync")]),
    part("pipeline", "GitHub Actions", ["ci"], "ci", "onprem.ci.GithubActions", ["ci"], [_end(443, "https", "ci")],
         [_to("registry", "push"), _to("developers", "request", opens="other", endpoint="main")]),
    part("builder", "Buildpacks", ["image-build"], "none"),
    part("syncer", "Flux", ["deployment"], "cluster", "onprem.gitops.Flux", ["gitops"], [METRICS],
         [_to("internet", "sync", port=443, application="https"), _to("kubernetes-api", "control"),
          _to("registry", "sync")]),
)


@cache
def catalog(extra: int = 0) -> Catalog:
    """All parts, and `extra` more in the cluster."""
    found = {entry.id: entry for entry in PARTS}
    for index in range(extra):
        found[f"extra-{index}"] = part(f"extra-{index}", f"Operator number {index}", ["instrumentation"],
                                       endpoints=[METRICS])
    return Catalog(all_layers(), found, {}, DAY, "0" * 64)


def choices(known: Catalog) -> dict[str, tuple[str, ...]]:
    """Every component for each decision it answers."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in known.components.values():
        for role in entry.roles:
            found[role] = (*found.get(role, ()), entry.id)
    return found


def shop(name: str = "shop", title: str | None = None) -> Design:
    """A start-up on a managed cluster; `title` names a workload and a system outside."""
    known = catalog()
    return design(
        choices(known), catalog=known, name=name,
        clusters=[Cluster.model_validate({
            "name": "prod", "cloud": "gcp", "region": "europe-west1",
            "pools": [{"name": "general", "machine": "e2-standard-4", "nodes": 3}, {"name": "batch", "spot": True}],
            "ranges": {"nodes": "10.0.0.0/20", "pods": "10.4.0.0/14", "services": "10.8.0.0/20"}})],
        workloads=[
            Workload(name="web", image="r.example.com/web:1", port=8080, host="shop.example.com", calls=("api",),
                     title=title),
            Workload(name="api", image="r.example.com/api:1", port=9090, protocol="grpc", calls=("db", "queue")),
            Workload(name="worker", image="r.example.com/worker:1", calls=("db",)),
            Workload(name="nightly", kind="cronjob", schedule="0 3 * * *", image="r.example.com/n:1", calls=("db",)),
            Workload.model_validate({"name": "queue", "kind": "statefulset", "image": "r.example.com/q:1", "port": 6379,
                                     "protocol": "tcp", "volumes": [{"path": "/data", "size": "10Gi"}]}),
        ],
        externals=[External(name="db", kind="postgresql", host="db.example.internal", port=5432, title=title)],
    )


def media() -> Design:
    """Three clusters of two kinds in three regions."""
    known = catalog()
    base = shop("media")
    names = (("eu", "prod", "europe-west1"), ("us", "prod", "us-east1"), ("dev", "dev", "europe-west1"))
    return design(
        choices(known), catalog=known, name="media", workloads=base.workloads, externals=base.externals,
        clusters=[Cluster(name=name, environment=environment, cloud="gcp", region=region)
                  for name, environment, region in names],
    )


def crowd(parts: int = 60, services: int = 40) -> Design:
    """Many components and many workloads that call each other."""
    known = catalog(max(0, parts - len(PARTS)))
    workloads = [
        Workload(name=f"service-{index:02d}", image="r.example.com/s:1", port=8080, metrics_port=9100,
                 host=f"s{index}.example.com" if index % 5 == 0 else None,
                 calls=tuple(f"service-{other:02d}" for other in (index + 1, index + 7) if other < services))
        for index in range(services)
    ]
    return design(choices(known), catalog=known, name="crowd", workloads=workloads,
                  clusters=[Cluster(name="prod", cloud="gcp", region="europe-west1")])


def fleet() -> Design:
    """Five kinds of clusters that all run the same: one more than an overview has room for."""
    base = shop("fleet")
    names = ("prod", "staging", "test", "dev", "play")
    return design(
        choices(catalog()), catalog=catalog(), name="fleet", workloads=base.workloads,
        clusters=[Cluster(name=name, environment=name, cloud="gcp",
                          region=f"region-{at}") for at, name in enumerate(names)],
    )
