"""Every format stays whole whatever people call their things."""

from __future__ import annotations

import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.pictures import engine, layout, raster, svg
from exporters.pictures.formats import FORMATS, TEXT, dot, drawio, mermaid
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Arrow, Box, Group, Picture
from exporters.pictures.subject import subject
from exporters.pictures.text import clean
from exporters.pictures.views import VIEWS
from tests.exporters.pictures.landscape import media

SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    '"quoted" & <b>bold</b>', "<script>alert(1)</script>", "a | b || c", "line\nbreak\r\nand\ttab", "x" * 300,
    "\u202eright to left\u202c", "\U0001f680 rocket \U0001f469\u200d\U0001f4bb", "back\\slash \\n \\\\", "<not html>",
    "]]> -- --> %% end", "end", "subgraph x[", "#35; &#35; &amp;", "javascript:alert(1)", "graph TD; click a",
    "\x00\x07\ud800\x1f", "`code` **bold** $x$", "", "{{ template }} ${x}", "支付 결제 日本", "---", "x: y",
    "'single' \u2018curly\u2019", "style n0 fill:#f00", "\u2028\u2029\ufeff",
]
"""Names somebody could give."""

names = st.one_of(st.sampled_from(NASTY), st.text(max_size=40),
                  st.text(alphabet="\"'<>&|\\{}[]()#;:%-\n`end", max_size=30))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    text = [draw(names) for _ in range(9)]
    return Picture(
        "view", text[0], text[1],
        groups=(Group("g", text[2], "cluster", None, text[3]), Group("h", text[4], "zone", "g")),
        boxes=(Box("a", text[5], text[6], group="g", members=(text[8],)),
               Box("b", text[6], "", "workload", "h", glyph=text[7]),
               Box("c", text[7], text[8], "external", link=text[5] or None)),
        arrows=(Arrow("a", "b", "request", text[8]), Arrow("b", "c", "store", text[0]), Arrow("a", "c", "push")),
    )


def nasty(text: str) -> Picture:
    return Picture("view", text, text, (Group("g", text, note=text),),
                   (Box("a", text, text, group="g"), Box("b", text)), (Arrow("a", "b", "request", text),))


@settings(max_examples=40, deadline=None)
@given(pictures())
def test_an_svg_is_well_formed_and_holds_no_script_whatever_the_names(found: Picture) -> None:
    root = ElementTree.fromstring(svg.draw(layout.place(found)))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "defs", "symbol", "image", "rect", "g", "text", "path", "polygon",
                    "use", "a", "circle"}
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)


@settings(max_examples=40, deadline=None)
@given(pictures())
def test_a_link_leads_to_a_file_or_nowhere(found: Picture) -> None:
    root = ElementTree.fromstring(svg.draw(layout.place(found)))
    links = [element.attrib["href"] for element in root.iter(f"{SVG}a")]
    assert not any(re.match(r"\s*[a-zA-Z][a-zA-Z0-9+.-]*:|\s*//", link) for link in links)


@settings(max_examples=40, deadline=None)
@given(pictures())
def test_dot_is_read_by_the_engine_and_shows_each_name_once_and_whole(found: Picture) -> None:
    answer = engine.run(dot.write(found))
    assert [item["name"] for item in answer["objects"] if item["name"].startswith("n")] == ["n0", "n1", "n2"] or {
        item["name"] for item in answer["objects"]} == {"cluster_0", "cluster_1", "n0", "n1", "n2"}
    assert len(answer["edges"]) == 3


def test_dot_reads_no_html_from_a_title_and_what_stands_below_it() -> None:
    label = "<\n>"
    found = Picture("view", "t", "c", (), (Box("a", "<", ">"), Box("b", label), Box("c", "<x>")), ())
    answer = engine.run(dot.write(found))
    assert [item["label"].strip() for item in answer["objects"]] == ["<\\n>", "< >", "<x>"]


@settings(max_examples=60, deadline=None)
@given(pictures())
def test_draw_io_is_well_formed_and_its_html_holds_only_text(found: Picture) -> None:
    root = ElementTree.fromstring(drawio.write(layout.place(found)))
    cells = list(root.iter("mxCell"))
    assert len(cells) == 2 + 2 + 3 + 3
    for cell in cells:
        html = cell.attrib.get("value", "")
        assert set(re.findall(r"<[^>]*>", html)) <= {"<b>", "</b>", "<br>"}
    ids = {cell.attrib["id"] for cell in cells}
    assert {cell.attrib[end] for cell in cells for end in ("source", "target") if end in cell.attrib} <= ids


@settings(max_examples=60, deadline=None)
@given(pictures())
def test_mermaid_lines_are_all_of_a_known_shape(found: Picture) -> None:
    body = mermaid.write(found).split("---\n", 2)[2].splitlines()
    quoted = r'"[^"\n<>|`{}\[\]]*(<br/>[^"\n<>|`{}\[\]]*)?"'
    node = rf" +n\d+(\[|\(|\[\(|\(\[|\[\[){quoted}(\]|\)|\)\]|\]\)|\]\])"
    edge = rf" +[ng]\d+ (-->|-\.->)(\|{quoted}\|)? [ng]\d+"
    frame, style = rf" +subgraph g\d+\[{quoted}\]| +end", r" +linkStyle \d+ stroke:#[0-9a-f]+"
    known = re.compile(rf"flowchart (TB|LR)|{node}|{edge}|{frame}|{style}")
    assert [line for line in body if not known.fullmatch(line)] == []


@pytest.mark.parametrize("text", NASTY)
def test_a_name_is_shown_as_it_was_given_in_svg_and_draw_io(text: str) -> None:
    placed = layout.place(nasty(text))
    kept = clean(text)
    root = ElementTree.fromstring(svg.draw(placed))
    title = root.find(f"{SVG}title")
    assert title is not None and (title.text or "") == clean(text, 400)
    shown = "".join(element.text or "" for element in root.iter(f"{SVG}text") if element.attrib["class"] == "bt")
    if len(kept) < 18:
        assert kept.replace(" ", "") in shown.replace(" ", "")
    values = [cell.attrib.get("value", "") for cell in ElementTree.fromstring(drawio.write(placed)).iter("mxCell")]
    assert any(unescape(re.sub(r"</?b>|<br>.*", "", value)) == clean(text, 300) for value in values)


EDGE = 4
"""Pixels around a picture that nothing stands in."""


def painted(found: Picture, scale: int = 1) -> None:
    """Hold a picture to being painted whole: as large as was reckoned, with paper all around and ink within."""
    pillow = pytest.importorskip("PIL.Image", reason="Pillow reads PNG files independently")
    placed = layout.place(found)
    image = pillow.open(io.BytesIO(raster.png(svg.draw(placed, "light", embed=False), scale))).convert("RGB")
    wide, tall = (int(side) * scale for side in svg.size(placed))
    assert image.size == (wide, tall)
    paper, edge = image.getpixel((0, 0)), EDGE * scale
    for strip in ((0, 0, wide, edge), (0, tall - edge, wide, tall), (0, 0, edge, tall), (wide - edge, 0, wide, tall)):
        assert image.crop(strip).getcolors() == [((strip[2] - strip[0]) * (strip[3] - strip[1]), paper)], strip
    ink = sum(count for count, colour in image.getcolors(wide * tall) if colour != paper)
    assert ink > wide * tall / 100
    assert all(Rect(0, 0, placed.width, placed.height).contains(box) for box in placed.boxes.values())


@pytest.mark.parametrize("text", NASTY)
def test_a_picture_with_any_name_is_painted_whole(text: str) -> None:
    painted(nasty(text))


@settings(max_examples=30, deadline=None)
@given(pictures())
def test_a_picture_is_painted_whole_whatever_the_names(found: Picture) -> None:
    painted(found)


def test_a_picture_is_painted_at_twice_its_size() -> None:
    painted(nasty("支付 \U0001f680 <b> \u202eabc"), 2)


def test_every_view_can_be_written_in_every_format() -> None:
    about = subject(media())
    for view in VIEWS:
        found = view.make(about, view.most)
        assert found is not None
        placed = layout.place(found)
        for suffix, write in TEXT.items():
            assert write(placed), (view.name, suffix)


def test_the_formats_are_those_that_can_be_asked_for() -> None:
    assert FORMATS == ("svg", "dark.svg", "dot", "mmd", "drawio", "png", "2x.png")
