"""`explain`: what is taken in place of an option that could be, and which pinned answer is in the way of one that cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.main import main

SAMPLES = Path(__file__).parents[3] / "samples"


def said(capsys: pytest.CaptureFixture[str], sample: str, what: str) -> list[str]:
    assert main(["explain", str(SAMPLES / sample / "answers.yaml"), what]) == 0
    return capsys.readouterr().out.splitlines()


def test_an_option_that_could_be_says_what_is_recommended_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "small-team", "mesh=istio")
    assert lines[0] == "Istio (sidecars) for “Service mesh” is available."
    assert lines[1].startswith("  Not what is recommended. None is recommended here: ")
    assert any(line.startswith("  simplicity   1 of 4  ") for line in lines)


def test_an_option_that_could_be_says_what_was_chosen_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert "  You chose Prometheus instead." in said(capsys, "small-team", "metrics=victoria-metrics")


def test_only_pinned_answers_that_are_in_the_way_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Every way out changes a pinned answer (Kubernetes and CNI plugin)." in said(capsys, "bank", "cni=flannel")


def test_a_recommendation_names_what_comes_next_and_by_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "start-up", "metrics")
    assert lines[1].startswith("  Google Cloud Managed Service for Prometheus is recommended here: ")
    assert lines[2] == "  Next comes No metrics store, which by ratings alone would win: 4 against 2 for cost."
    assert said(capsys, "start-up", "registry")[2].startswith("  Next comes ")


def test_only_the_last_of_rules_that_together_leave_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "small-team", "kubernetes")
    chain = [line for line in lines if line[:5].strip(" .").isdigit()]
    assert len(chain) > 4 and not any("cannot stand together" in line for line in chain[:-1])
    assert "which leaves k3s" in chain[-1]
