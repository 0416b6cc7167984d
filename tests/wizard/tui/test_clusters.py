"""Several clusters: what they share is said once, and one of them can be answered alone, also where it is like others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny
from tests.wizard.tui.driving import Driver, driving, option
from tests.wizard.tui.test_screens import CATALOG, THREE
from wizard import drafts
from wizard.answers_dump import plain


async def alone(driver: Driver, name: str) -> None:
    """Look at one cluster alone."""
    await driver.press("c")
    await driver.pick(("alone", name))


def chosen(driver: Driver) -> dict[str, tuple[str, ...]]:
    """What each cluster says of its CNI."""
    return {entry.cluster.name: entry.choices["cni"].value
            for entry in driver.session.answers.clusters if "cni" in entry.choices}


@pytest.mark.proves("cluster")
async def test_one_of_several_clusters_that_are_alike_is_answered_alone(tmp_path: Path) -> None:
    async with driving(tmp_path, THREE, catalog=CATALOG) as driver:
        assert [kind.clusters for kind in driver.app.space.kinds] == [("prod",), ("dev", "test")]
        await driver.press("2")
        await alone(driver, "test")
        assert "only test" in driver.text().splitlines()[0]
        await driver.go(option("cni", "flannel"))
        await driver.press("enter")
        assert chosen(driver) == {"test": ("flannel",)}
        await driver.press("c")
        await driver.pick(("all",))
        assert [kind.clusters for kind in driver.app.space.kinds] == [("prod",), ("dev",), ("test",)]


async def test_looking_at_a_cluster_alone_says_nothing(tmp_path: Path) -> None:
    async with driving(tmp_path, THREE, catalog=CATALOG) as driver:
        before = driver.session
        await alone(driver, "dev")
        assert plain(driver.session.answers) == plain(before.answers)
        assert driver.session.past == before.past and driver.desk.kind == "dev"
        await driver.press("c")
        await driver.pick(("kind", "dev"))
        assert [kind.clusters for kind in driver.app.space.kinds] == [("prod",), ("dev", "test")]


async def test_undo_leaves_one_looking_at_the_cluster_that_one_looked_at(tmp_path: Path) -> None:
    async with driving(tmp_path, THREE, catalog=CATALOG) as driver:
        await driver.press("2")
        await alone(driver, "test")
        await driver.go(option("cni", "cilium"))
        await driver.press("enter", "u")
        assert chosen(driver) == {} and driver.desk.kind == "test"
        await driver.press("U")
        assert chosen(driver) == {"test": ("cilium",)} and driver.desk.kind == "test"
        left = drafts.Left(driver.app.draft.file, "", None, "", True)
        assert plain(drafts.recover(left, CATALOG).answers) == plain(driver.session.answers)


async def test_what_was_chosen_for_all_is_not_taken_from_all_while_one_looks_at_one(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "low"}, {"cni": "cilium"}, clusters=THREE.clusters),
                       catalog=CATALOG) as driver:
        await driver.press("2")
        await alone(driver, "test")
        await driver.go(option("cni", "cilium"))
        await driver.press("enter")
        assert driver.session.answers.choices["cni"].value == ("cilium",)
        assert any("was chosen for all clusters" in toast.message for toast in driver.app._notifications)


async def test_what_is_possible_in_some_clusters_can_be_chosen_there_alone(tmp_path: Path) -> None:
    async with driving(tmp_path, THREE, catalog=CATALOG) as driver:
        await driver.press("2")
        await driver.go(option("cni", "vpc-cni"))
        await driver.press("enter")
        assert "Choose it only where it is possible: prod" in driver.text()
        await driver.pick(("only",))
        assert chosen(driver) == {"prod": ("vpc-cni",)}


@pytest.mark.parametrize(("keys", "told"), [
    (("2", "down", "backspace"), "Nothing is answered here."), (("down", "backspace"), "Nothing is answered here.")])
async def test_taking_back_what_was_never_said_is_told(tmp_path: Path, keys: tuple[str, ...], told: str) -> None:
    async with driving(tmp_path, tiny.answers({}, {}), catalog=CATALOG) as driver:
        await driver.press(*keys)
        assert told in [toast.message for toast in driver.app._notifications]
