"""The SVG: self-contained, readable by people, programs and screen readers, and by viewers without any font."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from exporters.pictures import icons, layout, svg
from exporters.pictures.graph import Arrow, Box, Picture
from exporters.pictures.palette import ARROWS, DARK, LIGHT
from exporters.pictures.subject import subject
from exporters.pictures.views import view
from tests.exporters.pictures.landscape import shop

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawing() -> str:
    found = view("request-path").make(subject(shop()), 8)
    assert found is not None
    return svg.draw(layout.place(found))


def test_it_points_at_nothing_outside_of_itself(drawing: str) -> None:
    addresses = re.findall(r"""(?:href|src|url)\s*[=(]\s*["']?([^"')]+)""", drawing)
    assert addresses
    assert all(address.startswith(("data:", "#")) for address in addresses)


def test_each_icon_is_in_it_once_however_often_it_is_drawn(drawing: str) -> None:
    assert drawing.count(icons.data_uri(icons.WORKLOADS["deployment"]) or "?") == 1
    assert drawing.count("-k8s-compute-Deploy\"") >= 3


def test_it_names_and_describes_itself_for_screen_readers(drawing: str) -> None:
    root = ElementTree.fromstring(drawing)
    assert root.attrib["role"] == "img"
    title, description = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None and description is not None
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    assert "web to api: request (gRPC 9090)." in (description.text or "")


def test_the_legend_explains_exactly_the_arrows_in_use(drawing: str) -> None:
    said = {element.text for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")}
    assert {ARROWS["request"].words, ARROWS["resolve"].words} <= said
    assert ARROWS["scrape"].words not in said


def test_arrows_differ_in_dash_and_not_only_in_colour() -> None:
    assert len({stroke.dash for stroke in ARROWS.values()}) == len(ARROWS)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tint", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(tint: dict[str, str]) -> None:
    for behind in ("paper", "zone", "cluster", "box", "workload", "external", "actor", "summary", "platform"):
        assert _contrast(tint["ink"], tint[behind]) >= 7
        assert _contrast(tint["soft"], tint[behind]) >= 4.5
    for stroke in ARROWS.values():
        assert _contrast(stroke.dark if tint is DARK else stroke.light, tint["paper"]) >= 4.5


def test_dark_and_light_hold_the_same_names() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_a_dark_drawing_asks_for_no_theme_and_an_automatic_one_does(drawing: str) -> None:
    found = view("request-path").make(subject(shop()), 8)
    assert found is not None
    dark = svg.draw(layout.place(found), "dark")
    assert "prefers-color-scheme" in drawing
    assert "prefers-color-scheme" not in dark
    assert DARK["paper"] in dark and f".kw .paper{{fill:{LIGHT['paper']}}}" not in dark


def test_on_paper_the_automatic_drawing_is_light(drawing: str) -> None:
    assert "@media screen and (prefers-color-scheme:dark)" in drawing


def test_a_box_with_a_link_can_be_followed() -> None:
    found = Picture("v", "T", "c", boxes=(Box("a", "A", link="../x.md?a=1&b=\"2\""), Box("b", "B")),
                    arrows=(Arrow("a", "b", "request"),))
    root = ElementTree.fromstring(svg.draw(layout.place(found)))
    assert [element.attrib["href"] for element in root.iter(f"{SVG}a")] == ["../x.md?a=1&b=%222%22"]


def test_the_embedded_fonts_hold_every_character_shown(drawing: str, font_of: Callable[[bytes], set[int]]) -> None:
    import base64

    fonts = [base64.b64decode(data) for data in re.findall(r"data:font/ttf;base64,([^)]+)", drawing)]
    assert fonts
    held = set().union(*(font_of(data) for data in fonts))
    shown = {ord(char) for element in ElementTree.fromstring(drawing).iter(f"{SVG}text") for char in element.text or ""}
    assert shown <= held
