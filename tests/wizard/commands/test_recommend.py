"""Options and recommendations as printed: what was taken for granted, what is not asked, each decision once."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.main import main

FLEET = """version: 1
name: parcel
context: {availability: "99.9", platform-team: true}
clusters:
  - {name: one, environment: prod, cloud: aws, region: eu-central-1, private: true}
  - {name: two, environment: staging, cloud: aws, region: eu-central-1}
  - {name: three, environment: dev, cloud: gcp, region: europe-west1}
"""


@pytest.fixture
def answers(tmp_path: Path) -> str:
    path = tmp_path / "answers.yaml"
    path.write_text(FLEET, encoding="utf-8")
    return str(path)


@pytest.fixture
def said(answers: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["recommend", answers]) == 0
    return capsys.readouterr().out.splitlines()


def test_what_nobody_said_of_the_use_case_comes_first(said: list[str]) -> None:
    assert said[0].startswith("Assumed, since nobody said it")
    assumed = said[1:said.index("DNS")]
    assert "  Where are the users? In one country or region" in assumed
    assert not [line for line in assumed if "How available" in line or "dedicated to the platform" in line]


def test_an_assumption_about_some_clusters_names_them_where_others_differ(said: list[str]) -> None:
    assert [line for line in said if line.startswith("  Are the nodes private")] == [
        "  Are the nodes private (no public addresses)? Yes"]


def test_clusters_that_decide_alike_share_a_line_and_others_are_named(said: list[str]) -> None:
    assert [line.split("  [")[0] for line in said if line.startswith("  NAT")] == [
        "  NAT (one and two): AWS NAT gateway", "  NAT (three): Cloud NAT"]
    assert len([line for line in said if line.startswith("  Network policy stance")]) == 1


def test_a_reason_does_not_repeat_the_name_above_it(said: list[str]) -> None:
    at = next(at for at, line in enumerate(said) if line.startswith("  NAT (three)"))
    assert said[at + 1].startswith("      ") and "recommended here" not in "".join(said)


def test_a_decision_that_nothing_raises_says_when_it_would_be_asked(answers: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ("not asked here; it is where “Where does it run?” is “Own data centre or own machines” or "
              "“Virtual machines of another provider”")
    assert main(["options", answers]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index(f"one/address-announcement: {wanted}")
    assert not lines[at + 1].startswith(" ")
    assert main(["explain", answers, "one/address-announcement"]) == 0
    assert capsys.readouterr().out == f"Announcement of service addresses: {wanted}\n"
    assert main(["explain", answers, "one/address-announcement", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"
