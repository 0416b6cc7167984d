"""Images as terminals are told them, read back into pixels as xterm and Kitty read them."""

from __future__ import annotations

import base64
import io
import re
import sys
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console
from textual._context import active_app
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual_image._sixel import image_to_sixels
from textual_image._terminal import get_cell_size
from textual_image.renderable import tgp

from tests import tiny
from tests.wizard.tui.driving import driving
from tests.wizard.tui.test_screens import CATALOG
from wizard.tui import graphics
from wizard.tui.drawing import Drawn, Wanted
from wizard.tui.graphics import Placed
from wizard.tui.screens.main import MainScreen
from wizard.tui.sixels import BAND, banded, bands, sixels

PICTURE = Path(__file__).parents[3] / "samples" / "start-up" / "export" / "docs" / "architecture" / "diagrams" / "overview.png"
GREEN = (20, 80, 20)
"""What xterm draws with before a colour was chosen."""


def picture(width: int = 300) -> Image.Image:
    """A real picture, small."""
    image = Image.open(PICTURE).convert("RGB")
    return image.resize((width, round(image.height * width / image.width)))


def decoded(sixels: str) -> Image.Image:
    """What a terminal paints that keeps its colour until one is chosen, and chooses none by defining it."""
    found = re.fullmatch(r'\x1bP0;0;0q"1;1;(\d+);(\d+)(.*)\x1b\\', sixels, re.DOTALL)
    assert found is not None
    wide, high = int(found[1]), int(found[2])
    image = Image.new("RGB", (wide, -(-high // BAND) * BAND))
    pixels = image.load()
    assert pixels is not None
    colours: dict[int, tuple[int, int, int]] = {}
    colour, x, y = GREEN, 0, 0
    for defined, red, green, blue, selected, times, sixel, control in re.findall(
            r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)(?![\d;])|(?:!(\d+))?([?-~])|([$-])", found[3]):
        if defined:
            colours[int(defined)] = (round(int(red) * 2.55), round(int(green) * 2.55), round(int(blue) * 2.55))
        elif selected:
            colour = colours[int(selected)]
        elif sixel:
            for at in range(x, x + int(times or 1)):
                for row in range(BAND):
                    if (ord(sixel) - 63) >> row & 1:
                        pixels[at, y + row] = colour
            x += int(times or 1)
        else:
            x, y = 0, y + (BAND if control == "-" else 0)
    return image.crop((0, 0, wide, high))


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far two images are apart: the mean difference of a channel, of 255."""
    assert one.size == other.size
    first, second = one.tobytes(), other.tobytes()
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / len(first)


def test_sixels_are_the_picture_in_a_terminal_that_chooses_no_colour_by_defining_it() -> None:
    image = banded(picture())
    assert apart(decoded(sixels(image)), image) < 4


def test_the_decoder_sees_what_xterm_showed_before_colours_were_chosen() -> None:
    image = banded(picture())
    assert apart(decoded(image_to_sixels(image)), image) > 4


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (40, 12), (3, 600)])
def test_sixels_of_any_size_paint_every_pixel(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, (200, 40, 40))
    image.putpixel((0, 0), (10, 10, 250))
    image.putpixel((size[0] - 1, size[1] - 1), (250, 250, 250))
    assert apart(decoded(sixels(image)), image) < 4
    assert not size[0] > 3 or len(sixels(image)) < size[0] * size[1] + 200


@pytest.mark.parametrize("high", [1, 6, 7, 812])
def test_an_image_never_reaches_below_its_place(high: int) -> None:
    shown = banded(Image.new("RGB", (4, high)))
    assert shown.height % BAND == 0 or high < BAND
    assert high - BAND < shown.height <= max(high, BAND)


@pytest.mark.parametrize("pixels", [1, 6, 100, 102, 5000])
def test_the_upper_part_of_an_image_is_painted_as_far_as_whole_lines_of_it_fit(pixels: int) -> None:
    image = banded(picture())
    shown = decoded(bands(image).upper(pixels))
    high = image.height if pixels < BAND else min(pixels - pixels % BAND, image.height)
    assert shown.size == (image.width, high)
    assert apart(shown, image.crop((0, 0, image.width, high))) < 4


class Showing(App[None]):
    """Nothing but an image."""

    def __init__(self, drawn: Drawn) -> None:
        super().__init__()
        self.drawn = drawn

    def compose(self) -> ComposeResult:
        yield graphics.shown(self.drawn)


def drawn_as(image: Image.Image) -> Drawn:
    data = io.BytesIO()
    image.save(data, "png")
    return Drawn(Wanted(sixels=True), png=data.getvalue(), sixels=bands(banded(image)))


async def test_sixels_made_beside_the_keys_are_shown_as_they_are_and_the_next_in_their_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(graphics, "Best", graphics.sixel.Image)
    cell = get_cell_size()
    one, other = picture(40 * cell.width), Image.new("RGB", (40 * cell.width, 3 * cell.height + 4), (20, 90, 160))
    app = Showing(drawn_as(one))
    async with app.run_test(size=(40, 60)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(graphics, "sixels", lambda _: pytest.fail("made while keys wait"))
        place = app.query_one(graphics._Encoded)
        for image in (one, other):
            graphics.show(app.query_one(graphics.Sixels), drawn_as(image))
            await pilot.pause()
            assert app.query_one(graphics._Encoded) is place
            lines = place.render_lines(place.size.region)
            told = [segment.text for line in lines for segment in line if segment.text.startswith("\x1bP")]
            assert len(told) == 1
            shown = decoded(told[0])
            assert shown.height == image.height - image.height % BAND
            assert apart(shown, image.crop((0, 0, *shown.size))) < 4


async def test_a_part_of_an_image_that_is_not_its_upper_one_is_made_from_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphics, "Best", graphics.sixel.Image)
    cell = get_cell_size()
    image = picture(40 * cell.width)
    app = Showing(drawn_as(image))
    async with app.run_test(size=(40, 60)) as pilot:
        await pilot.pause()
        place = app.query_one(graphics._Encoded)
        lines = place.render_lines(Region(0, 2, 40, 4))
        told = next(segment.text for line in lines for segment in line if segment.text.startswith("\x1bP"))
        shown = decoded(told)
        top = 2 * cell.height
        assert apart(shown, image.crop((0, top, image.width, top + shown.height))) < 4


def sent(image: Image.Image, monkeypatch: pytest.MonkeyPatch, width: int) -> tuple[str, str]:
    """What is written to the terminal, and the letters that stand for the image."""
    out, screen = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "__stdout__", out)
    data = io.BytesIO()
    image.save(data, "png")
    placed = Placed(data, width, "auto")
    Console(file=screen, width=width, force_terminal=True, color_system="truecolor").print(placed)
    placed.cleanup()
    return out.getvalue(), screen.getvalue()


def test_an_image_by_kittys_protocol_is_the_picture_and_its_letters_name_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    image = picture()
    told, letters = sent(image, monkeypatch, 40)
    messages = [(dict(part.split("=") for part in keys.split(",")), data)
                for keys, data in re.findall(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\", told)]
    *parts, place, gone = messages
    assert [keys["m"] for keys, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    assert all(len(data) <= 4096 for _, data in parts)
    shown = Image.open(io.BytesIO(base64.b64decode("".join(data for _, data in parts)))).convert("RGB")
    assert apart(image.resize(shown.size), shown) < 4
    number, rows, columns = int(place[0]["i"]), int(place[0]["r"]), int(place[0]["c"])
    assert place[0]["U"] == "1" and place[0]["a"] == "p"
    red, green, blue = map(int, re.findall(r"38;2;(\d+);(\d+);(\d+)m", letters)[0])
    marks = tgp._NUMBER_TO_DIACRITIC
    cells = re.findall(f"{chr(0x10EEEE)}(.)(.)(.)", letters)
    assert [(marks.index(ord(row)), marks.index(ord(column))) for row, column, _ in cells] == [
        (row, column) for row in range(rows) for column in range(columns)]
    assert {marks.index(ord(high)) << 24 | red << 16 | green << 8 | blue for _, _, high in cells} == {number & 0xFFFFFFFF}
    assert gone[0] == {"a": "d", "d": "I", "i": str(number), "q": "2"}


async def test_news_from_beside_find_the_application_that_widgets_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    known = MainScreen.known

    def noticed(screen: MainScreen) -> None:
        found.append(active_app.get(None))
        known(screen)

    monkeypatch.setattr(MainScreen, "known", noticed)
    async with driving(tmp_path, tiny.answers({"traffic": "high"}, {}), catalog=CATALOG) as driver:
        await driver.press("2", "enter")
        await driver.settle()
        assert found and all(app is driver.app for app in found)
