"""Shaping the design itself: clusters, workloads, versions, presets, all answers as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard.tui.driving import driving, on_gcp, real_catalog
from wizard.answers_file import load
from wizard.presets import Preset, presets
from wizard.tui.rows import Rows
from wizard.tui.screens.editing import Edit


@pytest.mark.proves("edit_text")
async def test_all_answers_are_edited_as_text_and_faults_keep_the_window_open(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("E")
        assert isinstance(driver.app.screen, Edit)
        await driver.type("version: 1\nname: shop\nchoices: {mesh: istoi}\n")
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, Edit)
        assert "did you mean 'istio'" in driver.text()
        await driver.type("version: 1\nname: shop\nchoices: {mesh: istio}\n")
        await driver.press("ctrl+s")
        assert driver.session.answers.choices["mesh"].value == ("istio",)


async def test_a_cluster_is_added_named_and_removed(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        rows = driver.desk.query_one("#page", Rows)
        for name in ("prod", "dev"):
            rows.go(next(n for n, row in enumerate(rows.rows) if row.key == ("add-cluster",)))
            await driver.press("enter")
            await driver.type(name)
            await driver.press("enter")
        assert [entry.cluster.name for entry in driver.session.answers.clusters] == ["prod", "dev"]
        rows.go(next(n for n, row in enumerate(rows.rows) if row.key == ("cluster", "dev")))
        await driver.press("backspace")
        assert [entry.cluster.name for entry in driver.session.answers.clusters] == ["prod"]


@pytest.mark.proves("preset")
async def test_a_preset_answers_the_use_case_after_a_preview_and_decides_nothing(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(mesh="istio")) as driver:
        await driver.press("P")
        await driver.pick(next(preset.path for preset in presets() if preset.name == "few-machines"))
        assert "How available must it be" in driver.text()
        await driver.press("escape")
        assert not driver.session.answers.context
        await driver.press("P")
        await driver.pick(next(preset.path for preset in presets() if preset.name == "few-machines"))
        await driver.press("enter")
        answers = driver.session.answers
        assert answers.context["availability"].value == ("99.5",)
        assert answers.priorities.value[0] == "simplicity"
        assert {key: said.value for key, said in answers.choices.items()} == {"mesh": ("istio",)}
        assert len(driver.session.past) == 1


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_every_preset_can_stand_and_says_what_it_is_for(preset: Preset) -> None:
    from wizard.solver import Engine

    assert Engine(real_catalog()).space(load(preset.path, real_catalog())).stands
    assert preset.about.endswith(".")


async def test_a_workload_is_added_changed_and_removed_in_a_form(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("workloads")
        await driver.press("enter")
        await driver.pick(("take",))
        assert "name is needed" in driver.text()
        for name, value in (("name", "web"), ("image", "registry.example.com/web:1"), ("host", "shop.example.com")):
            await driver.pick(("field", name))
            await driver.type(value)
            await driver.press("enter")
        await driver.pick(("take",))
        assert "'host' needs 'port'" in driver.text()
        await driver.pick(("field", "port"))
        await driver.type("many")
        await driver.press("enter")
        assert "is not a whole number" in driver.text()
        await driver.type("8080")
        await driver.press("enter")
        await driver.pick(("field", "replicas"))
        await driver.pick(("field", "at-least"))
        await driver.type("3")
        await driver.press("enter", "ctrl+s", "ctrl+s")
        await driver.agree()
        (said,) = driver.session.answers.workloads
        assert said.value.port == 8080 and said.value.replicas is not None and said.value.replicas.at_least == 3
        await driver.go(("entry", "workloads", "0"))
        await driver.press("enter")
        await driver.pick(("field", "host"))
        await driver.type("")
        await driver.press("enter", "ctrl+s")
        await driver.agree()
        assert driver.session.answers.workloads[0].value.host is None
        await driver.press("backspace")
        await driver.agree()
        assert not driver.session.answers.workloads
        assert len(driver.session.past) == 3


async def test_leaving_a_form_asks_about_what_was_filled_in(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("externals")
        await driver.press("enter")
        await driver.pick(("field", "name"))
        await driver.type("db")
        await driver.press("enter", "escape")
        assert "Take what was filled in?" in driver.text()
        await driver.pick("drop")
        assert driver.app.screen is driver.desk
        assert not driver.session.answers.externals


async def test_a_version_is_fixed_and_let_go(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(metrics="prometheus")) as driver:
        release = real_catalog().components["prometheus"].releases[0].version
        await driver.find("versions")
        await driver.press("enter")
        await driver.pick("prometheus")
        await driver.pick(release)
        await driver.agree()
        assert driver.session.answers.versions["prometheus"].value == release
        await driver.go(("entry", "versions", "0"))
        await driver.press("backspace")
        assert not driver.session.answers.versions
