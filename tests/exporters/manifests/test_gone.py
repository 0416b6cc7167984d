"""What a change of answers leaves behind in a running cluster is told with the command that takes it away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from catalog.design import Design
from exporters.manifests import kubectl
from exporters.manifests.gone import gone
from exporters.manifests.plan import objects_by_cluster

Make = Callable[..., Design]


def test_the_same_design_leaves_nothing_behind(make: Make) -> None:
    assert gone(make("small-team"), make("small-team")) == ()


def test_what_helmfile_never_removes_is_told_chart_by_chart_and_the_namespace_last(make: Make) -> None:
    told = gone(make("small-team"), make("small-team", ingress="envoy-gateway"))
    commands = [entry.command for entry in told]
    chart = commands.index("helm --kube-context hof uninstall traefik --namespace traefik --wait")
    space = commands.index("kubectl --context hof delete --ignore-not-found --wait namespace/traefik")
    assert chart < space == len(commands) - 1


@pytest.mark.parametrize("choice", [{"ingress": "envoy-gateway"}, {"log_store": "none"}, {"metrics": "victoria-metrics"}])
def test_nothing_is_taken_away_that_the_new_design_has(make: Make, choice: dict[str, str]) -> None:
    after = make("small-team", **choice)
    there = {(body["metadata"].get("namespace", ""), kubectl.printed(body)) for body in objects_by_cluster(after)["hof"]}
    told = gone(make("small-team"), after)
    assert told
    for entry in told:
        space = re.search(r"--namespace (\S+)", entry.command)
        for name in entry.command.partition("--wait ")[2].split():
            assert (space[1] if space else "", name) not in there


def test_what_a_tool_that_follows_git_takes_away_needs_no_command_but_kinds_and_namespaces_do(make: Make) -> None:
    before = make("bank")
    told = gone(before, make("bank", policy_engine="gatekeeper"))
    assert {entry.cluster for entry in told} == {"hamburg", "bremen"}
    assert "chart kyverno" in {entry.what for entry in told}
    by_hand = {entry.what for entry in told if entry.command}
    assert {what.partition(" ")[0] for what in by_hand} == {"kinds", "Namespace"}, "no tool takes these away"


def test_what_the_bootstrap_installed_is_taken_away_by_hand_whatever_the_tool(make: Make) -> None:
    told = gone(make("bank"), make("bank", metrics="victoria-metrics", alerting=""))
    by_hand = [entry.what for entry in told if entry.command and entry.what.startswith("chart ")]
    assert by_hand == ["chart prometheus-operator-crds"] * 2
