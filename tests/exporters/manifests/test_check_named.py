"""Objects named by others that are nowhere are found; what charts, operators or platforms bring is not claimed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from exporters.manifests.check import Placed
from exporters.manifests.check_named import check

Objects = dict[str, dict[str, Any]]
LABELS = {"app.kubernetes.io/name": "web"}


def made(kind: str, name: str, spec: dict[str, Any] | None = None, namespace: str = "shop", **more: Any) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **more.pop("metadata", {})}
    return {"kind": kind, "apiVersion": "v1", "metadata": metadata, "spec": spec or {}, **more}


def objects() -> Objects:
    """A namespace of workloads with a web server, and everything that names something there."""
    volume = {"name": "all", "projected": {"sources": [{"secret": {"name": "keys"}}, {"configMap": {"name": "settings"}}]}}
    template = {"metadata": {"labels": dict(LABELS)}, "spec": {"containers": [], "volumes": [volume]}}
    here = {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}
    peer = {"namespaceSelector": here, "podSelector": {"matchLabels": dict(LABELS)}}
    return {
        "space": made("Namespace", "shop", namespace="", metadata={"labels": {"k8s-wizard.dev/kind": "workloads"}}),
        "web": made("Deployment", "web", {"template": template}),
        "service": made("Service", "web"),
        "account": made("ServiceAccount", "web"),
        "settings": made("ConfigMap", "settings"),
        "store": made("ClusterSecretStore", "store", namespace=""),
        "keys": made("ExternalSecret", "keys", {"secretStoreRef": {"kind": "ClusterSecretStore", "name": "store"}}),
        "issuer": made("Issuer", "own"),
        "certificate": made("Certificate", "web", {"secretName": "web-tls", "issuerRef": {"name": "own"}}),
        "ingress": made("Ingress", "web", {
            "tls": [{"secretName": "web-tls"}], "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}}),
        "gateway": made("Gateway", "public"),
        "limits": made("ClientTrafficPolicy", "limits", {"targetRefs": [{"kind": "Gateway", "name": "public"}]}),
        "health": made("HealthCheckPolicy", "web", {"targetRef": {"kind": "Service", "name": "web"}}),
        "template": made("AnalysisTemplate", "errors"),
        "rollout": made("Rollout", "web", {"strategy": {"canary": {
            "analysis": {"templates": [{"templateName": "errors"}]},
            "steps": [{"setWeight": 5}, {"analysis": {"templates": [{"templateName": "errors"}]}}]}}}),
        "rule": made("ValidatingAdmissionPolicy", "tags", namespace=""),
        "binding": made("ValidatingAdmissionPolicyBinding", "tags", {"policyName": "tags"}, namespace=""),
        "rights": made("RoleBinding", "web", subjects=[{"kind": "ServiceAccount", "name": "web"}]),
        "policy": made("NetworkPolicy", "web", {"podSelector": {"matchLabels": dict(LABELS)}, "ingress": [{"from": [peer]}]}),
    }


def told(found: Objects) -> list[str]:
    return [finding.message for finding in check([Placed("a.yaml", body) for body in found.values()])]


def test_what_is_there_is_not_told() -> None:
    assert told(objects()) == []


def of(name: str, *path: Any) -> Callable[[Objects], Any]:
    """What changes the last field on a path of an object to `ghost`."""

    def plant(found: Objects) -> None:
        value: Any = found[name]
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = "ghost"

    return plant


CANARY = ("spec", "strategy", "canary")
PEER = ("spec", "ingress", 0, "from", 0, "podSelector", "matchLabels", "app.kubernetes.io/name")
PLANTS: list[tuple[Callable[[Objects], Any], str]] = [
    (of("keys", "spec", "secretStoreRef", "name"), "its secretStoreRef names ClusterSecretStore ghost, which is nowhere"),
    (lambda found: found.pop("store"), "its secretStoreRef names ClusterSecretStore store, which is nowhere"),
    (of("certificate", "spec", "issuerRef", "name"), "its issuerRef names Issuer ghost, which is nowhere"),
    (of("certificate", "spec", "secretName"), "its certificate web-tls is made by nothing"),
    (of("ingress", "spec", "defaultBackend", "service", "name"), "its default backend Service shop/ghost is nowhere"),
    (of("limits", "spec", "targetRefs", 0, "name"), "its targetRefs names Gateway ghost, which is nowhere"),
    (of("health", "spec", "targetRef", "name"), "its targetRef names Service ghost, which is nowhere"),
    (of("rollout", *CANARY, "analysis", "templates", 0, "templateName"),
     "it is judged by AnalysisTemplate ghost, which is nowhere"),
    (of("rollout", *CANARY, "steps", 1, "analysis", "templates", 0, "templateName"),
     "it is judged by AnalysisTemplate ghost, which is nowhere"),
    (of("binding", "spec", "policyName"), "it binds ValidatingAdmissionPolicy ghost, which is nowhere"),
    (of("rights", "subjects", 0, "name"), "it gives rights to ServiceAccount shop/ghost, which is nowhere"),
    (of("rights", "subjects", 0, "namespace"), "it gives rights to a ServiceAccount of namespace ghost, which is nowhere"),
    (of("policy", "spec", "podSelector", "matchLabels", "app.kubernetes.io/name"),
     "no pod in namespace shop has the labels that it means: app.kubernetes.io/name=ghost"),
    (of("policy", *PEER), "no pod in namespace shop has the labels that it means: app.kubernetes.io/name=ghost"),
    (lambda found: found.pop("settings"), "its volume all uses ConfigMap settings, which nothing makes"),
    (lambda found: found.pop("keys"), "its volume all uses Secret keys, which nothing makes"),
]


@pytest.mark.parametrize(("plant", "said"), PLANTS, ids=[f"{at}: {said}" for at, (_, said) in enumerate(PLANTS)])
def test_each_object_that_is_nowhere_is_told(plant: Callable[[Objects], Any], said: str) -> None:
    found = copy.deepcopy(objects())
    plant(found)
    assert said in told(found)


def test_what_charts_operators_and_platforms_bring_is_not_claimed() -> None:
    found = objects()
    found["space"]["metadata"]["labels"] = {}  # charts may bring accounts, Services and pods to a namespace of the platform
    for plant in (
        of("health", "spec", "targetRef", "name"), of("rights", "subjects", 0, "name"), of("certificate", "spec", "secretName"),
        of("policy", "spec", "podSelector", "matchLabels", "app.kubernetes.io/name"),
    ):
        plant(found)
    found["nodes"] = made("NodePool", "all", {"template": {"spec": {"nodeClassRef": {"kind": "NodeClass", "name": "default"}}}})
    found["other"] = made("NetworkPolicy", "db", {"podSelector": {"matchLabels": {"cnpg.io/cluster": "db"}}})
    assert told(found) == []
