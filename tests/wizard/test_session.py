"""Sessions as lists of states, drafts that outlive a process, and files opened with their faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.errors import OutputError
from catalog.words import Words
from tests import tiny
from wizard import changes, drafts
from wizard.answers import Answers
from wizard.changes import Change
from wizard.opening import open_file
from wizard.session import Session, Step, begin
from wizard.solver import Engine

CATALOG = tiny.catalog(
    tiny.layer([tiny.decision("mesh", "optional"), tiny.decision("metrics", "several")],
               [tiny.question("traffic", ["low", "high"])]),
    [tiny.component("istio", ["mesh"]), tiny.component("linkerd", ["mesh"]), tiny.component("prometheus", ["metrics"])],
)


def named(name: str) -> Change:
    """A change that is easy to see."""
    return changes.rename(name)


def test_undo_goes_back_through_every_change_and_redo_forward_again() -> None:
    session = begin(Answers(name="a"))
    for name in "bcd":
        session = session.apply(named(name))
    assert [session.undo().answers.name, session.undo().undo().answers.name] == ["c", "b"]
    assert session.undo().undo().redo().redo() == session


def test_a_new_change_after_undo_forgets_what_was_undone() -> None:
    session = begin(Answers(name="a")).apply(named("b")).undo().apply(named("c"))
    assert not session.future
    assert [step.answers.name for step in session.history] == ["a", "c"]


def test_undo_at_the_beginning_and_redo_at_the_end_change_nothing() -> None:
    session = begin(Answers(name="a"))
    assert session.undo() is session and session.redo() is session


def test_every_place_of_the_history_can_be_gone_to_and_come_back_from() -> None:
    session = begin(Answers(name="a")).apply(named("b")).apply(named("c"))
    for place, name in enumerate("abc"):
        there = session.travel(place)
        assert there.answers.name == name
        assert there.history == session.history
        assert there.travel(2) == session


def test_a_bookmark_keeps_the_state_and_a_second_of_that_name_replaces_it() -> None:
    session = begin(Answers(name="a")).bookmark("x").apply(named("b")).bookmark("x")
    assert [step.answers.name for step in session.bookmarks] == ["b"]


def test_a_draft_brings_back_exactly_the_last_state(tmp_path: Path) -> None:
    words, space = Words(CATALOG), Engine(CATALOG).space(Answers(name="a"))
    from catalog.reasons import Option

    session = begin(Answers(name="a"), path=tmp_path / "answers.yaml")
    session = session.apply(changes.choose(words, Option("mesh", "istio"), space)).bookmark("x")
    session = session.apply(changes.answer(words, "traffic", ("high",), None, space)).apply(named("b")).undo()
    draft = drafts.start(tmp_path / "state")
    draft.save(session)
    draft.close(discard=False)
    found, = drafts.left(tmp_path / "state")
    again = drafts.recover(found, CATALOG)
    assert again.answers == session.answers
    assert [step.plain for step in again.history] == [step.plain for step in session.history]
    assert [step.name for step in again.history] == [step.name for step in session.history]
    assert (again.bookmarks[0].plain, again.path) == (session.bookmarks[0].plain, (tmp_path / "answers.yaml").resolve())


def test_a_draft_in_use_is_not_offered_and_is_noticed_by_the_other_session(tmp_path: Path) -> None:
    session = begin(Answers(name="a"), path=tmp_path / "answers.yaml")
    one, two = drafts.start(tmp_path / "state"), drafts.start(tmp_path / "state")
    one.save(session)
    two.save(session)
    assert drafts.left(tmp_path / "state") == ()
    assert (one.others(), two.others()) == (1, 1)
    two.close(discard=False)
    assert one.others() == 0
    one.close(discard=True)
    assert len(drafts.left(tmp_path / "state")) == 1


def test_sessions_on_different_files_do_not_mind_each_other(tmp_path: Path) -> None:
    one, two = drafts.start(tmp_path), drafts.start(tmp_path)
    one.save(begin(Answers(name="a"), path=tmp_path / "a.yaml"))
    two.save(begin(Answers(name="a"), path=tmp_path / "b.yaml"))
    assert one.others() == 0
    for draft in (one, two):
        draft.close(discard=True)


def test_a_process_that_is_killed_lets_go_of_its_draft(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from wizard import drafts; from wizard.answers import Answers; "
        "from wizard.session import begin; d = drafts.start(Path(sys.argv[1])); d.save(begin(Answers(name='killed'))); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    process = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, env={**os.environ})
    assert process.returncode == -9
    found, = drafts.left(tmp_path)
    assert found.name == "killed"


def test_a_save_that_is_cut_short_leaves_the_draft_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = drafts.start(tmp_path)
    draft.save(begin(Answers(name="first")))

    def broken(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OutputError, match="No space left"):
        draft.save(begin(Answers(name="second")))
    monkeypatch.undo()
    draft.close(discard=False)
    assert [entry.name for entry in drafts.left(tmp_path)] == ["first"]
    assert not list(tmp_path.glob(".*"))


def test_nothing_is_left_of_a_draft_whose_process_was_killed_within_a_save(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from wizard import drafts; from wizard.answers import Answers; "
        "from wizard.session import begin; d = drafts.start(Path(sys.argv[1])); d.save(begin(Answers(name='first'))); "
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL); d.save(begin(Answers(name='second')))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, env={**os.environ}).returncode == -9
    assert list(tmp_path.glob(".*"))
    found, = drafts.left(tmp_path)
    assert drafts.recover(found, CATALOG).answers.name == "first"
    drafts.forget(found)
    assert not list(tmp_path.iterdir())


def test_a_draft_that_is_rubbish_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x.draft.json").write_text("{")
    (tmp_path / "y.draft.json").write_text('{"path": 1}')
    assert drafts.left(tmp_path) == ()


def test_a_file_with_faults_opens_with_what_can_be_understood(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("version: 1\nname: shop\nchoices:\n  mesh: istoi\n  metrics: [prometheus]\n")
    opened = open_file(path, CATALOG)
    assert [fault.line for fault in opened.faults] == [4]
    assert opened.session.answers.choices["metrics"].value == ("prometheus",)
    assert opened.session.faults and opened.session.changed


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"a: [", b"- 1", b"", b"a: &x 1\nb: *x\n", b"name: 1\nname: 2\n"])
def test_whatever_a_file_holds_it_opens(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(text)
    opened = open_file(path, CATALOG)
    assert isinstance(opened.session, Session)
    assert opened.faults
    assert path.read_bytes() == text


def test_a_file_of_a_newer_version_is_read_only(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("version: 99\nname: shop\nchoices: {mesh: istio}\n")
    session = open_file(path, CATALOG).session
    assert "newer version" in session.read_only
    assert session.answers.choices["mesh"].value == ("istio",)


def test_a_file_that_is_not_there_yet_is_a_new_design(tmp_path: Path) -> None:
    session = open_file(tmp_path / "shop.yaml", CATALOG).session
    assert session.answers.name == "shop"
    assert session.saved is None
    assert not (tmp_path / "shop.yaml").exists()


def test_a_session_knows_what_the_file_does_not_say(tmp_path: Path) -> None:
    session = begin(Answers(name="a"), saved=True)
    assert not session.changed
    changed = session.apply(named("b"))
    assert changed.changed
    assert not changed.filed(tmp_path / "x.yaml").changed
    assert not changed.undo().changed


def test_steps_are_equal_by_what_they_say() -> None:
    assert Step("a", Answers(name="x")) == Step("a", Answers(name="x"))
