"""What policies about pods let in and what they refuse, as an engine would judge it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from exporters.manifests import admission
from tests.exporters.manifests import generated, languages
from tests.exporters.manifests.components import cases
from tests.exporters.manifests.components.checking import objects, view

pytest.importorskip("celpy", reason="cel-python is not installed")
pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def refused(policies: list[admission.Policy], body: dict[str, Any], before: dict[str, Any] | None = None) -> Iterator[str]:
    """Names of the policies about pods that do not let an object in, each once."""
    from celpy import celtypes
    from celpy.adapter import json_to_cel

    class There(celtypes.MapType):  # the library cannot ask whether a map is null
        def __ne__(self, other: object) -> Any:
            return celtypes.BoolType(True) if other is None else super().__ne__(other)

    for policy in policies:
        if not policy.pods:
            continue
        old = There(json_to_cel(before)) if before is not None else None
        given = {"object": json_to_cel(body), "oldObject": old, "variables": celtypes.MapType()}
        for variable in policy.variables():
            value = languages.program(variable["expression"]).evaluate(given)
            given["variables"] = celtypes.MapType({**given["variables"], celtypes.StringType(variable["name"]): value})
        if not all(languages.program(rule["expression"]).evaluate(given) for rule in policy.validations()):
            yield policy.name


_GOOD: dict[str, Any] = {
    "name": "a",
    "image": "registry.example.com/api:2.0.0",
    "resources": {"requests": {"cpu": "1", "memory": "1Mi"}, "limits": {"memory": "1Mi"}},
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
_USER = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_OWNED = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "forged", "controller": True}]


def _pod(**spec: Any) -> dict[str, Any]:
    """A pod that says that a controller made it."""
    whole = {"containers": [_GOOD], "securityContext": _USER, **spec}
    return {"kind": "Pod", "metadata": {"name": "x", "ownerReferences": _OWNED}, "spec": whole}


def _with(**fields: Any) -> dict[str, Any]:
    context = {**_GOOD["securityContext"], **fields.pop("securityContext", {})}
    return {"containers": [{**_GOOD, **fields, "securityContext": context}]}


@pytest.mark.parametrize(
    ("policy", "spec"),
    [
        ("image-origin", _with(image="elsewhere.example.org/x:1")),
        ("image-origin", {"initContainers": [{**_GOOD, "image": "elsewhere.example.org/x:1"}]}),
        ("image-origin", {"ephemeralContainers": [{**_GOOD, "image": "elsewhere.example.org/x:1"}]}),
        ("resources", _with(resources={})),
        ("restricted-pods", _with(securityContext={"runAsNonRoot": False})),
        ("restricted-pods", _with(securityContext={"runAsUser": 0})),
        ("restricted-pods", _with(securityContext={"seccompProfile": {"type": "Unconfined"}})),
        ("restricted-pods", _with(securityContext={"appArmorProfile": {"type": "Unconfined"}})),
        ("restricted-pods", _with(securityContext={"seLinuxOptions": {"type": "spc_t"}})),
        ("restricted-pods", _with(securityContext={"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}})),
        ("restricted-pods", _with(securityContext={"procMount": "Unmasked"})),
        ("restricted-pods", _with(ports=[{"containerPort": 80, "hostPort": 80}])),
        ("restricted-pods", _with(livenessProbe={"tcpSocket": {"host": "10.0.0.1", "port": 22}})),
        ("restricted-pods", {"securityContext": {**_USER, "sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}),
        ("restricted-pods", {"volumes": [{"name": "v", "nfs": {"server": "10.0.0.1", "path": "/"}}]}),
        ("restricted-pods", {"hostNetwork": True}),
    ],
)
def test_a_pod_is_judged_whoever_it_says_owns_it(policy: str, spec: dict[str, Any]) -> None:
    """Nobody proves `ownerReferences`: whoever may make a pod writes there what he likes."""
    made = admission.policies(cases.design("openbao"))
    assert list(refused(made, _pod())) == [] and list(refused(made, _pod(**spec))) == [policy]


def test_a_pod_from_before_a_policy_may_still_be_labelled_and_not_be_given_another_image() -> None:
    made, old = admission.policies(cases.design("openbao")), _pod(**_with(image="elsewhere.example.org/x:1"))
    labelled = {**old, "metadata": {**old["metadata"], "labels": {"a": "b"}}}
    assert list(refused(made, labelled, old)) == []
    assert list(refused(made, _pod(**_with(image="elsewhere.example.org/x:2")), old)) == ["image-origin"]


def test_every_template_of_pods_and_every_container_put_into_one_is_asked_about() -> None:
    rules = {group: {name for rule in policy.rules() if rule["apiGroups"] == [group] for name in rule["resources"]}
             for policy in admission.policies(cases.design("openbao")) if policy.pods for group in policy.about}
    assert rules[""] == {"pods", "pods/ephemeralcontainers", "replicationcontrollers"}
    signed = next(obj for obj in objects(cases.design("bank"), "kyverno", "policies") if obj["kind"] == "ImageValidatingPolicy")
    assert "pods/ephemeralcontainers" in signed["spec"]["matchConstraints"]["resourceRules"][0]["resources"]


@pytest.mark.parametrize(
    ("choices", "image"),
    [
        ({"mesh": "istio"}, "registry.istio.io/release/proxyv2:1.31.1"),
        ({"mesh": "istio-ambient"}, "registry.istio.io/release/proxyv2:1.31.1"),
        ({"mesh": "linkerd"}, "cr.l5d.io/linkerd/proxy:edge-26.8.3"),
        ({"mesh": "consul"}, "hashicorp/consul-dataplane:1.9.0"),
        ({"certificates": "lets-encrypt"}, "quay.io/jetstack/cert-manager-acmesolver:v1"),
        ({"backup": "velero"}, "docker.io/velero/velero:v1"),
    ],
)
def test_what_the_design_itself_puts_beside_workloads_comes_from_an_allowed_place(choices: dict[str, str], image: str) -> None:
    found = view("on-premises", {"kubernetes": "rke2", "policy-engine": "validating-admission-policy", **choices})
    assert image.startswith(admission.registries(found))
