"""Every command, pressed as a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests import tiny
from tests.wizard.tui.driving import driving, option, real_catalog
from tests.wizard.tui.test_screens import CATALOG
from wizard.answers import Answers, Said
from wizard.answers_file import load
from wizard.changes import Change
from wizard.presets import Preset, presets
from wizard.session import begin
from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.rows import Rows
from wizard.tui.screens.exporting import ExportScreen
from wizard.tui.screens.general import Ask, Edit, Pick, Read, TooSmall
from wizard.tui.screens.main import MainScreen
from wizard.tui.screens.picture import PictureScreen
from wizard.tui.screens.searching import Search


def on_gcp(**said: str) -> Answers:
    """A design with some choices."""
    return Answers(name="shop", choices={key: Said((value,), "wizard") for key, value in said.items()})


@pytest.fixture(autouse=True)
def acted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold a test to the commands that it says it proves: each has to be carried out."""
    seen: set[str] = set()

    def watched(name: str, action: Callable[..., object]) -> Callable[..., object]:
        @wraps(action)
        def act(*arguments: object) -> object:
            seen.add(name)
            return action(*arguments)
        return act

    for command in COMMANDS:
        name = f"action_{command.action}"
        monkeypatch.setattr(MainScreen, name, watched(command.action, getattr(MainScreen, name)))
    yield
    marked = request.node.get_closest_marker("proves")
    assert marked is None or set(marked.args) <= seen, set(marked.args) - seen


def test_every_command_is_proven_by_a_test_here() -> None:
    proven = {action for test in globals().values() for mark in getattr(test, "pytestmark", ())
              if mark.name == "proves" for action in mark.args}
    assert proven == {command.action for command in COMMANDS}


def test_every_command_has_an_action_a_title_and_help() -> None:
    for command in COMMANDS:
        assert hasattr(MainScreen, f"action_{command.action}"), command
        assert command.title and command.help and command.keys


def test_no_key_means_two_things() -> None:
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    keys += list(JUMPS)
    assert len(keys) == len(set(keys))


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


@pytest.mark.proves("history", "redo")
async def test_history_goes_back_and_forth_by_name(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.press("enter")
        await driver.find("mesh=linkerd")
        await driver.press("enter")
        await driver.press("H")
        assert "Choose Linkerd" in driver.text()
        await driver.pick(1)
        assert driver.session.answers.choices["mesh"].value == ("istio",)
        assert len(driver.session.future) == 1
        await driver.press("U")
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)


@pytest.mark.proves("bookmark", "bookmarks")
async def test_bookmarks_are_compared_with_what_is_decided_now(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.press("B")
        await driver.type("plain")
        await driver.press("enter")
        await driver.find("mesh=linkerd")
        await driver.press("enter", "O")
        await driver.pick("plain")
        await driver.pick("")
        assert isinstance(driver.app.screen, Read)
        assert "Linkerd" in driver.text()


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
        await driver.press("down", "enter")
        assert driver.desk.page == "dns"


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


@pytest.mark.proves("cluster")
async def test_an_answer_for_one_kind_of_cluster_leaves_the_others(tmp_path: Path) -> None:
    async with driving(tmp_path, load(Path("samples/media-house/answers.yaml"), real_catalog())) as driver:
        kinds = driver.app.space.kind_names
        assert len(kinds) > 1
        await driver.find("network-policy")
        await driver.press("c")
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


@pytest.mark.slow
async def test_exporting_previews_writes_and_then_changes_nothing(tmp_path: Path) -> None:
    async with driving(tmp_path / "state", on_gcp()) as driver:
        await driver.press("e")
        screen = driver.app.screen
        assert isinstance(screen, ExportScreen)
        screen.folder = str(tmp_path / "out")
        for key, counts in (("p", "new"), ("w", "new"), ("p", "unchanged")):
            await driver.press(key)
            for _ in range(600):
                await driver.pilot.pause(0.05)
                if not screen.running:
                    break
            assert screen.planned is not None, driver.text()
            assert screen.planned.count(counts) == len(screen.planned.fates)  # type: ignore[arg-type]
            assert (tmp_path / "out").exists() == (key == "w" or counts == "unchanged")
        assert load(tmp_path / "out" / "answers.yaml", real_catalog()).name == "shop"
        assert driver.session.path == tmp_path / "out" / "answers.yaml"
        await driver.press("escape")
        assert driver.app.screen is driver.desk


@pytest.mark.proves("export")
async def test_a_cancelled_export_leaves_the_folder_alone(tmp_path: Path) -> None:
    async with driving(tmp_path / "state", on_gcp()) as driver:
        await driver.press("e")
        screen = driver.app.screen
        assert isinstance(screen, ExportScreen)
        screen.folder = str(tmp_path / "out")
        screen.action_write()
        screen.action_cancel()
        for _ in range(600):
            await driver.pilot.pause(0.05)
            if not screen.running:
                break
        assert not (tmp_path / "out").exists()
        assert "Cancelled" in driver.text()


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
            assert layer.title[:6] in driver.text()


@pytest.mark.proves("quit")
async def test_quitting_asks_about_what_was_not_saved(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        await driver.find("mesh=istio")
        await driver.press("enter", "q")
        assert "Not saved yet" in driver.text()
        await driver.press("escape")
        assert driver.app.is_running


UNDOABLE = {
    "choose": ("mesh=istio", ["enter"]), "reject": ("mesh=istio", ["x"]), "pin": ("mesh=istio", ["b"]),
    "leave open": ("kubernetes=gke-standard", ["backspace"]), "complete": ("mesh=istio", ["C", "enter"]),
    "answer": ("traffic", ["enter", "down", "enter"]), "a cluster's fact": ("environment", ["enter", "down", "enter"]),
    "setting": ("metrics.retention", ["enter", "home", "enter"]),
    "priorities": ("priorities", ["enter", "enter", "end", "enter"]),
    "repair": ("storage-operator=rook", ["enter", "enter"]), "name": ("name", ["enter", "x", "enter"]),
    "a preset": ("mesh=istio", ["P", "enter", "enter"]),
    "a cluster": ("clusters", ["enter", "enter"]),
}


@pytest.mark.parametrize("kind", UNDOABLE)
async def test_every_kind_of_change_is_undone_and_redone(tmp_path: Path, kind: str) -> None:
    typed, pressed = UNDOABLE[kind]
    start = on_gcp(kubernetes="gke-autopilot" if kind == "repair" else "gke-standard")
    async with driving(tmp_path, start) as driver:
        before = driver.session
        await driver.find(typed)
        await driver.press(*pressed)
        after = driver.session
        assert after.current.plain != before.current.plain
        assert len(after.past) == 1
        assert after.current.name != before.current.name
        await driver.press("u")
        assert driver.session.current.plain == before.current.plain
        await driver.press("U")
        assert driver.session.current.plain == after.current.plain


def test_a_change_that_changes_nothing_is_no_step() -> None:
    session = begin(on_gcp())
    assert session.apply(Change("Nothing", lambda answers: answers)) is session


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


async def test_undoing_many_changes_at_once_is_shown_first(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        for typed in ("mesh=istio", "cdn=none", "mesh=linkerd"):
            await driver.find(typed)
            await driver.press("enter")
            await driver.agree()
        await driver.press("H")
        await driver.pick(0)
        assert "Undo 3 changes" in driver.text() and "Linkerd" in driver.text()
        await driver.press("escape")
        assert len(driver.session.past) == 3
        await driver.press("H")
        await driver.pick(0)
        await driver.press("enter")
        assert not driver.session.answers.choices
        assert len(driver.session.future) == 3


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


@pytest.mark.proves("alternatives")
async def test_alternatives_are_whole_designs_and_the_picked_one_is_taken_after_a_preview(tmp_path: Path) -> None:
    async with driving(tmp_path, on_gcp()) as driver:
        other = driver.app.space.alternatives(2)[1]
        await driver.press("A")
        await driver.pick(other.first)
        assert "would change" in driver.text()
        await driver.press("enter")
        assert driver.session.answers.priorities.value[0] == other.first
        assert driver.app.space.complete().choices == other.resolution.choices


async def test_an_export_that_cannot_be_written_stays_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    async with driving(tmp_path / "state", on_gcp(mesh="linkerd")) as driver:
        await driver.press("e")
        screen = driver.app.screen
        assert isinstance(screen, ExportScreen)
        screen.folder, screen.only = str(tmp_path / "file" / "out"), ("overview",)
        await driver.press("w")
        for _ in range(1200):
            await driver.pilot.pause(0.05)
            if not screen.running:
                break
        assert driver.app.screen is screen
        assert "file" in driver.text().split("─" * 40)[-1]
        assert "Written" not in driver.text()
        assert (tmp_path / "file").read_text() == "mine"
        assert driver.session.answers.choices["mesh"].value == ("linkerd",)


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
