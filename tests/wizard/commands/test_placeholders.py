"""A check lists what somebody still has to fill in for what is already decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wizard.main import main

Out = pytest.CaptureFixture[str]


def unfilled(tmp_path: Path, capsys: Out, text: str) -> list[str]:
    answers = tmp_path / "answers.yaml"
    answers.write_text("version: 1\nname: shop\n" + text, encoding="utf-8")
    assert main(["check", str(answers), "--json"]) == 0
    found: list[str] = json.loads(capsys.readouterr().out)[0]["placeholders"]
    return found


def test_a_choice_brings_the_placeholders_of_its_settings(tmp_path: Path, capsys: Out) -> None:
    assert "alerting.receiver" not in unfilled(tmp_path, capsys, "")
    assert "alerting.receiver" in unfilled(tmp_path, capsys, "choices: {alerting: [alertmanager]}\n")


def test_a_value_takes_the_placeholder_off_the_list(tmp_path: Path, capsys: Out) -> None:
    assert "alerting.receiver" not in unfilled(
        tmp_path, capsys, "choices: {alerting: [alertmanager]}\nsettings: {alerting.receiver: 'https://example.com/hook'}\n")


def test_a_deliberate_absence_needs_nothing(tmp_path: Path, capsys: Out) -> None:
    assert not [name for name in unfilled(tmp_path, capsys, "choices: {alerting: []}\n") if name.startswith("alerting")]


def test_a_cluster_that_leaves_it_open_is_enough(tmp_path: Path, capsys: Out) -> None:
    text = ("clusters:\n  - {name: one, cloud: on-premises, choices: {address-announcement: announce-bgp}%s}\n"
            "  - {name: two, cloud: on-premises, environment: dev}\n")
    assert "announcement.peer-address" in unfilled(tmp_path, capsys, text % "")
    assert "announcement.peer-address" not in unfilled(
        tmp_path, capsys, text % ", settings: {announcement.peer-address: 192.0.2.1}")


def test_they_are_named_with_their_titles(tmp_path: Path, capsys: Out) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("version: 1\nname: shop\nchoices: {alerting: [alertmanager]}\n", encoding="utf-8")
    assert main(["check", str(answers)]) == 0
    assert "    alerting.receiver: Where alerts are sent" in capsys.readouterr().out.splitlines()


def test_a_placeholder_behind_defaults_is_listed_only_where_none_of_them_can_apply(tmp_path: Path, capsys: Out) -> None:
    text = "context: {%s}\nchoices: {sign-on: dex}\n"
    assert "sign-on.accounts" in unfilled(tmp_path, capsys, text % "code-host: other")
    for context in ("", "code-host: github", "code-host: gitlab"):
        assert "sign-on.accounts" not in unfilled(tmp_path, capsys, text % context), context
