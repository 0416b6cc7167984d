"""The wizard line by line, answered as a person would: lines in, lines out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from exporters.base import Earlier, Stamp
from tests import tiny
from tests.wizard.tui.test_screens import CATALOG
from wizard.answers import Answers
from wizard.answers_file import load
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.prompting import Prompting
from wizard.session import begin


def prompted(path: Path, lines: Sequence[str], answers: Answers | None = None, catalog: object = CATALOG) -> str:
    """Everything that was said while the lines were typed; the input ends after them."""
    said: list[str] = []
    rest = list(lines)

    def read(text: str) -> str:
        said.append(text)
        if not rest:
            raise EOFError
        return rest.pop(0)

    Prompting(catalog, begin(answers or Answers(name="shop"), path=path), read, said.append).run()  # type: ignore[arg-type]
    assert not rest, rest
    return "\n".join(said)


def test_each_answer_is_kept_before_the_next_question(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["2", "1,2"])
    said = load(path, CATALOG).context
    assert (said["traffic"].value, said["protocols"].value) == (("high",), ("http", "grpc"))


def test_undo_asks_what_was_undone_again(tmp_path: Path) -> None:
    text = prompted(tmp_path / "answers.yaml", ["2", "u", "1"])
    assert text.count("What is traffic?\n") == 2
    assert load(tmp_path / "answers.yaml", CATALOG).context["traffic"].value == ("low",)


def test_back_asks_what_was_asked_before(tmp_path: Path) -> None:
    assert prompted(tmp_path / "answers.yaml", ["", "b"]).count("What is traffic?\n") == 2


def test_what_is_ruled_out_can_be_had_by_a_way_out(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})
    text = prompted(tmp_path / "answers.yaml", ["/mesh", "3", "1"], answers)
    assert "Istio, ruled out" in text and "Ways out:" in text
    filed = load(tmp_path / "answers.yaml", CATALOG)
    assert filed.choices["mesh"].value == ("istio",)
    assert "metrics" not in filed.rejects


def test_nothing_is_changed_where_no_way_out_is_taken(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})
    prompted(tmp_path / "answers.yaml", ["/mesh", "3", ""], answers)
    assert not (tmp_path / "answers.yaml").exists()


def test_question_mark_tells_the_reasons_with_their_sources(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})
    text = prompted(tmp_path / "answers.yaml", ["/mesh", "?"], answers)
    assert "Because of istio-needs-metrics." in text and "https://example.com/docs" in text


def test_settings_are_gone_to_checked_and_taken_back(tmp_path: Path) -> None:
    text = prompted(tmp_path / "answers.yaml", ["/metrics.retention", "soon", "7d", "/metrics.retention", "-"],
                    tiny.answers({}, {"metrics": "prometheus"}))
    assert "is not a duration" in text and "Set Retention to 7d." in text
    assert not load(tmp_path / "answers.yaml", CATALOG).settings


def test_an_answer_is_taken_back_with_a_hyphen(tmp_path: Path) -> None:
    prompted(tmp_path / "answers.yaml", ["2", "/traffic", "-"])
    assert "traffic" not in load(tmp_path / "answers.yaml", CATALOG).context


def test_what_is_no_number_is_asked_again(tmp_path: Path) -> None:
    assert "A number from 1 to 2" in prompted(tmp_path / "answers.yaml", ["7", "1"])


def test_the_rest_is_completed_once_that_was_agreed_to(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["c", "no", "2"])
    assert not load(path, CATALOG).choices
    prompted(path, ["c", "yes"], load(path, CATALOG))
    assert load(path, CATALOG).choices["mesh"].value == ("linkerd",)


def test_a_conflict_is_told_with_its_ways_out(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {"mesh": "istio"}, rejects={"metrics": ["prometheus"]})
    assert "cannot stand together" in prompted(tmp_path / "answers.yaml", ["", "", "", ""], answers)


def test_nothing_is_said_but_plain_lines(tmp_path: Path) -> None:
    text = prompted(tmp_path / "answers.yaml", ["2", "?", "h", "r"])
    assert all(letter.isprintable() or letter == "\n" for letter in text)


@pytest.mark.slow
def test_a_design_is_taken_through_to_its_export(tmp_path: Path) -> None:
    from tests.wizard.tui.driving import real_catalog

    catalog = real_catalog()
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["1", "1", "/kubernetes", "1", "c", "yes", "r", "e", str(tmp_path / "out"), "", "yes", "q"],
                    catalog=catalog)
    assert "Written: " in text
    expected = artifacts(resolve(load(path, catalog), catalog), Earlier(), Stamp())
    assert {each.path: each.data for each in expected.artifacts} == {
        file.relative_to(tmp_path / "out").as_posix(): file.read_bytes()
        for file in (tmp_path / "out").rglob("*") if file.is_file()}


def test_options_are_answered_by_name_too(tmp_path: Path) -> None:
    prompted(tmp_path / "answers.yaml", ["/mesh", "Linkerd"], tiny.answers({"traffic": "high"}, {}))
    assert load(tmp_path / "answers.yaml", CATALOG).choices["mesh"].value == ("linkerd",)


def test_what_is_ruled_out_says_why_in_one_line(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})
    line = next(line for line in prompted(tmp_path / "answers.yaml", ["/mesh"], answers).splitlines() if "Istio" in line)
    assert "ruled out: You answered" in line and "rejected Prometheus" in line and "istio-needs-metrics" in line


def test_all_about_an_option_is_read_out_without_bars(tmp_path: Path) -> None:
    text = prompted(tmp_path / "answers.yaml", ["/mesh", "?linkerd"])
    assert "operational effort: 3 of 4" in text and "■" not in text


def test_an_option_is_rejected_and_allowed_again(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["/mesh", "no istio"])
    assert load(path, CATALOG).rejects["mesh"].value == ("istio",)
    prompted(path, ["/mesh", "no istio"], load(path, CATALOG))
    assert "mesh" not in load(path, CATALOG).rejects


def test_a_pinned_answer_is_touched_by_no_way_out(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {}, rejects={"metrics": ["prometheus"]})
    text = prompted(tmp_path / "answers.yaml", ["/metrics", "pin", "/traffic", "pin", "/mesh", "istio"], answers)
    assert "Ways out" not in text and "pinned" in text


def test_the_list_says_what_is_open_and_goes_there(tmp_path: Path) -> None:
    text = prompted(tmp_path / "answers.yaml", ["l", "inside", "mesh", "linkerd"], tiny.answers({"traffic": "high"}, {}))
    assert "inside, 3 open" in text and "1. Mesh, open" in text
    assert load(tmp_path / "answers.yaml", CATALOG).choices["mesh"].value == ("linkerd",)


def test_answers_go_to_one_kind_of_cluster_or_to_all(tmp_path: Path) -> None:
    answers = tiny.answers({}, {}, clusters=(
        tiny.cluster(name="prod", environment="prod", cloud="aws"), tiny.cluster(name="dev", environment="dev", cloud="gcp")))
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["in dev", "/cni", "cilium", "in nowhere", "in all", "/cni", "-"], answers)
    assert "Answers go to dev." in text and "There is no cluster nowhere" in text and "chosen in dev" in text
    prompted(path, ["in dev", "/cni", "cilium"], answers)
    assert [entry.choices.get("cni") is not None for entry in load(path, CATALOG).clusters] == [False, True]


def test_one_of_several_clusters_that_are_alike_is_answered_alone(tmp_path: Path) -> None:
    answers = tiny.answers({}, {}, clusters=tuple(
        tiny.cluster(name=name, environment="dev", cloud="gcp") for name in ("one", "two", "three")))
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["in two", "/cni", "cilium", "u", "cilium", "in one, three", "/cni", "flannel"], answers)
    assert "Answers go to two alone." in text and "Answers go to one, three." in text
    assert [entry.choices["cni"].value for entry in load(path, CATALOG).clusters] == [("flannel",), ("cilium",), ("flannel",)]


def test_clusters_that_differ_are_not_answered_together(tmp_path: Path) -> None:
    answers = tiny.answers({}, {}, clusters=(
        tiny.cluster(name="prod", environment="prod", cloud="aws"), tiny.cluster(name="dev", environment="dev", cloud="gcp")))
    assert "These differ already" in prompted(tmp_path / "answers.yaml", ["in prod, dev"], answers)


def test_redo_makes_again_what_was_undone(tmp_path: Path) -> None:
    prompted(tmp_path / "answers.yaml", ["2", "u", "redo"])
    assert load(tmp_path / "answers.yaml", CATALOG).context["traffic"].value == ("high",)


def test_back_goes_one_question_back_from_every_kind_of_question(tmp_path: Path) -> None:
    text = prompted(tmp_path / "answers.yaml", ["/mesh", "/metrics.retention", ":b", "b"])
    assert text.index("Retention (metrics.retention)") < text.rindex("\nMesh") < text.rindex("What is traffic?")


def test_what_somebody_else_wrote_meanwhile_is_left_alone_until_that_is_agreed_to(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    said: list[str] = []

    def read(text: str) -> str:
        said.append(text)
        if len(lines) == 4:
            path.write_text("version: 1\nname: theirs\n")
        return lines.pop(0)

    lines = ["2", "s", "no", "q"]
    Prompting(CATALOG, begin(Answers(name="mine"), path=path), read, said.append).run()
    assert load(path, CATALOG).name == "theirs"
    assert any("changed by somebody else" in each for each in said)


def test_what_cannot_be_written_is_said_and_saved_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    text = prompted(tmp_path / "file" / "answers.yaml", ["2", f"s {tmp_path / 'other.yaml'}"])
    assert "Not kept" in text and "Your answers are still here" in text
    assert load(tmp_path / "other.yaml", CATALOG).context["traffic"].value == ("high",)


def test_an_export_that_cannot_be_written_says_why_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    text = prompted(tmp_path / "answers.yaml", ["e", str(tmp_path / "out"), "", "2"], tiny.answers({}, {}))
    assert "Not exported" in text
    assert "traffic" in load(tmp_path / "answers.yaml", CATALOG).context
