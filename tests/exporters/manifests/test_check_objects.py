"""One of each fault that a schema allows and a server refuses, planted in an export that has none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from exporters.manifests import check, check_objects
from tests.exporters.manifests.test_check import first, named, texts

Tree = dict[str, list[Any]]


@cache
def whole() -> check.Tree:
    return check.Tree.of(texts())


def deployment(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Callable[[Tree], None]:
    """Change the pods of a workload: its pod spec and its first container."""

    def plant(tree: Tree) -> None:
        spec = named(tree, "Deployment", "web")["spec"]["template"]["spec"]
        change(spec, spec["containers"][0])

    return plant


def metadata(kind: str, **fields: Any) -> Callable[[Tree], None]:
    return lambda tree: first(tree, kind)["metadata"].update(fields)


def of(kind: str, change: Callable[[dict[str, Any]], Any]) -> Callable[[Tree], None]:
    return lambda tree: change(first(tree, kind)["spec"])


ANYWHERE = {"cidr": "0.0.0.0/0"}
CUT = {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/9"]}
PLANTS: list[tuple[str, Callable[[Tree], None], str]] = [
    ("a name with a capital", metadata("ServiceAccount", name="Web"), "is no name of an object"),
    ("a Service that begins with a digit", metadata("Service", name="0web"), "is no name of a Service"),
    ("a namespace that is too long", metadata("Namespace", name="n" * 64), "is no name of a namespace"),
    ("a cron job whose Jobs would be too long", metadata("CronJob", name="n" * 53), "longer than the 52"),
    ("a label with a blank", metadata("Deployment", labels={"a": "b c"}), "label a has the value"),
    ("a label key with two slashes", metadata("Deployment", labels={"a/b/c": "d"}), "is no key"),
    ("annotations that are too large", metadata("Deployment", annotations={"a": "x" * 262_144}), "262144 are allowed"),
    (
        "a variable twice",
        deployment(lambda _, main: main.update(env=[{"name": "A"}, {"name": "A"}])),
        "variable A is there twice",
    ),
    (
        "a port twice",
        deployment(lambda _, main: main.update(ports=[{"containerPort": 80}, {"containerPort": 80}])),
        "port 80/TCP is there twice",
    ),
    ("a port name that is too long", deployment(lambda _, main: main["ports"][0].update(name="p" * 16)), "15 characters"),
    (
        "a mount of nothing",
        deployment(lambda _, main: main["volumeMounts"].append({"name": "ghost", "mountPath": "/x"})),
        "mounts volume ghost",
    ),
    (
        "two mounts in one place",
        deployment(lambda _, main: main["volumeMounts"].append(dict(main["volumeMounts"][0]))),
        "is there twice",
    ),
    ("a volume twice", deployment(lambda pod, _: pod["volumes"].append(pod["volumes"][0])), "is there twice"),
    ("a container twice", deployment(lambda pod, main: pod["containers"].append(main)), "container web is there twice"),
    (
        "a request above its limit",
        deployment(lambda _, main: main["resources"]["requests"].update(memory="1Ti")),
        "requests 1Ti of memory",
    ),
    (
        "a liveness probe that wants several successes",
        deployment(lambda _, main: main["livenessProbe"].update(successThreshold=2)),
        "successThreshold",
    ),
    ("pods of a deployment that do not restart", deployment(lambda pod, _: pod.update(restartPolicy="Never")), "restart Always"),
    ("the node's network", deployment(lambda pod, _: pod.update(hostNetwork=True)), "Pod Security restricted: hostNetwork"),
    (
        "a path of the node",
        deployment(lambda pod, _: pod["volumes"].append({"name": "x", "hostPath": {"path": "/"}})),
        "volume x is a hostPath",
    ),
    ("a privileged container", deployment(lambda _, main: main["securityContext"].update(privileged=True)), "is privileged"),
    ("a container that may escalate", deployment(lambda _, main: main.update(securityContext={})), "may escalate"),
    ("a schedule of the 99th minute", of("CronJob", lambda spec: spec.update(schedule="99 * * * *")), "no minute"),
    ("a budget that says both", of("PodDisruptionBudget", lambda spec: spec.update(minAvailable=1, maxUnavailable=1)), "one of"),
    ("a scaler upside down", of("HorizontalPodAutoscaler", lambda spec: spec.update(minReplicas=9, maxReplicas=3)), "is below"),
    (
        "a Service port twice",
        of("Service", lambda spec: spec.update(ports=[{"port": 80, "name": "a"}, {"port": 80, "name": "b"}])),
        "port 80/TCP is there twice",
    ),
    (
        "a range that is no range",
        of("NetworkPolicy", lambda spec: spec.update(egress=[{"to": [{"ipBlock": {"cidr": "10.0.0.1/8"}}]}])),
        "ipBlock",
    ),
    (
        "an exception that lies outside",
        of("NetworkPolicy", lambda spec: spec.update(egress=[{"to": [{"ipBlock": CUT}]}])),
        "does not lie within",
    ),
    (
        "a peer that is two things",
        of("NetworkPolicy", lambda spec: spec.update(ingress=[{"from": [{"ipBlock": ANYWHERE, "podSelector": {}}]}])),
        "and not both",
    ),
]


@pytest.mark.parametrize(("name", "plant", "said"), PLANTS, ids=[entry[0] for entry in PLANTS])
def test_each_sort_of_refusal_is_foreseen(name: str, plant: Callable[[Tree], None], said: str) -> None:
    tree = copy.copy(whole())
    tree.files = copy.deepcopy(tree.files)
    plant(tree.files)
    findings = [entry for entry in check.check(tree, ()).findings if entry.sort == "server"]
    assert any(said in entry.message for entry in findings), [str(entry) for entry in findings]


def test_an_export_has_no_such_fault() -> None:
    assert [str(entry) for entry in check.check(whole(), ()).findings if entry.sort == "server"] == []


def told(group: str, kind: str, spec: dict[str, Any]) -> list[str]:
    body = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}
    return [finding.message for finding in check_objects.check([check.Placed("a.yaml", body)])]


@pytest.mark.parametrize(("group", "kind", "right", "wrong"), [
    ("velero.io", "Schedule", ["17 1 * * *", "@every 6h", "@daily", "CRON_TZ=Europe/Berlin 0 1 * * *"],
     ["17 25 * * *", "@every day", "0 30 1 * * *", ""]),
    ("postgresql.cnpg.io", "ScheduledBackup", ["0 30 1 * * *", "@daily"], ["30 1 * * *", "61 30 1 * * *", "0 30 24 * * *"]),
])
def test_schedules_of_backups_are_read_as_their_controllers_do(group: str, kind: str, right: list[str], wrong: list[str]) -> None:
    assert [told(group, kind, {"schedule": entry}) for entry in right] == [[]] * len(right)
    assert all(told(group, kind, {"schedule": entry}) for entry in wrong)


def test_schedules_of_nodes_budgets_are_read_and_have_a_duration() -> None:
    def budget(**fields: str) -> list[str]:
        return told("karpenter.sh", "NodePool", {"disruption": {"budgets": [{"nodes": "0", **fields}]}})

    assert budget() == budget(schedule="0 5 * * 4", duration="2h") == []
    assert budget(schedule="0 5 * * 9", duration="2h") != []
    assert budget(schedule="0 5 * * 4") == ["its budget has the schedule '0 5 * * 4' and no duration"]
