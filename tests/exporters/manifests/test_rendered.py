"""What real charts make of generated designs: it renders, a server takes it, and the policies let through what it needs.

Runs where helm is on the PATH and K8S_WIZARD_CHARTS names a folder of charts with their templates, their dependencies
vendored; such a folder is no part of this repository.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from exporters.manifests import check_objects, check_render, cluster, network, plan, units
from exporters.manifests.check import Placed
from exporters.manifests.check_charts import Valued, folder_of
from exporters.manifests.check_references import pod_spec
from exporters.manifests.view import View, views
from tests.exporters.manifests import generated
from tests.exporters.manifests.simulator import Address, Cluster, Connection, Pod

CHARTS = os.environ.get("K8S_WIZARD_CHARTS", "")
HELM = check_render.helm()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(HELM is None, reason="helm is not on this machine"),
    pytest.mark.skipif(not CHARTS, reason="K8S_WIZARD_CHARTS names no folder of charts with their templates"),
]
PARTS = 12
API = Address("the API server", "203.0.113.9", "kube-apiserver")


@cache
def rendered(chart: str, release: str, namespace: str, values: str, minor: str) -> tuple[dict[str, Any], ...]:
    """The objects of a chart, rendered once for equal values; none where the chart is not at hand."""
    import json

    place = folder_of(CHARTS, chart)
    if place is None or not (Path(place) / "templates").is_dir():
        return ()
    assert HELM is not None
    valued = Valued("", chart, "", json.loads(values), "", release, namespace)
    return tuple(check_render.rendered(HELM, valued, place, minor))


def of_charts(view: View) -> list[dict[str, Any]]:
    """Everything that the charts of a cluster make."""
    import json

    found = []
    for component in cluster.installed(view):
        for release in (*units.first_releases(view, component), *units.releases(view, component)):
            values = json.dumps(release.values, sort_keys=True, default=str)
            made = rendered(release.chart.chart, release.chart.release, release.namespace, values, view.kubernetes_minor)
            found += [_placed(body, release.namespace) for body in made]
    return found


def _placed(body: dict[str, Any], namespace: str) -> dict[str, Any]:
    """A monitor that names no namespace is where its release is."""
    monitor = body["kind"].endswith("Monitor")
    return {**body, "metadata": {"namespace": namespace, **body["metadata"]}} if monitor else body


def pods_of(objects: list[dict[str, Any]]) -> list[tuple[Pod, dict[str, Any]]]:
    """Pods with addresses of their own, and their specs."""
    found = []
    for body in objects:
        made = pod_spec(body)
        if made is not None and not made[1].get("hostNetwork"):
            found.append((Pod(body["metadata"]["name"], body["metadata"].get("namespace", ""), made[0]), dict(made[1])))
    return found


def asked_by_the_api_server(objects: list[dict[str, Any]]) -> Iterator[tuple[str, str, int]]:
    """(namespace, Service, port) of webhooks and of APIs that are served in the cluster."""
    for body in objects:
        if body["kind"].endswith("WebhookConfiguration"):
            services = [hook["clientConfig"].get("service") for hook in body.get("webhooks") or ()]
        elif body["kind"] == "APIService":
            services = [body["spec"].get("service")]
        elif body["kind"] == "CustomResourceDefinition":
            hook = (body["spec"].get("conversion") or {}).get("webhook") or {}
            services = [(hook.get("clientConfig") or {}).get("service")]
        else:
            continue
        yield from ((entry["namespace"], entry["name"], entry.get("port", 443)) for entry in services if entry)


def behind(objects: list[dict[str, Any]], namespace: str, name: str, port: int | str) -> Iterator[tuple[Pod, int, str]]:
    """Pods behind a port of a Service, with the port that they listen on."""
    service = next((body for body in objects if body["kind"] == "Service" and body["metadata"]["name"] == name
                    and body["metadata"].get("namespace") == namespace), None)
    for entry in (service or {"spec": {}})["spec"].get("ports") or ():
        if port not in (entry["port"], entry.get("name")):
            continue
        target = entry.get("targetPort", entry["port"])
        for pod, spec in pods_of(objects):
            if pod.namespace != namespace or not service["spec"].get("selector", {"": ""}).items() <= pod.labels.items():
                continue
            ports = {str(own.get("name")): own["containerPort"] for one in spec["containers"] for own in one.get("ports") or ()}
            number = target if isinstance(target, int) else ports.get(target)
            if number is not None:
                yield pod, number, entry.get("protocol", "TCP")


def part(at: int) -> list[generated.Generated]:
    return list(generated.designs()[at::PARTS])


@pytest.mark.parametrize("at", range(PARTS))
def test_what_charts_render_is_taken_and_keeps_to_the_level_of_its_namespace(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for view in views(entry.design):
            spaces = [Placed("tree", body) for body in plan.objects_by_cluster(entry.design)[view.cluster.name]
                      if body["kind"] == "Namespace"]
            placed = [Placed("chart", body) for body in of_charts(view)]
            for finding in check_objects.check([*spaces, *placed]):
                if "said twice" not in finding.message:  # two components may share a chart
                    wrong.setdefault(str(finding), entry.name)
    assert [f"{name}: {finding}" for finding, name in wrong.items()] == []


@pytest.mark.parametrize("at", range(PARTS))
def test_the_api_server_reaches_every_webhook_and_prometheus_every_monitored_service(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for view in views(entry.design):
            tree = list(plan.objects_by_cluster(entry.design)[view.cluster.name])
            policies, charts = Cluster(tree), of_charts(view)
            for namespace, name, port in asked_by_the_api_server(charts):
                for pod, number, protocol in behind(charts, namespace, name, port):
                    if not policies.allows(Connection(API, pod, number, protocol)):
                        wrong.setdefault(f"the API server -> {namespace}/{pod.name}:{number}", entry.name)
            for source in scrapers(view):
                for pod, number, protocol in monitored(charts):
                    if not policies.allows(Connection(source, pod, number, protocol)):
                        wrong.setdefault(f"{source.name} -> {pod.namespace}/{pod.name}:{number}", entry.name)
    assert [f"{name}: {flow}" for flow, name in wrong.items()] == []


def scrapers(view: View) -> list[Pod]:
    """The pods that scrape, as the topology has them."""
    nodes = {node.id: node for node in view.topology.nodes if network.here(node, view)}
    return [
        Pod(nodes[edge.source].name, network.namespace_of(nodes[edge.source]), {**nodes[edge.source].pods, **edge.source_pods})
        for edge in view.topology.edges
        if edge.because == "metrics" and edge.source in nodes and network.runs_pods(nodes[edge.source], view) and view.monitors
    ][:1]


def monitored(objects: list[dict[str, Any]]) -> Iterator[tuple[Pod, int, str]]:
    """Pods and ports that the ServiceMonitors of charts select."""
    for body in objects:
        if body["kind"] != "ServiceMonitor":
            continue
        own = body["metadata"].get("namespace", "")
        spaces = (body["spec"].get("namespaceSelector") or {}).get("matchNames") or [own]
        wanted = (body["spec"].get("selector") or {}).get("matchLabels") or {}
        for service in objects:
            place = service["metadata"].get("namespace")
            labels = service["metadata"].get("labels") or {}
            if service["kind"] != "Service" or place not in spaces or not wanted.items() <= labels.items():
                continue
            for endpoint in body["spec"].get("endpoints") or ():
                if "port" in endpoint:
                    yield from behind(objects, place, service["metadata"]["name"], endpoint["port"])


MADE_LATER = {"apiserver", "kubelet", "ceph", "rook-ceph-mgr", "rook-ceph-exporter"}
"""Jobs whose Services no chart makes: Kubernetes' own, the Prometheus operator's for nodes, and those of Rook's operator."""


def jobs(objects: list[dict[str, Any]]) -> Iterator[str]:
    """What targets of monitors are called (https://prometheus-operator.dev/docs/api-reference/api/, field jobLabel)."""
    for body in objects:
        if body["kind"] == "PodMonitor":
            yield f"{body['metadata'].get('namespace', '')}/{body['metadata']['name']}"
        if body["kind"] != "ServiceMonitor":
            continue
        spaces = (body["spec"].get("namespaceSelector") or {}).get("matchNames") or [body["metadata"].get("namespace")]
        wanted = (body["spec"].get("selector") or {}).get("matchLabels") or {}
        for service in objects:
            place, labels = service["metadata"].get("namespace"), service["metadata"].get("labels") or {}
            if service["kind"] == "Service" and place in spaces and wanted.items() <= labels.items():
                yield labels.get(body["spec"].get("jobLabel", ""), service["metadata"]["name"])


def unscraped(view: View, objects: list[dict[str, Any]]) -> Iterator[str]:
    """Alerts about a job of which nothing is scraped, beyond what the design is warned of."""
    import re

    there = set(jobs(objects))
    if not any(component.id == "exporters" for component in cluster.installed(view)):
        there |= {"kube-state-metrics", "node-exporter"}
    for body in objects:
        for group in body["spec"]["groups"] if body["kind"] == "PrometheusRule" else ():
            for rule in group["rules"]:
                for sign, job in re.findall(r'job(=~?)"([^"]+)"', rule["expr"]):
                    meant = re.compile(job if sign == "=~" else re.escape(job))
                    if "alert" in rule and job not in MADE_LATER and not any(map(meant.fullmatch, there)):
                        yield f"{rule['alert']} is about the job {job}"


@pytest.mark.parametrize("at", range(PARTS))
def test_alerts_are_about_jobs_that_somebody_scrapes(at: int) -> None:
    wrong: dict[str, str] = {}
    for entry in part(at):
        for view in views(entry.design):
            tree = list(plan.objects_by_cluster(entry.design)[view.cluster.name])
            for told in unscraped(view, [*tree, *of_charts(view)]) if view.monitors else ():
                wrong.setdefault(told, entry.name)
    assert [f"{name}: {told}" for told, name in wrong.items()] == []
