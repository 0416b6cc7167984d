"""Names inside of objects that lead nowhere are found; what only a cluster or a chart knows is not claimed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from exporters.manifests.check import Placed
from exporters.manifests.check_inside import check

Objects = dict[str, dict[str, Any]]


def made(kind: str, name: str, spec: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "apiVersion": "v1", "metadata": {"name": name, "namespace": "shop"}, "spec": spec or {}, **more}


def objects() -> Objects:
    """A web server that reads a setting and a password, with everything that leads to it."""
    container = {
        "name": "web", "image": "r/web:1", "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/", "port": "http"}}, "livenessProbe": {"tcpSocket": {"port": 8080}},
        "lifecycle": {"preStop": {"httpGet": {"path": "/stop", "port": "http"}}},
        "volumeMounts": [{"name": "data", "mountPath": "/d"}, {"name": "settings", "mountPath": "/s"}],
        "env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "mode"}}},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "password"}}}],
    }
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [container], "volumes": [
            {"name": "settings", "configMap": {"name": "settings", "items": [{"key": "mode", "path": "mode"}]}}]},
    }
    return {
        "web": made("StatefulSet", "web", {
            "serviceName": "web", "template": template, "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}),
        "service": made("Service", "web", {"selector": {"app": "web"}, "ports": [
            {"name": "http", "port": 80, "targetPort": "http"}]}),
        "ingress": made("Ingress", "web", {"rules": [{"http": {"paths": [
            {"backend": {"service": {"name": "web", "port": {"name": "http"}}}}]}}]}),
        "monitor": made("PodMonitor", "web", {
            "selector": {"matchLabels": {"app": "web"}}, "podMetricsEndpoints": [{"port": "http"}]}),
        "scaler": made("ScaledObject", "web", {"scaleTargetRef": {"kind": "StatefulSet", "name": "web"}}),
        "rollout": made("Rollout", "web", {
            "workloadRef": {"kind": "StatefulSet", "name": "web"},
            "strategy": {"canary": {"stableService": "web", "canaryService": "web"}}}),
        "settings": made("ConfigMap", "settings", data={"mode": "fast"}),
        "keys": made("ExternalSecret", "keys", {"data": [{"secretKey": "password"}]}),
    }


def told(found: Objects) -> list[str]:
    return [finding.message for finding in check([Placed("a.yaml", body) for body in found.values()])]


def test_what_leads_somewhere_is_not_told() -> None:
    assert told(objects()) == []


def container(found: Objects) -> dict[str, Any]:
    one: dict[str, Any] = found["web"]["spec"]["template"]["spec"]["containers"][0]
    return one


def backend(found: Objects) -> dict[str, Any]:
    one: dict[str, Any] = found["ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    return one


PLANTS: list[tuple[Callable[[Objects], Any], str]] = [
    (lambda found: found["service"]["spec"]["ports"][0].update(targetPort="ghost"),
     "its port http leads to a port named ghost, which no pod that it selects has"),
    (lambda found: container(found)["readinessProbe"]["httpGet"].update(port="ghost"),
     "the readinessProbe of container web asks a port named ghost, which it does not have"),
    (lambda found: container(found)["lifecycle"]["preStop"]["httpGet"].update(port="ghost"),
     "the preStop of container web asks a port named ghost, which it does not have"),
    (lambda found: container(found).update(args=["--as=$(B)", "$$(C)", "$(date)", "$(GHOST)"]),
     "container web is started with the variable GHOST, which it does not have"),
    (lambda found: container(found)["volumeMounts"][1].update(name="ghost"),
     "container web mounts the volume ghost, which its pod does not have"),
    (lambda found: found["web"]["spec"].update(serviceName="ghost"), "its Service ghost is nowhere"),
    (lambda found: found["settings"].update(data={"mood": "fast"}),
     "it reads the key mode of ConfigMap settings, which has none of that name"),
    (lambda found: found["keys"]["spec"]["data"][0].update(secretKey="passwort"),
     "it reads the key password of Secret keys, which has none of that name"),
    (lambda found: found["ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["port"].update(name="ghost"),
     "its backend Service shop/web has no port named ghost"),
    (lambda found: backend(found)["port"].update(name="use-annotation"),
     "its backend web is an action that no annotation and no Rollout tells"),
    (lambda found: found["monitor"]["spec"]["podMetricsEndpoints"][0].update(port="ghost"),
     "no selected pod has a port named ghost"),
    (lambda found: found["scaler"]["spec"]["scaleTargetRef"].update(name="ghost"),
     "it acts on StatefulSet ghost, which is nowhere"),
    (lambda found: found["rollout"]["spec"]["workloadRef"].update(name="ghost"),
     "it acts on StatefulSet ghost, which is nowhere"),
    (lambda found: found["rollout"]["spec"]["strategy"]["canary"].update(canaryService="ghost"), "its Service ghost is nowhere"),
]


@pytest.mark.parametrize(("plant", "said"), PLANTS, ids=[said for _, said in PLANTS])
def test_each_name_that_leads_nowhere_is_told(plant: Callable[[Objects], Any], said: str) -> None:
    found = copy.deepcopy(objects())
    plant(found)
    assert said in told(found)


def test_what_only_the_cluster_knows_is_not_claimed() -> None:
    found = objects()
    found["keys"]["spec"] = {"dataFrom": [{"extract": {"key": "all"}}]}
    del found["settings"]  # a chart may bring it
    found["service"]["spec"] = {"selector": {"app": "of-a-chart"}, "ports": [{"port": 80, "targetPort": "metrics"}]}
    found["ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(name="of-a-chart")
    found["monitor"]["spec"]["selector"]["matchLabels"] = {"app": "of-a-chart"}
    assert told(found) == []


def test_an_action_is_told_by_its_annotation_or_by_the_rollout_that_writes_it() -> None:
    for tell in ("annotation", "rollout"):
        found = copy.deepcopy(objects())
        backend(found)["port"] = {"name": "use-annotation"}
        name = backend(found)["name"]
        if tell == "annotation":
            found["ingress"]["metadata"]["annotations"] = {f"alb.ingress.kubernetes.io/actions.{name}": "{}"}
        else:
            router = {"alb": {"ingress": found["ingress"]["metadata"]["name"], "servicePort": 80}}
            found["rollout"]["spec"]["strategy"]["canary"]["trafficRouting"] = router
        assert not any("action" in sentence for sentence in told(found)), tell
