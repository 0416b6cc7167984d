"""The promise: a sample driven through the wizard with keys is the same Design, and the same export, as headless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog.conditions import Scalar
from exporters.base import Earlier, Stamp
from tests.wizard.tui.driving import Driver, driving, real_catalog
from wizard.answers import Answers, Said
from wizard.answers_dump import plain
from wizard.answers_file import load
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.tui.fields import Field, fields, shown
from wizard.tui.rows import Rows
from wizard.tui.screens.forms import Form
from wizard.tui.screens.general import Ask, Pick
from wizard.tui.screens.shaping import MODELS

SAMPLES = sorted(Path(__file__).parents[3].glob("samples/*/answers.yaml"))


async def drive(driver: Driver, wanted: Answers) -> None:
    """Say everything that the wanted answers say, with keys."""
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
    for question, said in wanted.context.items():
        for value in said.value:
            await driver.find(question)
            assert driver.desk.under == ("question", question)
            await driver.press("enter")
            await driver.pick(value)
            await driver.agree()
    data = plain(wanted)
    for section, model in MODELS.items():
        entries = data.get(section, [])
        # What an entry calls may come after it: names first, the rest once all are there.
        first = {"calls", "clusters"} if section == "workloads" else set()
        for entry in entries:
            await driver.find(section)
            await driver.press("enter")
            if section == "clusters":
                await driver.type(entry["name"])
                await driver.press("enter")
                await driver.go(("cluster", entry["name"]))
                await driver.press("enter")
            await fill(driver, fields(model), {key: value for key, value in entry.items() if key not in first})
            await driver.agree()
            assert driver.app.screen is driver.desk, driver.text()
        for number, entry in enumerate(entries):
            later = {key: value for key, value in entry.items() if key in first}
            if later:
                await driver.go(("entry", section, str(number)))
                await driver.press("enter")
                await fill(driver, fields(model), later)
                await driver.agree()
    for component, version in data.get("versions", {}).items():
        await driver.find("versions")
        await driver.press("enter")
        await driver.pick(component)
        await driver.pick(version)
        await driver.agree()
    await decide(driver, wanted.choices, wanted.rejects, wanted.settings)
    for entry in wanted.clusters:
        if entry.choices or entry.rejects or entry.settings:
            await look_at(driver, entry.cluster.name)
            await decide(driver, entry.choices, entry.rejects, entry.settings)
            await look_at(driver, None)
    for subject in wanted.pinned:
        await driver.find(subject if subject not in real_catalog().decisions else
                          f"{subject}={real_catalog().options[subject][0]}")
        await driver.press("b")


async def look_at(driver: Driver, cluster: str | None) -> None:
    """Turn to one kind of cluster, or to all."""
    kinds = {name: kind.name for kind in driver.app.space.kinds for name in kind.clusters}
    for _ in range(len(kinds) + 1):
        if driver.desk.kind == (kinds[cluster] if cluster else None):
            return
        await driver.press("c")
    raise AssertionError(cluster)


async def decide(
    driver: Driver, choices: Mapping[str, Said[tuple[str, ...]]], rejects: Mapping[str, Said[tuple[str, ...]]],
    settings: Mapping[str, Said[Scalar]],
) -> None:
    """Choose, reject and set on the pages of the layers."""
    for decision, said in choices.items():
        for component in said.value:
            await driver.find(f"{decision}={component}")
            assert driver.desk.under == ("option", decision, component)
            if driver.desk.view.shown(decision, component) != "chosen":
                await driver.press("enter")
                await driver.agree()
            assert driver.app.screen is driver.desk, driver.text()
    for decision, said in rejects.items():
        for component in said.value:
            await driver.find(f"{decision}={component}")
            await driver.press("x")
            await driver.agree()
    for setting, value in settings.items():
        await driver.find(setting)
        await driver.press("enter")
        if isinstance(driver.app.screen, Pick):
            keys = [row.key for row in driver.app.screen.query_one(Rows).rows]
            offered = ("value", value.value)
            await driver.pick(offered if offered in keys else ("other",))
        if isinstance(driver.app.screen, Ask):
            await driver.type(str(value.value))
            await driver.press("enter")
        await driver.agree()
        assert driver.app.screen is driver.desk, driver.text()


async def fill(driver: Driver, known: Sequence[Field], entry: Mapping[str, Any]) -> None:
    """Fill in a form that is open, part by part, and take it."""
    form = driver.app.screen
    assert isinstance(form, Form), driver.text()
    for field in known:
        if field.name not in entry or form.value.get(field.name) == entry[field.name]:
            continue
        value = entry[field.name]
        await driver.pick(("field", field.name))
        if field.kind == "part":
            await fill(driver, field.parts, value)
        elif field.kind == "parts":
            for each in value:
                await driver.pick(-1)
                await fill(driver, field.parts, each)
            await driver.press("escape")
        elif isinstance(driver.app.screen, Pick):
            for each in value if field.kind == "words" else [value]:
                if not isinstance(driver.app.screen, Pick):
                    await driver.pick(("field", field.name))
                await driver.pick((shown(field, each) if field.kind == "switch" else str(each),))
        else:
            await driver.type(shown(field, value))
            await driver.press("enter")
        assert driver.app.screen is form, driver.text()
    await driver.pick(("take",))


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
