"""A cluster is asked by dry run, in install order, and its refusals are told with the decision behind them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from catalog.errors import MissingProgram, UsageError
from exporters.manifests import check, check_cluster
from tests.exporters.manifests.test_check import texts

FAKE = """#!{python} -IS
import json, os, sys
SPACES, LOST = {spaces!r}, {lost!r}
with open({log!r}, "a") as log:
    if "version" in sys.argv:
        {version}
        sys.exit(0)
    if "get" in sys.argv:
        {listing}
        print("\\n".join("namespace/" + name for name in SPACES))
        sys.exit(0)
    items = json.load(sys.stdin)["items"]
    named = [[i["kind"], i["metadata"]["name"], i["metadata"].get("namespace", "")] for i in items]
    log.write(json.dumps([sys.argv[1:], named]) + "\\n")
wrong = []
if LOST and any(i["kind"] == LOST for i in items):
    sys.exit("The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?")
for i in items:
    space = i["metadata"].get("namespace", "")
    if i["kind"] == "CronJob":
        wrong.append('The CronJob "report" is invalid: \\n* spec.schedule: the schedule is odd\\n* spec.jobTemplate: is late')
    elif space and space not in SPACES:
        wrong.append('Error from server (NotFound): namespaces "' + space + '" not found')
    elif i["kind"] == "Gateway":
        wrong.append('resource mapping not found for name: "x" namespace: "y" from "STDIN": no matches for kind "Gateway" '
                     'in version "' + i["apiVersion"] + '"\\nensure CRDs are installed first')
    elif i["kind"] == "Service" and space == "default":
        wrong.append('Error from server (Forbidden): admission webhook "x" denied the request: not in default')
    elif i["kind"] == "PodDisruptionBudget":
        wrong.append('Error from server (BadRequest): admission webhook "w" does not support dry run')
    else:
        group = i["apiVersion"].rpartition("/")[0]
        print(i["kind"].lower() + ("." + group if group else "") + "/" + i["metadata"]["name"] + " serverside-applied")
for line in wrong:
    print(line, file=sys.stderr)
print("Warning: this is old", file=sys.stderr)
sys.exit(1 if wrong else 0)
"""


EVERY = ("back-end", "default", "monitoring", "shop", "stand-argo", "stand-disk", "stand-gate", "stand-secrets", "stand-signer",
         "tracing")


def fake(
    folder: Path, version: str = "pass", *, spaces: Iterable[str] = EVERY, lost: str = "", listing: str = "pass"
) -> tuple[str, Path]:
    """A kubectl that writes down what it is asked, of a cluster with these namespaces, lost when it hears of a kind."""
    log, program = folder / "log", folder / "kubectl"
    program.write_text(FAKE.format(python=sys.executable, log=str(log), version=version, spaces=list(spaces), lost=lost,
                                   listing=listing))
    program.chmod(0o755)
    return str(program), log


def calls(log: Path) -> list[tuple[list[str], list[list[str]]]]:
    return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


def tree() -> check.Tree:
    return check.Tree.of(texts("stand-argo", 1))


def ask(program: str, heard: list[str] | None = None, *, create_namespaces: bool = False) -> check.Report:
    return check_cluster.check(tree(), "prod", program=program, create_namespaces=create_namespaces, pause=0.0,
                               tell=(heard if heard is not None else []).append)


def test_a_refusal_names_the_object_its_decision_and_every_point_against_it(tmp_path: Path) -> None:
    program, _ = fake(tmp_path)
    report = ask(program)
    assert [(entry.object, entry.decision) for entry in report.findings] == [("CronJob shop/report", "deployment")]
    assert report.findings[0].message.endswith("spec.schedule: the schedule is odd; spec.jobTemplate: is late")


def test_a_kind_that_the_cluster_lacks_is_one_line_and_not_asked_about_again(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    report = ask(program)
    (line,) = [entry for entry in report.unverified if entry.startswith("Gateway ")]
    assert "does not have the kind yet" in line and "stand-gate/public" in line
    assert sum(["Gateway", "public", "stand-gate"] in items for _, items in calls(log)) == 1
    assert not any(kind == "Gateway" for kind, _ in report.judged)


def test_what_lies_in_a_namespace_that_is_not_there_yet_is_asked_about_in_another(tmp_path: Path) -> None:
    program, log = fake(tmp_path, spaces=["default"])
    report = ask(program)
    assert [entry.object for entry in report.findings] == ["CronJob shop/report"], "its own fault is found all the same"
    assert {space for _, items in calls(log) for _, _, space in items} == {"", "default"}
    (line,) = [entry for entry in report.unverified if entry.startswith("namespaces ")]
    assert "shop" in line and "asked about in default" in line and "--create-namespaces" in line
    (line,) = [entry for entry in report.unverified if "met the rules of default" in entry]
    assert "Service shop/" in line, "what a policy of the other namespace says is no refusal"


def test_one_who_may_not_list_namespaces_is_told_which_are_not_there(tmp_path: Path) -> None:
    program, _ = fake(tmp_path, spaces=["default"], listing='sys.exit("Error from server (Forbidden): namespaces is forbidden")')
    report = ask(program)
    assert any("cannot be listed" in entry for entry in report.unverified)
    (line,) = [entry for entry in report.unverified if entry.startswith("namespaces back-end, ")]
    assert "shop" in line
    assert [entry.object for entry in report.findings] == ["CronJob shop/report"]


def test_what_only_the_dry_run_stands_in_the_way_of_is_open(tmp_path: Path) -> None:
    program, _ = fake(tmp_path)
    report = ask(program)
    assert any("cannot be asked about by dry run" in entry for entry in report.unverified)
    assert report.warnings == ("this is old",)


def test_what_is_taken_is_not_asked_about_again_because_of_a_neighbour(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    ask(program)
    times = Counter(tuple(item) for _, items in calls(log) for item in items)
    assert {kind for (kind, *_), count in times.items() if count > 1} == {"CronJob", "PodDisruptionBudget"}


def test_a_cluster_that_is_lost_on_the_way_is_one_line_beside_what_was_found(tmp_path: Path) -> None:
    program, log = fake(tmp_path, lost="HTTPRoute")
    report = ask(program)
    *_, last = report.findings
    assert str(last).startswith("prod: the cluster stopped answering after ") and "ask again" in str(last)
    assert [entry.sort for entry in report.findings if "stopped answering" in entry.message] == ["server"]
    asked = [items for _, items in calls(log) if any(kind == "HTTPRoute" for kind, *_ in items)]
    assert len(asked) == 2, "once more, in case it was only busy, and then no more"
    assert calls(log)[-1][1] == asked[-1]


def test_how_far_it_is_is_told(tmp_path: Path) -> None:
    program, _ = fake(tmp_path)
    heard: list[str] = []
    report = ask(program, heard)
    assert heard[0].startswith("prod: namespaces: 1 to ")
    assert heard[-1].endswith(f"to {report.objects} of {report.objects} objects")


def test_what_starts_the_delivery_is_asked_about_where_the_delivery_stands(tmp_path: Path) -> None:
    two = check.Tree.of(texts("stand-argo", 2))
    names = {name: {entry.name for entry in check_cluster.in_order(two, name)} for name in two.clusters}
    (hub,) = [name for name, objects in names.items() if any(entry.startswith("AppProject ") for entry in objects)]
    assert any(entry.startswith("ApplicationSet ") for entry in names[hub])
    for other in names.keys() - {hub}:
        assert not any(entry.startswith(("Application", "AppProject")) for entry in names[other])
        assert any(entry.startswith(f"Application stand-argo/{other}-") for entry in names[hub])


def test_nothing_is_written_unless_namespaces_are_wanted(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    ask(program)
    assert all("--dry-run=server" in arguments for arguments, _ in calls(log))
    log.unlink()
    ask(program, create_namespaces=True)
    written = [items for arguments, items in calls(log) if "--dry-run=server" not in arguments]
    assert written and all(kind == "Namespace" for items in written for kind, *_ in items)
    managers = {(name, "--dry-run=server" in arguments) for arguments, _ in calls(log) for name in arguments
                if name.startswith("--field-manager")}
    assert managers == {("--field-manager=argocd-controller", True)}, (
        "what is made is kubectl's, as by the runbook; what is asked is the delivery tool's, as it will be"
    )


def test_objects_are_asked_about_in_install_order(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    ask(program)
    folders = [items for _, items in calls(log) if len(items) > 1]
    first, last = folders[0], folders[-1]
    assert first[0][0] == "Namespace"
    assert {kind for kind, *_ in last} & {"Deployment", "CronJob", "Job", "HTTPRoute", "GRPCRoute", "Service"}


def test_a_cluster_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    program, _ = fake(tmp_path, 'sys.exit("error: context prod does not exist")')
    with pytest.raises(UsageError, match="does not answer") as caught:
        check_cluster.check(tree(), "prod", program=program)
    assert "\n" not in str(caught.value)


def test_a_context_that_no_cluster_is_called_after_is_refused_when_there_are_several() -> None:
    with pytest.raises(UsageError, match=r"dev, prod|prod, dev"):
        check_cluster.check(check.Tree.of(texts("stand-argo", 2)), "elsewhere", program="/nowhere/kubectl")


def test_a_cluster_may_be_named_beside_its_context(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    two = check.Tree.of(texts("stand-argo", 2))
    check_cluster.check(two, "somewhere", cluster=two.clusters[0], program=program, pause=0.0)
    assert all(arguments[:2] == ["--context", "somewhere"] for arguments, _ in calls(log))
    with pytest.raises(UsageError, match="--cluster elsewhere: no cluster of this export"):
        check_cluster.check(two, "somewhere", cluster="elsewhere", program=program)


def test_a_kubectl_that_cannot_be_started_is_one_line() -> None:
    with pytest.raises(MissingProgram, match="cannot be started"):
        check_cluster.check(tree(), "prod", program="/nowhere/kubectl")
