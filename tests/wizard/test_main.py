"""The command line as a user meets it: exit codes, one plain line for each failure, nothing heavy loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.commands import VERBS
from wizard.main import main, parser_of

ROOT = Path(__file__).parents[2]
START_UP = str(ROOT / "samples/start-up/answers.yaml")
REFUSED = str(ROOT / "samples/refused/autopilot-with-rook.yaml")


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (["chek"], 2, "unknown verb 'chek' (did you mean 'check'?)"),
    (["check"], 2, "the following arguments are required: ANSWERS"),
    (["check", "gone.yaml"], 2, "gone.yaml: cannot be read"),
    (["options", START_UP, "cdnn"], 2, "unknown decision 'cdnn' (did you mean 'cdn'?)"),
    (["explain", START_UP, "cdn=fastlly"], 2, "unknown component 'fastlly' for 'cdn' (did you mean 'fastly'?)"),
    (["build", START_UP, "-o", START_UP], 2, "is a file; name a folder to write to"),
    (["build", START_UP, "-o", "x", "--only", "diagram"], 2, "unknown exporter 'diagram' (did you mean 'diagrams'?)"),
    (["build", START_UP, "-o", "x", "--date", "23.11.2026"], 2, "is not a day such as 2026-11-23"),
    (["check", START_UP, "--catalog", "nowhere"], 2, "--catalog nowhere: is not a folder"),
])
def test_what_cannot_be_done_is_one_plain_line(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_answers_that_can_stand_exit_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", START_UP]) == 0
    assert "can stand" in capsys.readouterr().out


def test_answers_that_conflict_exit_with_1_and_say_the_ways_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", REFUSED]) == 1
    out = capsys.readouterr().out
    assert "You chose GKE Autopilot" in out
    assert "Ways out:" in out


def test_a_conflict_as_json_has_ids(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", REFUSED, "--json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert {cause["subject"] for cause in result["conflict"]["reason"]["causes"]} == {"kubernetes", "storage-operator"}
    assert all(rule["source"].startswith("https://") for rule in result["conflict"]["reason"]["rules"])
    assert result["conflict"]["repairs"]


def test_several_files_are_checked_and_the_worst_code_wins(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", START_UP, REFUSED]) == 1
    assert main(["check", START_UP, REFUSED, "gone.yaml"]) == 2


def test_a_way_out_is_applied_to_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(Path(REFUSED).read_text("utf-8"), "utf-8")
    assert main(["check", str(path), "--apply", "1"]) == 0
    assert main(["check", str(path)]) == 0
    assert "# Autopilot gives no raw disks" in path.read_text("utf-8")


def test_wanting_an_excluded_option_changes_only_what_stands_in_its_way(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(Path(START_UP).read_text("utf-8"), "utf-8")
    assert main(["explain", str(path), "ingress=ingress-nginx", "--apply", "9"]) == 2


def test_recommending_twice_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", START_UP, "--json"]) == 0
    first = capsys.readouterr().out
    assert main(["recommend", START_UP, "--json"]) == 0
    assert capsys.readouterr().out == first


def test_the_difference_after_a_choice_is_told_before_it_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", START_UP, "--choose", "tracing=tempo"]) == 1
    assert "Tempo" in capsys.readouterr().out


def test_a_design_does_not_differ_from_itself() -> None:
    assert main(["diff", START_UP, START_UP]) == 0


def test_a_new_file_is_never_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    assert main(["new", str(path)]) == 0
    assert main(["check", str(path)]) == 0
    assert main(["new", str(path)]) == 2


def test_every_sample_fits_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    from catalog.reading import read

    assert main(["schema"]) == 0
    validator = jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out))
    for path in sorted((ROOT / "samples").glob("*/answers.yaml")):
        assert [error.message for error in validator.iter_errors(read(path).value)] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_verb(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    out = capsys.readouterr().out
    assert all(verb.name in out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_explains_itself(verb: object) -> None:
    assert parser_of(verb).format_help().startswith("usage: k8s-wizard")  # type: ignore[arg-type]


@pytest.mark.parametrize("arguments", [["--help"], ["check", START_UP], ["options", START_UP, "cdn"]])
def test_asking_loads_no_screens_charts_or_pictures(arguments: list[str]) -> None:
    code = ("import sys; from wizard.main import main; main(sys.argv[1:]); "
            "print([name for name in ('textual', 'cdk8s', 'diagrams', 'graphviz', 'jsii') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_check_from_the_cache_makes_no_models_of_components(tmp_path: Path) -> None:
    code = ("import sys; from wizard.main import main; main(sys.argv[1:]); "
            "print([name for name in ('catalog.components', 'catalog.assembling', 'importlib.metadata') if name in sys.modules])")
    environment = {**os.environ, "K8S_WIZARD_CACHE": str(tmp_path)}
    for loaded in (("catalog.components", "catalog.assembling"), ()):
        done = subprocess.run([sys.executable, "-c", code, "check", START_UP], capture_output=True, text=True, check=True,
                              env=environment)
        assert done.stdout.splitlines()[-1] == str([*loaded])
