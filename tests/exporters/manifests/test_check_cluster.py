"""A cluster is asked by dry run, in install order, and its refusals are told with the decision behind them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.errors import MissingProgram, UsageError
from exporters.manifests import check, check_cluster
from tests.exporters.manifests.test_check import texts

FAKE = """#!/usr/bin/env python3
import json, sys
with open({log!r}, "a") as log:
    if "version" in sys.argv:
        {version}
        sys.exit(0)
    items = json.load(sys.stdin)["items"]
    named = [[i["kind"], i["metadata"]["name"], i["metadata"].get("namespace", "")] for i in items]
    log.write(json.dumps([sys.argv[1:], named]) + "\\n")
if any(i["kind"] == "CronJob" for i in items):
    sys.exit("Error from server (Invalid): CronJob.batch is invalid: the schedule is odd")
if any(i["metadata"].get("namespace") == "stand-secrets" for i in items):
    sys.exit('Error from server (NotFound): namespaces "stand-secrets" not found')
if any(i["kind"] == "Gateway" for i in items):
    sys.exit('error: resource mapping not found: no matches for kind "Gateway" in version "x"')
"""


def fake(folder: Path, version: str = "pass") -> tuple[str, Path]:
    """A kubectl that writes down what it is asked."""
    log, program = folder / "log", folder / "kubectl"
    program.write_text(FAKE.format(log=str(log), version=version))
    program.chmod(0o755)
    return str(program), log


def calls(log: Path) -> list[tuple[list[str], list[list[str]]]]:
    return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


def tree() -> check.Tree:
    return check.Tree.of(texts("stand-argo", 1))


def test_refusals_name_the_object_and_its_decision_and_what_is_not_there_yet_is_open(tmp_path: Path) -> None:
    program, _ = fake(tmp_path)
    report = check_cluster.check(tree(), "prod", program=program)
    assert [(entry.object, entry.decision) for entry in report.findings] == [("CronJob shop/report", "deployment")]
    assert "the schedule is odd" in report.findings[0].message
    kinds = {entry.split(":")[0] for entry in report.unverified}
    assert "Gateway stand-gate/public" in kinds
    assert all("/" in name and name.split()[1].startswith(("stand-gate/", "stand-secrets/")) for name in kinds)


def test_what_needs_a_namespace_that_is_not_there_is_not_asked_about_one_by_one(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    report = check_cluster.check(tree(), "prod", program=program)
    waiting = [entry for entry in report.unverified if '"stand-secrets" not found' in entry]
    assert len(waiting) > 2
    alone = [items for _, items in calls(log) if len(items) == 1 and items[0][2] == "stand-secrets"]
    assert len(alone) == 1


def test_nothing_is_written_unless_namespaces_are_wanted(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    check_cluster.check(tree(), "prod", program=program)
    assert all("--dry-run=server" in arguments for arguments, _ in calls(log))
    log.unlink()
    check_cluster.check(tree(), "prod", program=program, create_namespaces=True)
    written = [items for arguments, items in calls(log) if "--dry-run=server" not in arguments]
    assert written and all(kind == "Namespace" for items in written for kind, *_ in items)


def test_objects_are_asked_about_in_install_order(tmp_path: Path) -> None:
    program, log = fake(tmp_path)
    check_cluster.check(tree(), "prod", program=program)
    first, last = calls(log)[0][1], calls(log)[-1][1]
    assert first[0][0] == "Namespace"
    assert {kind for kind, *_ in last} & {"Deployment", "CronJob", "Job", "HTTPRoute", "GRPCRoute", "Service"}


def test_a_cluster_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    program, _ = fake(tmp_path, 'sys.exit("error: context prod does not exist")')
    with pytest.raises(UsageError, match="does not answer") as caught:
        check_cluster.check(tree(), "prod", program=program)
    assert "\n" not in str(caught.value)


def test_a_context_that_no_cluster_is_called_after_is_refused_when_there_are_several() -> None:
    with pytest.raises(UsageError, match=r"dev, prod|prod, dev"):
        check_cluster.in_order(check.Tree.of(texts("stand-argo", 2)), "elsewhere")


def test_a_kubectl_that_cannot_be_started_is_one_line() -> None:
    with pytest.raises(MissingProgram, match="cannot be started"):
        check_cluster.check(tree(), "prod", program="/nowhere/kubectl")
