"""Choosing: options, answers and settings taken, rejected, pinned and completed; ways out of what is ruled out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny
from tests.wizard.tui.driving import driving, on_gcp, real_catalog
from tests.wizard.tui.test_screens import CATALOG
from wizard.answers_file import load
from wizard.session import begin
from wizard.tui.rows import Rows
from wizard.tui.screens.general import Ask, Pick


async def test_enter_chooses_an_option_and_enter_again_takes_it_back(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=linkerd")
        await driver.press("enter")
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)
        assert "(●)" in driver.text() and "Chosen" in driver.text()
        await driver.press("enter")
        assert "mesh" not in driver.session.answers.choices


async def test_choosing_what_is_ruled_out_shows_the_ways_out_and_applies_the_picked_one(tmp_path: Path) -> None:
    session = begin(on_gcp(kubernetes="gke-autopilot"))
    async with driving(tmp_path, session) as driver:
        await driver.find("storage-operator=rook")
        under = driver.desk.under
        assert under is not None and under[1] == "storage-operator"
        await driver.press("enter")
        assert isinstance(driver.app.screen, Pick)
        assert "Ways out" in driver.text()
        await driver.press("enter")
        assert driver.session.answers.choices["storage-operator"].value == (under[2],)
        kubernetes = driver.session.answers.choices.get("kubernetes")
        assert kubernetes is None or kubernetes.value != ("gke-autopilot",)
        assert driver.app.space.stands


async def test_leaving_the_ways_out_changes_nothing(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(kubernetes="gke-autopilot")) as driver:
        before = driver.session
        await driver.find("storage-operator=rook")
        await driver.press("enter", "escape")
        assert driver.session.answers is before.answers


@pytest.mark.proves("reject")
async def test_rejecting_an_option_and_allowing_it_again(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.press("x")
        assert driver.session.answers.rejects["mesh"].value == ("istio",)
        assert "Rejected" in driver.text()
        await driver.press("x")
        assert "mesh" not in driver.session.answers.rejects


@pytest.mark.proves("unanswer")
async def test_a_question_is_answered_and_left_open_again(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("traffic")
        await driver.press("enter")
        await driver.pick("high")
        assert driver.session.answers.context["traffic"].value == ("high",)
        await driver.press("backspace")
        assert "traffic" not in driver.session.answers.context


async def test_a_question_with_several_values_takes_and_drops_each(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("protocols")
        for value in ("http", "grpc"):
            await driver.press("enter")
            await driver.pick(value)
        assert driver.session.answers.context["protocols"].value == ("http", "grpc")
        await driver.press("enter")
        await driver.pick("http")
        assert driver.session.answers.context["protocols"].value == ("grpc",)


async def test_a_fact_of_a_cluster_is_answered_where_there_is_none_yet(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("cloud")
        await driver.press("enter")
        await driver.pick("aws")
        await driver.agree()
        assert driver.session.answers.clusters[0].cluster.cloud == "aws"


async def test_settings_take_steps_other_values_and_their_default(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(metrics="prometheus")) as driver:
        await driver.find("metrics.retention")
        await driver.press("enter")
        await driver.pick(("other",))
        assert isinstance(driver.app.screen, Ask)
        await driver.type("nonsense")
        await driver.press("enter")
        assert isinstance(driver.app.screen, Ask)
        assert "is not a duration" in driver.text()
        await driver.type("20d")
        await driver.press("enter")
        assert driver.session.answers.settings["metrics.retention"].value == "20d"
        await driver.press("backspace")
        assert "metrics.retention" not in driver.session.answers.settings


@pytest.mark.proves("pin")
async def test_pinned_answers_are_left_alone_by_ways_out(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(kubernetes="gke-autopilot")) as driver:
        await driver.find("kubernetes=gke-autopilot")
        await driver.press("b")
        assert "kubernetes" in driver.session.answers.pinned
        await driver.find("storage-operator=rook")
        await driver.press("enter")
        assert "GKE Standard" not in driver.text().split("Ways out", 1)[1].split("Escape")[0] or \
            "instead of GKE Autopilot" not in driver.text()


@pytest.mark.proves("complete", "undo")
async def test_the_rest_is_completed_after_a_preview_and_one_undo_takes_it_back(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("C")
        assert isinstance(driver.app.screen, Pick)
        assert "Complete the rest" in driver.text()
        await driver.press("enter")
        made = driver.app.space.complete()
        assert not [choice for choice in made.choices if choice.origin == "recommended"]
        await driver.press("u")
        assert not driver.session.answers.choices


async def test_completing_the_rest_gives_the_design_that_was_recommended(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        before = {(choice.decision, choice.kind): choice.chosen for choice in driver.app.space.complete().choices}
        await driver.press("C", "enter")
        after = {(choice.decision, choice.kind): choice.chosen for choice in driver.app.space.complete().choices}
        assert after == before


@pytest.mark.proves("conflict")
async def test_a_conflict_is_shown_with_ways_out_that_mend_it(tmp_path: Path) -> None:
    answers = on_gcp(kubernetes="gke-autopilot", **{"storage-operator": "rook"})
    async with driving(tmp_path, answers) as driver:
        assert "conflict" in driver.text()
        await driver.press("!")
        await driver.settle()
        assert "These answers cannot stand together" in driver.text()
        rows = driver.desk.query_one("#page", Rows)
        while driver.desk.under is not None and driver.desk.under[0] != "repair":
            before = rows.cursor
            await driver.press("down")
            assert rows.cursor != before
        await driver.press("enter")
        assert driver.app.space.stands


@pytest.mark.proves("cluster")
async def test_an_answer_for_one_kind_of_cluster_leaves_the_others(tmp_path: Path) -> None:
    async with driving(tmp_path, load(Path("samples/media-house/answers.yaml"), real_catalog())) as driver:
        kinds = driver.app.space.kind_names
        assert len(kinds) > 1
        await driver.find("network-policy")
        await driver.press("c")
        await driver.pick(("kind", kinds[0]))
        assert driver.desk.kind == kinds[0]
        states = driver.app.space.states("network-policy", kinds[0])
        free = next(each for each, state in states.items() if state == "available" and
                    each.component not in driver.desk.view.said("network-policy", kinds[0]))
        await driver.find(f"network-policy={free.component}")
        await driver.press("enter")
        entry = next(each for each in driver.session.answers.clusters if each.cluster.name == kinds[0])
        assert entry.choices["network-policy"].value == (free.component,)
        others = [each for each in driver.session.answers.clusters if each.cluster.name not in
                  next(kind.clusters for kind in driver.app.space.kinds if kind.name == kinds[0])]
        assert all(each.choices.get("network-policy") != entry.choices["network-policy"] for each in others)


async def test_a_choice_with_which_much_would_change_is_shown_first(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("kubernetes=eks")
        await driver.settle()
        await driver.press("enter")
        assert isinstance(driver.app.screen, Pick)
        assert "Image registry: Google Artifact Registry → Amazon Elastic Container Registry" in driver.text()
        await driver.press("escape")
        assert "kubernetes" not in driver.session.answers.choices
        await driver.press("enter", "enter")
        assert driver.session.answers.choices["kubernetes"].value == ("eks",)


async def test_a_choice_with_which_little_changes_is_made_at_once(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=linkerd")
        await driver.settle()
        await driver.press("enter")
        assert driver.app.screen is driver.desk
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)


async def test_the_risk_of_a_rule_is_accepted_on_the_way_to_what_it_rules_out(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "high"}, {}), catalog=CATALOG) as driver:
        await driver.find("cni=flannel")
        await driver.press("enter")
        await driver.pick(("waive", "flannel-has-no-policy"))
        for name, value in (("reason", "A test only."), ("owner", "us@example.com"), ("until", "2027-01-31")):
            await driver.pick(("field", name))
            await driver.type(value)
            await driver.press("enter")
        await driver.press("ctrl+s")
        await driver.agree()
        assert driver.session.answers.choices["cni"].value == ("flannel",)
        assert driver.session.answers.waivers[0].value.owner == "us@example.com"
        assert driver.app.space.stands


async def test_how_hard_a_choice_is_to_undo_is_seen_before_it_is_made(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("cni=cilium")
        assert "Undoing it: hard" in driver.text()
        line = next(line for line in driver.text().splitlines() if "Cilium" in line and "( )" in line)
        assert "hard" in line


@pytest.mark.proves("alternatives")
async def test_alternatives_are_whole_designs_and_the_picked_one_is_taken_after_a_preview(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        own, other, *_ = driver.app.space.alternatives(2)
        await driver.press("A")
        await driver.pick(other.first)
        assert "would change" in driver.text()
        await driver.press("enter")
        made = driver.app.space.complete()
        different = [choice for choice in other.resolution.choices
                     if choice.chosen != own.resolution.chosen(choice.decision, choice.kind)]
        assert different
        assert all(set(choice.chosen) <= set(made.chosen(choice.decision, choice.kind)) for choice in different)
