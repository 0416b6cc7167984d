"""Looking: reasons, search, comparison, map, review, picture, help; at every size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard.tui.driving import driving, on_gcp, option, real_catalog
from wizard.answers_file import load
from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.finding import Index, entries
from wizard.tui.rows import Rows
from wizard.tui.screens.general import Read
from wizard.tui.screens.picture import PictureScreen
from wizard.tui.screens.searching import Search
from wizard.tui.screens.waiting import TooSmall
from wizard.tui.sketch import sketch


@pytest.mark.proves("why")
async def test_why_shows_the_chain_with_its_sources(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(kubernetes="gke-autopilot"), size=(140, 60)) as driver:
        await driver.find("storage-operator=rook")
        await driver.press("?")
        assert isinstance(driver.app.screen, Read)
        text = driver.text()
        assert "You chose GKE Autopilot" in text
        assert "https://" in text
        assert "Ways out" in text
        await driver.press("escape")
        assert driver.app.screen is driver.desk


async def test_what_if_says_what_else_would_change(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(), size=(140, 60)) as driver:
        await driver.find("mesh=istio")
        await driver.settle()
        await driver.press("?")
        assert "If you choose this" in driver.text() or "If you choose it" in driver.text()
        assert "→" in driver.text()


@pytest.mark.parametrize("typed", ["istio", "gateway api", "mesh=li", "backup", "nothing is called that"])
def test_what_is_typed_letter_by_letter_finds_the_same_as_at_once(typed: str) -> None:
    every = entries(real_catalog())
    index = Index(every)
    for end in range(1, len(typed) + 1):
        assert index.matching(typed[:end]) == Index(every).matching(typed[:end])
    assert index.matching("kubernetes") == Index(every).matching("kubernetes")


@pytest.mark.proves("search")
@pytest.mark.parametrize("typed, key", [
    ("istio", "option"), ("service mesh", "option"), ("retention", "setting"), ("availability", "question"),
    ("mesh-none-regulated", "option"),
])
async def test_search_finds_components_decisions_rules_and_settings(tmp_path: Path, typed: str, key: str) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("/")
        assert isinstance(driver.app.screen, Search)
        await driver.type(typed)
        await driver.press("enter")
        assert driver.app.screen is driver.desk
        assert driver.desk.under is not None and driver.desk.under[0] == key


async def test_search_for_nothing_known_says_so_and_stays(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("/")
        await driver.type("no such thing anywhere")
        await driver.press("enter")
        assert isinstance(driver.app.screen, Search)
        assert "Nothing is called that" in driver.text()


@pytest.mark.proves("mark", "compare")
async def test_marked_options_are_compared_side_by_side(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.press("m")
        await driver.find("mesh=linkerd")
        await driver.press("m", "=")
        assert isinstance(driver.app.screen, Read)
        text = driver.text()
        assert "Istio" in text and "Linkerd" in text and "operational effort" in text
        await driver.press("escape", "m", "=")
        assert driver.app.screen is driver.desk


@pytest.mark.proves("next_page", "previous_page", "review")
async def test_the_map_jumps_with_one_key_and_walks_with_n_and_p(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        for number, key in enumerate(JUMPS):
            await driver.press(key)
            assert driver.desk.page == driver.desk.pages[number]
        await driver.press("n")
        assert driver.desk.page == "review"
        await driver.press("p", "p")
        assert driver.desk.page == driver.desk.pages[-3]
        await driver.press("r")
        assert driver.desk.page == "review"


@pytest.mark.proves("focus_map")
async def test_the_map_is_used_with_arrows_too(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("tab", "tab")
        assert driver.app.focused is driver.desk.query_one("#map")
        await driver.press("down", "enter")
        assert driver.desk.page == driver.desk.pages[1]
        assert driver.app.focused is driver.desk.query_one("#page")


async def test_a_click_moves_and_a_second_one_chooses(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        rows = driver.desk.query_one("#page", Rows)
        rows.scroll_to(y=rows.cursor, animate=False)
        await driver.pilot.pause()
        at = next(n for n, row in enumerate(rows.rows) if row.key == option("mesh", "linkerd"))
        place = (8, at - rows.scroll_offset.y)
        await driver.pilot.click("#page", offset=place)
        assert driver.desk.under == option("mesh", "linkerd")
        await driver.pilot.click("#page", offset=place)
        await driver.pilot.pause()
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)


async def test_the_review_lists_open_decisions_materials_and_leads_back(tmp_path: Path) -> None:
    async with driving(tmp_path, load(Path("samples/start-up/answers.yaml"), real_catalog()), size=(140, 400)) as driver:
        await driver.press("r")
        await driver.settle()
        text = driver.text()
        assert "Bill of materials" in text and "Complete the rest" in text
        first = next(row.key for row in driver.desk.query_one("#page", Rows).rows if row.key and row.key[0] == "decision")
        await driver.go(first)
        await driver.press("enter")
        assert driver.desk.page == "dns"


@pytest.mark.proves("picture")
async def test_the_picture_opens_zooms_and_closes(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(mesh="istio")) as driver:
        await driver.find("mesh=istio")
        await driver.settle()
        await driver.press("v")
        assert isinstance(driver.app.screen, PictureScreen)
        assert "A request on its way in" in driver.text()
        await driver.press("z")
        assert "● Istio" in driver.text()
        assert "A request on its way in" not in driver.text()
        await driver.press("escape")
        assert driver.app.screen is driver.desk


@pytest.mark.proves("dark", "help")
async def test_light_dark_and_help(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(), size=(140, 80)) as driver:
        before = driver.app.theme
        await driver.press("T")
        assert driver.app.theme != before
        await driver.press("f1")
        text = driver.text()
        for command in COMMANDS:
            assert command.title in text


async def test_the_palette_lists_every_command(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        titles = {entry.title for entry in driver.app.get_system_commands(driver.desk)}
        assert titles == {command.title for command in COMMANDS}


async def test_too_small_a_terminal_says_what_it_needs_and_waits(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(mesh="istio"), size=(60, 20)) as driver:
        assert isinstance(driver.app.screen, TooSmall)
        assert "80 x 24" in driver.text()
        await driver.pilot.resize_terminal(100, 30)
        await driver.pilot.pause()
        assert driver.app.screen is driver.desk
        assert driver.session.answers.choices["mesh"].value == ("istio",)


@pytest.mark.parametrize("size", [(80, 24), (111, 30), (140, 45), (250, 70)])
async def test_the_map_is_visible_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with driving(tmp_path, on_gcp(), size=size) as driver:
        await driver.settle()
        for layer in real_catalog().layers.values():
            assert layer.title in driver.text() or (layer.short or layer.title) in driver.text()


async def test_resizing_leaves_everything_where_it_is(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp(mesh="linkerd")) as driver:
        await driver.find("mesh=linkerd")
        await driver.press("?")
        for size in ((80, 24), (250, 70), (60, 20), (111, 30)):
            await driver.pilot.resize_terminal(*size)
            await driver.pilot.pause()
        assert isinstance(driver.app.screen, Read)
        assert "Escape closes" in driver.text()
        await driver.press("escape")
        assert driver.desk.under == option("mesh", "linkerd")
        assert "Linkerd" in driver.text()


async def test_the_way_of_a_request_is_one_straight_line(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.settle()
        way = sketch(driver.desk.view).plain.splitlines()
        assert len({line.index("▼") for line in way if "▼" in line}) == 1
        assert len({line.index("┬") for line in way if "┬" in line}) == 1
        assert len({len(line) for line in way if line.startswith(" ┌")}) == 1


@pytest.mark.slow
async def test_lines_beside_the_page_are_cut_and_never_wrapped_out_of_their_frames(tmp_path: Path) -> None:
    answers = load(Path(__file__).parents[3] / "samples" / "start-up" / "answers.yaml", real_catalog())
    async with driving(tmp_path, answers, size=(210, 50)) as driver:
        await driver.settle()
        drawn = sketch(driver.desk.view).plain.splitlines()
        shown = driver.desk.query_one("#sketch")
        assert max(map(len, drawn)) > shown.size.width - 2
        assert shown.size.height == len(drawn)
