"""Opening, saving and leaving; nothing is overwritten unasked, nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.wizard.tui.driving import driving, on_gcp, real_catalog
from tests.wizard.tui.test_screens import CATALOG
from wizard.answers_file import load
from wizard.drafts import start, sweep
from wizard.opening import open_file
from wizard.tui.screens.editing import Edit
from wizard.tui.screens.general import Ask


@pytest.mark.proves("save")
async def test_saving_writes_the_file_and_keeps_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("# ours\nversion: 1\nname: shop\n")
    from wizard.opening import open_file

    async with driving(tmp_path / "state", open_file(path, real_catalog()).session) as driver:
        await driver.find("mesh=linkerd")
        await driver.press("enter", "s")
        assert path.read_text() == "# ours\nversion: 1\nname: shop\nchoices:\n  mesh: linkerd\n"
        assert not driver.session.changed


async def test_saving_asks_before_it_overwrites_what_somebody_else_wrote(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("version: 1\nname: shop\n")
    from wizard.opening import open_file

    async with driving(tmp_path / "state", open_file(path, real_catalog()).session) as driver:
        await driver.find("mesh=linkerd")
        await driver.press("enter")
        path.write_text("version: 1\nname: theirs\n")
        await driver.press("s")
        assert "Overwrite" in driver.text()
        await driver.press("escape")
        assert "theirs" in path.read_text()


@pytest.mark.proves("save_as")
async def test_save_as_names_another_file(tmp_path: Path) -> None:
    async with driving(tmp_path / "state", on_gcp(mesh="istio")) as driver:
        await driver.press("S")
        await driver.type(str(tmp_path / "mine.yaml"))
        await driver.press("enter")
        assert load(tmp_path / "mine.yaml", real_catalog()).choices["mesh"].value == ("istio",)


async def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with driving(tmp_path / "state", on_gcp(mesh="istio")) as driver:
        await driver.press("S")
        await driver.type(str(tmp_path / "file" / "mine.yaml"))
        await driver.press("enter")
        await driver.pilot.pause()
        assert driver.session.path is None
        assert driver.session.answers.choices["mesh"].value == ("istio",)


@pytest.mark.proves("quit")
async def test_quitting_asks_about_what_was_not_saved(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.press("enter", "q")
        assert "Not saved yet" in driver.text()
        await driver.press("escape")
        assert driver.app.is_running


async def test_each_fault_of_a_file_is_fixed_at_its_line_or_discarded(tmp_path: Path) -> None:
    from wizard.opening import open_file

    path = tmp_path / "answers.yaml"
    text = "version: 1\nname: test\nchoices: {mesh: istoi}\ncontext: {traffic: much}\n"
    path.write_text(text)
    async with driving(tmp_path / "state", open_file(path, CATALOG).session, catalog=CATALOG) as driver:
        assert "answers.yaml:3" in driver.text() and "did you mean 'istio'" in driver.text()
        await driver.pick(1)
        await driver.pick("drop")
        assert "answers.yaml:4" not in driver.text()
        await driver.pick(0)
        await driver.pick("fix")
        assert isinstance(driver.app.screen, Edit)
        assert driver.app.screen.query_one(TextArea).cursor_location == (2, 0)
        await driver.type(text.replace("istoi", "istio").replace("much", "high"))
        await driver.press("ctrl+s")
        assert driver.app.screen is driver.desk
        assert driver.session.answers.choices["mesh"].value == ("istio",)
        assert path.read_text() == text
        await driver.press("s")
        assert "Overwrite" in driver.text()


async def test_faults_are_mended_one_after_the_other_and_what_was_typed_is_not_dropped_unasked(tmp_path: Path) -> None:
    from wizard.opening import open_file

    path = tmp_path / "answers.yaml"
    text = "version: 1\nname: test\nchoices: {mesh: istoi}\ncontext: {traffic: much}\n"
    path.write_text(text)
    async with driving(tmp_path / "state", open_file(path, CATALOG).session, catalog=CATALOG) as driver:
        await driver.pick(0)
        await driver.pick("fix")
        await driver.type("version: [")
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, Edit)  # no text in which an entry could be found
        await driver.type(text.replace("istoi", "istio"))
        await driver.press("escape")
        assert "Leave the text as it was?" in driver.text()
        await driver.pick("on")
        await driver.press("ctrl+s")
        assert "1 fault in answers.yaml" in driver.text() and "istoi" not in driver.text()
        assert driver.session.answers.choices["mesh"].value == ("istio",)
        await driver.pick(0)
        await driver.pick("fix")
        assert "istio" in driver.app.screen.query_one(TextArea).text
        await driver.press("escape")
        await driver.pick(0)
        await driver.pick("drop")
        assert driver.app.screen is driver.desk and not driver.session.faults
    assert path.read_text() == text


async def test_a_file_of_a_newer_version_is_shown_and_never_written(tmp_path: Path) -> None:
    from wizard.opening import open_file

    path = tmp_path / "answers.yaml"
    path.write_text("version: 99\nname: test\nchoices: {mesh: istio}\n")
    async with driving(tmp_path / "state", open_file(path, CATALOG).session, catalog=CATALOG) as driver:
        assert "read-only" in driver.text()
        assert driver.session.answers.choices["mesh"].value == ("istio",)
        await driver.press("s")
        assert isinstance(driver.app.screen, Ask)
        await driver.type(str(path))
        await driver.press("enter")
        assert "That file is read-only" in driver.text()
        assert "version: 99" in path.read_text()


async def test_what_an_earlier_save_left_half_written_goes_and_nothing_else_does(tmp_path: Path) -> None:
    file, link = tmp_path / "answers.yaml", tmp_path / ".answers.yaml.0123abcd"
    file.write_text("version: 1\nname: shop\n")
    link.symlink_to(file)
    names = {".answers.yaml.89abcdef": True, ".answers.yaml.fedcba98": False, ".answers.yaml.swp": True,
             ".other.yaml.89abcdef": True, ".answers.yaml.89abcdef.bak": True}
    for name, old in names.items():
        (tmp_path / name).write_text("half")
        if old:
            os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
    sweep(file)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"answers.yaml", link.name, *names} - {".answers.yaml.89abcdef"}


@pytest.mark.parametrize("open_elsewhere", [False, True])
async def test_opening_a_file_clears_up_beside_it_unless_another_session_has_it(tmp_path: Path, open_elsewhere: bool) -> None:
    file, half = tmp_path / "answers.yaml", tmp_path / ".answers.yaml.89abcdef"
    file.write_text("version: 1\nname: shop\n")
    half.write_text("half")
    os.utime(half, (1_000_000_000, 1_000_000_000))
    session = open_file(file, CATALOG).session
    other = start(tmp_path / "state")
    if open_elsewhere:
        other.save(session)
    async with driving(tmp_path / "state", session, catalog=CATALOG) as driver:
        driver.desk.opened()
        await driver.rest()
        assert half.exists() == open_elsewhere
    other.close(discard=True)
