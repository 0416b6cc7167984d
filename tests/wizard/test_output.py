"""The one writer: all or nothing, nothing outside the folder, nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from catalog.errors import OutputError
from exporters.base import Artifact, Earlier
from exporters.paths import LOCK
from wizard.output import earlier, plan, write


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def put(folder: Path, **files: str) -> None:
    artifacts = [Artifact(name.replace("__", "/").replace("_", "."), text.encode()) for name, text in files.items()]
    lock = {"files": {each.path: hashlib.sha256(each.data).hexdigest() for each in artifacts}}
    artifacts.append(Artifact(LOCK, json.dumps(lock).encode()))
    before = earlier(folder)
    write(folder, plan(folder, artifacts, before))


def test_what_is_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "out", docs__a_md="a", b_yaml="b")
    assert set(tree(tmp_path)) == {"out/docs/a.md", "out/b.yaml", f"out/{LOCK}"}


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    put(tmp_path, a_md="a")
    os.utime(tmp_path / "a.md", (1, 1))
    put(tmp_path, a_md="a", b_md="b")
    assert (tmp_path / "a.md").stat().st_mtime == 1


def test_what_is_no_longer_exported_is_removed_unless_somebody_changed_it(tmp_path: Path) -> None:
    put(tmp_path, x__old_md="old", x__mine_md="mine")
    (tmp_path / "x/mine.md").write_text("edited")
    (tmp_path / "own.txt").write_text("own")
    put(tmp_path, new_md="new")
    assert set(tree(tmp_path)) == {"x/mine.md", "own.txt", "new.md", LOCK}


@pytest.mark.parametrize("path", ["../out.txt", "/etc/x", "a/../../x", "a//b", "C:/x", "a\\b"])
def test_a_path_that_leaves_the_folder_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leave the output folder"):
        plan(tmp_path, [Artifact(path, b"x")], Earlier())


def test_a_lock_that_names_paths_outside_removes_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / LOCK).write_text(json.dumps({"files": {"../precious": digest}}))
    put(tmp_path / "out", a_md="a")
    assert (tmp_path / "precious").exists()


def test_a_symbolic_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/docs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="symbolic link"):
        put(tmp_path / "out", docs__a_md="a")
    assert tree(tmp_path / "elsewhere") == {}


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        earlier(tmp_path / "out")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_half_way_leaves_everything_as_it_was(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "out", a_md="a", b_md="b")
    before = tree(tmp_path)
    moves = 0
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        if moves == 4:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        put(tmp_path / "out", a_md="A", b_md="B", new__c_md="c")
    monkeypatch.undo()
    assert tree(tmp_path) == before
    assert not (tmp_path / "out/new").exists()


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="the disk is full; nothing there was changed"):
        put(tmp_path / "out", a_md="a")
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "out"])


def test_a_broken_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("{")
    with pytest.raises(OutputError, match="cannot be understood"):
        earlier(tmp_path)


def test_records_with_the_line_endings_of_another_system_are_read_as_they_are(tmp_path: Path) -> None:
    records = tmp_path / "docs/decisions"
    records.mkdir(parents=True)
    text = "---\r\nstatus: accepted\r\n---\r\n\r\n# One\r\n"
    (records / "0001-one.md").write_bytes(text.encode())
    (tmp_path / LOCK).write_bytes(b'{\r\n"files": {}\r\n}\r\n')
    before = earlier(tmp_path)
    assert before.texts == {"docs/decisions/0001-one.md": text} and before.lock == {"files": {}}
    assert plan(tmp_path, [Artifact("docs/decisions/0001-one.md", text.encode())], before).stale == ()
