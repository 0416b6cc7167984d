"""Guiding: what to do next is always said, and what is said is not cut where it matters."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.text import Text

from catalog.reasons import Option
from catalog.words import Words
from tests import tiny
from tests.wizard.tui.driving import driving, on_gcp, real_catalog
from tests.wizard.tui.test_screens import BLOCKED, CATALOG
from wizard.answers import Answers
from wizard.solver import Engine
from wizard.tui.lines import Reading
from wizard.tui.pages import layer as layer_page
from wizard.tui.rows import Rows
from wizard.tui.screens.general import Pick, agreed


async def test_the_top_says_what_to_do_next_from_the_first_key_to_the_export(tmp_path: Path) -> None:
    async with driving(tmp_path, Answers(name="shop"), catalog=CATALOG) as driver:
        await driver.settle()
        assert "next: Enter answers, n goes on" in driver.text().splitlines()[0]
        await driver.press("2")
        assert "open, r reviews them" in driver.text().splitlines()[0]
        await driver.press("r")
        assert "open, C completes them" in driver.text().splitlines()[0]
        await driver.press("C", "enter")
        await driver.settle()
        assert "next: e exports" in driver.text().splitlines()[0]


async def test_nothing_is_called_open_that_completing_would_leave_as_it_is(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "high"}, {}), catalog=CATALOG) as driver:
        await driver.press("C", "enter", "2")
        await driver.settle()
        assert "open: nothing is needed here" in driver.text()
        assert not any(driver.desk.view.waiting(decision) for decision in CATALOG.decisions)


async def test_conflicts_are_what_comes_next(tmp_path: Path) -> None:
    answers = tiny.answers({"traffic": "high"}, {"mesh": "istio"}, rejects={"metrics": ["prometheus"]})
    async with driving(tmp_path, answers, size=(80, 24), catalog=CATALOG) as driver:
        top = driver.text().splitlines()[0]
        assert "conflict: press !" in top and "next:" not in top


def test_a_row_says_the_last_rule_before_the_answers() -> None:
    space = Engine(CATALOG).space(BLOCKED)
    reason = space.why(Option("mesh", "istio"))[0]
    told = Words(CATALOG).short(reason)
    assert told.startswith("Because of istio-needs-metrics.")
    assert told.endswith("You answered “high” to “What is traffic?” and rejected Prometheus for “Metrics”.")


@pytest.mark.slow
async def test_why_something_is_ruled_out_is_read_in_its_row_at_the_smallest_size(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(kubernetes="eks"), size=(80, 24), catalog=real_catalog()) as driver:
        await driver.press("7")
        await driver.settle()
        assert "Canal is bundled with RKE2." in driver.text()


@pytest.mark.parametrize("wide", [40, 60, 130])
def test_what_would_change_is_said_whole(wide: int) -> None:
    told = ["Load balancer: " + "a long name of one product " * 3 + "→ " + "and that of another " * 2]
    rows = agreed(told, wide).rows
    texts = ["".join(cell.text for cell in row.cells) for row in rows[1:]]
    assert " ".join(" ".join(texts).split()) == " ".join(told[0].split())
    assert all(len(text) < wide for text in texts)
    assert all(text.startswith("      ") for text in texts[1:])


async def test_what_follows_a_mark_hangs_below_it(tmp_path: Path) -> None:
    async with driving(tmp_path, Answers(name="shop"), catalog=CATALOG) as driver:
        reading = driver.desk.query_one(Reading)
        reading.show(Text(" + " + "word " * 30 + "\n\n12. " + "word " * 30 + "\nplain " + "word " * 20))
        lines = [line.plain for line in reading._lines]
        assert lines[0].startswith(" + word") and lines[1].startswith("   word")
        numbered = next(number for number, line in enumerate(lines) if line.startswith("12. "))
        assert lines[numbered - 1] == "" and lines[numbered + 1].startswith("    word")
        plain = next(number for number, line in enumerate(lines) if line.startswith("plain"))
        assert lines[plain + 1].startswith("word")


async def test_a_form_keeps_its_keys_in_sight_at_the_smallest_size(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({}, {}), size=(80, 24), catalog=CATALOG) as driver:
        await driver.find("workloads")
        await driver.press("enter")
        assert "Enter fills in · Backspace clears · Ctrl+S takes it" in driver.text()


async def test_leaving_a_question_open_says_what_is_assumed_then(tmp_path: Path) -> None:
    async with driving(tmp_path, Answers(name="shop"), catalog=CATALOG) as driver:
        await driver.find("traffic")
        await driver.press("enter")
        assert isinstance(driver.app.screen, Pick)
        assert "Leave it open; until then this is assumed: low" in driver.text()


@pytest.mark.slow
async def test_a_placeholder_is_seen_as_one_at_the_smallest_size(tmp_path: Path) -> None:
    async with driving(tmp_path, Answers(name="shop"), size=(80, 24), catalog=real_catalog()) as driver:
        await driver.press("2")
        await driver.settle()
        line = next(line for line in driver.text().splitlines() if "example.com" in line and "=" in line)
        assert "say yours" in line


async def test_the_review_begins_with_how_much_there_is_of_everything_and_leads_there(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "high"}, {"registry": "vendor-registry"}), size=(80, 24),
                       catalog=CATALOG) as driver:
        await driver.press("r")
        await driver.settle()
        assert "1 step handed over to people" in driver.text()
        await driver.go(("section", "Handed over to people"))
        await driver.press("enter")
        await driver.rest()
        page = driver.desk.query_one("#page", Rows)
        assert page.current is not None and page.current.key == ("component", "vendor-registry", "0")
        assert "Handed over to people" in driver.text()


def test_a_reason_that_has_to_be_cut_ends_with_a_word() -> None:
    told = "Cloud DNS lies in the same project and under the same identities as the clusters it points at"
    for wide in range(24, 100):
        lines = [line.strip().removesuffix(" …") for line in layer_page._wrapped(told, wide)]
        assert len(lines) <= 2 and all(len(line) <= wide for line in lines)
        assert told.startswith(" ".join(lines)) and {*" ".join(lines).split()} <= {*told.split()}


async def test_the_review_says_what_is_assumed_and_why_it_is_asked(tmp_path: Path) -> None:
    async with driving(tmp_path, Answers(name="shop"), size=(80, 24), catalog=CATALOG) as driver:
        await driver.press("r")
        await driver.settle()
        assert "4 assumptions" in driver.text()  # those about clusters as well
        await driver.go(("question", "traffic"))
        told = driver.text()
        assert "Nobody said it, so this is assumed: low" in told and CATALOG.questions["traffic"].why in told


async def test_completing_says_how_much_of_it_is_assumed(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "low"}, {}), catalog=CATALOG) as driver:
        await driver.settle()
        await driver.press("C")
        assert "What nobody said about the use case is assumed (3 answers)" in driver.text()


async def test_what_is_pinned_is_seen(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "low"}, {"mesh": "linkerd"}), catalog=CATALOG) as driver:
        await driver.find("mesh=linkerd")
        assert "pinned" not in driver.text()
        await driver.press("b")
        assert "● Linkerd · pinned" in driver.text()
        await driver.find("traffic")
        await driver.press("b")
        assert "low · pinned" in driver.text()


async def test_a_setting_opens_at_what_it_is_now(tmp_path: Path) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "low"}, {"metrics": "prometheus"}), catalog=CATALOG) as driver:
        await driver.find("retention")
        await driver.settle()
        await driver.press("enter")
        assert isinstance(driver.app.screen, Pick)
        rows = driver.app.screen.query_one(Rows)
        assert rows.current is not None and rows.current.key == ("value", "15d")
        await driver.pick(("value", "7d"))
        await driver.settle()
        await driver.press("enter")
        assert "(●)  7d" in driver.text() or "(●) 7d" in driver.text()


@pytest.mark.parametrize("chosen, told", [
    ("linkerd", "Beside the other answers it would be recommended as well."),
    ("istio", "by itself, another would be recommended"),
])
async def test_why_something_was_chosen_says_what_would_be_recommended(tmp_path: Path, chosen: str, told: str) -> None:
    async with driving(tmp_path, tiny.answers({"traffic": "high"}, {"mesh": chosen}), catalog=CATALOG) as driver:
        await driver.find(f"mesh={chosen}")
        await driver.settle()
        await driver.press("?")
        assert told in " ".join(driver.text().replace("│", " ").split())


async def test_no_layer_is_cut_in_the_map_at_the_smallest_size(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(), size=(80, 24)) as driver:
        names = [row.cells[2].text for row in driver.desk.query_one("#map", Rows).rows if len(row.cells) > 2]
        shown = [line.split("│")[0] for line in driver.text().splitlines()[1:len(names) + 1]]
        assert all(name in told for name, told in zip(names, shown, strict=True)), shown
