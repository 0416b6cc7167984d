"""A risk that somebody may accept: offered where its rule is in the way, and asked about again when its day is past."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wizard.main import main

Out = pytest.CaptureFixture[str]

ANSWERS = """version: 1
name: stall
context: {state: inside, recovery-time: 1h}
choices: {disaster-recovery: backup-and-restore}
"""
WAIVER = "waivers: [{rule: backup-and-restore-time, reason: a day will do, owner: ops@example.com, until: %s}]\n"
OFFER = ("Or accept the risk, if it is yours to accept: an entry under `waivers` with the rule backup-and-restore-time, "
         "a reason, an owner and until when.")


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def waived(answers: Path, until: str) -> None:
    answers.write_text(ANSWERS + WAIVER % until, encoding="utf-8")


def test_a_refusal_says_which_risk_could_be_accepted_instead(answers: Path, capsys: Out) -> None:
    assert main(["check", str(answers)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == OFFER


def test_an_excluded_option_says_which_risk_could_be_accepted_instead(answers: Path, capsys: Out) -> None:
    answers.write_text(ANSWERS.split("choices:")[0], encoding="utf-8")
    assert main(["explain", str(answers), "disaster-recovery=backup-and-restore"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == OFFER


def test_a_rule_that_nobody_may_waive_is_not_offered(capsys: Out) -> None:
    assert main(["check", str(Path(__file__).parents[3] / "samples/refused/autopilot-with-rook.yaml")]) == 1
    assert "accept the risk" not in capsys.readouterr().out


def test_an_accepted_risk_stands_and_is_asked_about_again_after_its_day(answers: Path, capsys: Out) -> None:
    waived(answers, "2099-12-31")
    assert main(["check", str(answers)]) == 0
    assert "decide again" not in capsys.readouterr().out
    waived(answers, "2026-01-31")
    assert main(["check", str(answers)]) == 0
    assert ("  warning: the risk of backup-and-restore-time was accepted until 2026-01-31 only; ops@example.com has to "
            f"decide again [{answers.as_posix()}:5]") in capsys.readouterr().out.splitlines()
    assert main(["check", str(answers), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["waivers-ended"] == [
        {"rule": "backup-and-restore-time", "until": "2026-01-31", "origin": f"{answers.as_posix()}:5"}]


@pytest.mark.parametrize(("on", "told"), [("2027-01-31", False), ("2027-02-01", True)])
def test_what_ages_by_a_day_lists_the_risks_whose_day_is_past(answers: Path, capsys: Out, on: str, told: bool) -> None:
    waived(answers, "2027-01-31")
    code = main(["lifecycle", str(answers), "--on", on])
    out = capsys.readouterr().out
    assert ("backup-and-restore-time: ops@example.com has to decide again (a day will do)" in out) is told
    assert code == 1 or not told
