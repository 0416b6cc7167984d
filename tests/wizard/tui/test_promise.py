"""The promise: a sample driven through the wizard with keys is the same Design, and the same export, as headless."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exporters.base import Earlier, Stamp
from tests.wizard.tui.driving import Driver, driving, real_catalog
from wizard.answers import Answers, Said
from wizard.answers_dump import plain
from wizard.answers_file import load
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.tui.pages.usecase import SECTIONS
from wizard.tui.rows import Rows
from wizard.tui.screens.general import Ask, Edit, Pick
from wizard.tui.sections import section_text

SAMPLES = sorted(Path(__file__).parents[3].glob("samples/*/answers.yaml"))


async def drive(driver: Driver, wanted: Answers) -> None:
    """Say everything that the wanted answers say, with keys."""
    catalog = real_catalog()
    await driver.find("name")
    await driver.press("enter")
    await driver.type(wanted.name)
    await driver.press("enter")
    if wanted.priorities.value:
        await driver.find("priorities")
        await driver.press("enter")
        for priority in wanted.priorities.value:
            await driver.pick(priority)
        await driver.pick("")
    for section in SECTIONS:
        text = section_text(wanted, section)
        if text:
            await driver.find(section)
            await driver.press("enter")
            assert isinstance(driver.app.screen, Edit)
            await driver.type(text)
            await driver.press("ctrl+s")
            assert driver.app.screen is driver.desk, driver.text()
    for question, said in wanted.context.items():
        for value in said.value:
            await driver.find(question)
            assert driver.desk.under == ("question", question)
            await driver.press("enter")
            await driver.pick(value)
    for decision, said in wanted.choices.items():
        for component in said.value:
            await driver.find(f"{decision}={component}")
            assert driver.desk.under == ("option", decision, component)
            await driver.press("enter")
            assert driver.app.screen is driver.desk, driver.text()
    for decision, said in wanted.rejects.items():
        for component in said.value:
            await driver.find(f"{decision}={component}")
            await driver.press("x")
    for setting, value in wanted.settings.items():
        await driver.find(setting)
        await driver.press("enter")
        if isinstance(driver.app.screen, Pick):
            keys = [row.key for row in driver.app.screen.query_one(Rows).rows]
            offered = ("value", value.value)
            await driver.pick(offered if offered in keys else ("other",))
        if isinstance(driver.app.screen, Ask):
            await driver.type(str(value.value))
            await driver.press("enter")
        assert driver.app.screen is driver.desk, driver.text()
    for subject in wanted.pinned:
        await driver.find(subject if subject not in catalog.decisions else
                          f"{subject}={catalog.options[subject][0]}")
        await driver.press("b")


def unplaced(answers: Answers) -> Answers:
    """The answers without where each was said."""
    return replace(
        answers,
        context={key: Said(said.value) for key, said in answers.context.items()},
        priorities=Said(answers.priorities.value),
        clusters=tuple(replace(
            entry, origin="", choices={key: Said(said.value) for key, said in entry.choices.items()},
            rejects={key: Said(said.value) for key, said in entry.rejects.items()},
            settings={key: Said(said.value) for key, said in entry.settings.items()}) for entry in answers.clusters),
        choices={key: Said(said.value) for key, said in answers.choices.items()},
        rejects={key: Said(said.value) for key, said in answers.rejects.items()},
        pinned={key: Said(None) for key in answers.pinned},
        settings={key: Said(said.value) for key, said in answers.settings.items()},
        versions={key: Said(said.value) for key, said in answers.versions.items()},
        waivers=tuple(Said(said.value) for said in answers.waivers),
        workloads=tuple(Said(said.value) for said in answers.workloads),
        externals=tuple(Said(said.value) for said in answers.externals),
    )


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
async def test_keys_and_the_answers_file_give_the_same_design_and_the_same_export(tmp_path: Path, sample: Path) -> None:
    catalog = real_catalog()
    wanted = load(sample, catalog)
    async with driving(tmp_path / "state", Answers(name="design")) as driver:
        await drive(driver, wanted)
        await driver.press("S")
        await driver.type(str(tmp_path / "driven.yaml"))
        await driver.press("enter")
        driven = driver.session.answers
    assert plain(driven) == plain(wanted)
    filed = load(tmp_path / "driven.yaml", catalog)
    mine, theirs = resolve(unplaced(driven), catalog), resolve(unplaced(wanted), catalog)
    assert mine == theirs
    assert resolve(unplaced(filed), catalog) == theirs
    one, two = (artifacts(design, Earlier(), Stamp()) for design in (mine, theirs))
    assert {entry.path: entry.data for entry in one.artifacts} == {entry.path: entry.data for entry in two.artifacts}
    assert one.artifacts


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 3
