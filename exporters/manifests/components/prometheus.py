"""Prometheus and its operator by kube-prometheus-stack: replicas, volume, and Alertmanager where that is chosen."""

from __future__ import annotations

from typing import Any

from catalog.settings import magnitude
from exporters.manifests import cluster, monitors
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_SERVICE = "prometheus-operated"
"""The Service that the operator itself creates for Prometheus."""

_PODS = "prometheus-kube-prometheus-stack-prometheus"
"""Names of its pods, without their number."""

_STICKY = "kube-prometheus-stack-prometheus"
"""The chart's own Service, which keeps a caller at one copy: two copies never hold quite the same."""


def values(view: View) -> dict[str, Any]:
    """What follows the design: copies, disks, receivers, and targets that a managed control plane does not show."""
    if view.chart is not None and view.chart.bootstrap:
        return {}
    if view.release != "kube-prometheus-stack":
        return {}
    copies = _copies(view)
    spec: dict[str, Any] = {
        "replicas": copies,
        "externalLabels": {"cluster": view.cluster.name, "environment": view.environment},
        "retentionSize": f"{int(magnitude(view.setting('metrics.storage', '20Gi'), 'quantity') * 85 // 100 // 2**20)}MiB",
        "storageSpec": {"volumeClaimTemplate": {"spec": _claim(view)}},
        "enableRemoteWriteReceiver": bool(view.tracing) or view.capability("telemetry-collector"),
        "podAntiAffinity": "soft",
    }
    writes = view.gather("remote_write", "long-term-metrics")
    if writes:
        spec["remoteWrite"] = [entry for found in writes for entry in found]
    if view.zones > 1 and copies > 1:
        spec["topologySpreadConstraints"] = view.spread({"app.kubernetes.io/name": "prometheus"})
    found: dict[str, Any] = {
        "alertmanager": {"enabled": False},
        "prometheus": {"prometheusSpec": spec},
        "grafana": {"forceDeployDashboards": bool(view.gather("collects_dashboards", "dashboards"))},
        **_control_plane(view),
    }
    if copies > 1:
        found["prometheus"] |= {"podDisruptionBudget": {"enabled": True}, "service": {"sessionAffinity": "ClientIP"}}
    for stated in view.gather("operated", "alerting"):
        found["alertmanager"] = {"enabled": True, **stated}
    return found


def _control_plane(view: View) -> dict[str, Any]:
    """Targets of the control plane, and rules about them: where nothing answers, the rules would fire for ever and hold back
    every reboot that waits for quiet. A provider shows none; kube-proxy listens on its own machine only."""
    core, etcd = cluster.shows_control_plane(view), view.capability("etcd-metrics")
    return {
        "kubeControllerManager": {"enabled": core},
        "kubeScheduler": {"enabled": core},
        "kubeEtcd": {"enabled": etcd},
        "kubeProxy": {"enabled": False},
        "defaultRules": {
            "rules": {
                "etcd": etcd,
                "kubeControllerManager": core,
                "kubeSchedulerAlerting": core,
                "kubeSchedulerRecording": core,
                "kubeProxy": False,
            }
        },
    }


def _copies(view: View) -> int:
    return 2 if view.highly_available else 1


def _claim(view: View) -> Obj:
    claim: Obj = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(view.setting("metrics.storage", "20Gi"))}},
    }
    name = view.storage_class("block")
    return {"storageClassName": name, **claim} if name else claim


def address(view: View, capability: str) -> str | None:
    """PromQL base of the store."""
    return f"http://{_SERVICE}.{view.namespace}.svc:9090" if capability == "metrics-store" else None


def datasource(view: View) -> list[dict[str, Any]]:
    """Grafana's data source."""
    interval = str(view.setting("metrics.scrape-interval", "30s"))
    return [
        {
            "name": "Prometheus",
            "uid": "metrics",
            "type": "prometheus",
            "access": "proxy",
            "url": f"http://{_STICKY}.{view.namespace}.svc:9090",
            "isDefault": True,
            "jsonData": {"httpMethod": "POST", "timeInterval": interval},
        }
    ]


def pipeline(view: View) -> dict[str, Any]:
    """Metrics that are pushed over OTLP arrive by remote write, at every copy: each keeps what it gets for itself."""
    copies = _copies(view)
    hosts = [f"{_PODS}-{at}.{_SERVICE}" for at in range(copies)] if copies > 1 else [_SERVICE]
    found = []
    for at, host in enumerate(hosts):
        url = f"http://{host}.{view.namespace}.svc:9090/api/v1/write"
        config = {"endpoint": url, "resource_to_telemetry_conversion": {"enabled": True}}
        found.append({"name": f"prometheusremotewrite/{at}" if copies > 1 else "prometheusremotewrite", "config": config})
    return {"metrics": found[0], "more": {"metrics": found[1:]}} if found[1:] else {"metrics": found[0]}


def objects(view: View) -> list[Obj]:
    """Monitors of what is there before this: the delivery tool, the network of pods."""
    return [
        monitor
        for component in cluster.installed(view)
        if component.install is not None and component.install.bootstrap
        for monitor in monitors.of_pods(view, component, view.namespace)
    ]
