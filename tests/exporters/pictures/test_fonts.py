"""Measuring with the shipped fonts, checked against FreeType."""

from __future__ import annotations

import io

import pytest

from exporters.pictures import fonts, layout, measure, raster, svg
from exporters.pictures.faults import PictureError
from exporters.pictures.graph import Arrow, Box, Picture
from exporters.pictures.joining import joined
from exporters.pictures.sheet import number
from exporters.pictures.text import clean, wrapped

SAMPLES = ["Hello, World", "ÄÖÜß ğşžđ", "Привет, мир", "Ελληνικά", "fi fl AV To", "10.0.0.0/20 → 443"]
WIDE = ["支付网关", "決済ゲートウェイ", "결제 게이트웨이", "龍龜鬱"]


@pytest.fixture(scope="module")
def pillow():  # type: ignore[no-untyped-def]
    return pytest.importorskip("PIL.ImageFont", reason="Pillow measures fonts independently")


@pytest.mark.parametrize("weight", ["regular", "semibold"])
@pytest.mark.parametrize("text", SAMPLES)
def test_widths_are_those_that_freetype_finds_without_kerning(pillow, weight: fonts.Weight, text: str) -> None:  # type: ignore[no-untyped-def]
    font = pillow.truetype(str(fonts.file(weight)), 1000, layout_engine=pillow.Layout.BASIC)
    expected = sum(font.getlength(char) for char in text)
    assert fonts.width(text, 1000, weight) == pytest.approx(expected, abs=len(text))


@pytest.mark.parametrize("text", WIDE)
def test_chinese_japanese_and_korean_are_measured_with_the_font_that_has_them(pillow, text: str) -> None:  # type: ignore[no-untyped-def]
    font = pillow.truetype(str(fonts.file("cjk")), 1000, layout_engine=pillow.Layout.BASIC)
    plain = text.replace(" ", "")
    assert fonts.width(plain, 1000) == pytest.approx(sum(font.getlength(char) for char in plain), abs=len(plain))


def test_every_common_chinese_japanese_and_korean_character_has_a_shape() -> None:
    face = fonts.face("cjk")
    assert all(face.glyph(chr(code)) for code in range(0x4E00, 0x9FA6))
    assert all(face.glyph(chr(code)) for code in range(0xAC00, 0xD7A4))
    assert all(face.glyph(char) for char in "ひらがなカタカナ、。「」ー")


def test_a_subset_draws_the_same_characters_as_the_whole_font(pillow) -> None:  # type: ignore[no-untyped-def]
    for name, text in (("regular", "Ägypten fiél"), ("semibold", "Prometheus"), ("cjk", "支付網關결제")):
        small = fonts.face(name).subset(text)
        assert len(small) < 20_000
        one = pillow.truetype(io.BytesIO(small), 200, layout_engine=pillow.Layout.BASIC)
        other = pillow.truetype(str(fonts.file(name)), 200, layout_engine=pillow.Layout.BASIC)
        for char in text:
            assert one.getlength(char) == pytest.approx(other.getlength(char), abs=1)
            assert abs(one.getbbox(char)[2] - other.getbbox(char)[2]) <= 2


def test_a_subset_is_the_same_bytes_whatever_the_order_of_the_characters() -> None:
    assert fonts.face("regular").subset("cab") == fonts.face("regular").subset("abbcca")


def test_what_no_font_has_is_given_room_and_marks_are_given_none() -> None:
    assert fonts.width("\U0001f680", 10) >= 10
    assert fonts.width("\u0301\u0301", 10) <= fonts.width("aa", 10)


def test_fonts_stay_small() -> None:
    assert sum(fonts.file(name).stat().st_size for name in fonts.TEXT) < 8_000_000
    assert sum(fonts.file(name).stat().st_size for name in fonts.RARE) < 6_000_000


PAIRS = [("שלום", "מלוש"), ("شبكة", "كبشة"), ("🚀😀", "📦🎉"), ("सेवा", "भाषा"), ("ระบบ", "บรรบ"), ("支付网关", "付支关网"),
         ("Հայ", "այՀ"), ("ქართ", "თრაქ")]
"""Words of one script that squares for missing characters would make look alike."""


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_scripts_and_emoji_are_painted_and_not_replaced_by_squares(one: str, other: str) -> None:
    def painted(word: str) -> bytes:
        style = "".join(f"<text x='{x}' y='20' style=\"font-family:'{fonts.family(name) if name else fonts.FAMILY}'\">"
                        f"{piece}</text>" for x, (name, piece) in enumerate(fonts.runs(word)))
        return raster.png(f"<svg xmlns='http://www.w3.org/2000/svg' width='120' height='30'>{style}</svg>")

    blank = raster.png("<svg xmlns='http://www.w3.org/2000/svg' width='120' height='30'/>")
    assert len({painted(one), painted(other), blank}) == 3


def test_a_line_is_cut_into_pieces_of_one_face_each() -> None:
    assert fonts.runs("api شبكة 🚀 web") == [("", "api "), ("arabic", "شبكة "), ("emoji", "🚀 "), ("", "web")]


def test_a_character_that_no_font_has_is_painted_as_a_dot_and_kept_in_the_drawing() -> None:
    text = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='30'><text y='20'>{}</text></svg>"
    assert raster.png(text.format("\u13e3")) == raster.png(text.format("\u00b7"))


def test_a_panic_of_the_rasteriser_is_a_picture_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def broken(**_: object) -> bytes:
        raise PanicException("index out of range")

    monkeypatch.setattr("resvg_py.svg_to_bytes", broken)
    with pytest.raises(PictureError, match="the rasteriser failed: index out of range"):
        raster.png("<svg xmlns='http://www.w3.org/2000/svg'/>")


def test_direction_marks_newlines_and_control_characters_do_not_reach_a_picture() -> None:
    assert clean("a\u202eb\u200f\nc\td\x07e\ud800f\u2066") == "ab c def"


def test_a_name_of_three_hundred_characters_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 300).endswith("…") and len(clean("x" * 300)) == 120


def test_lines_never_exceed_their_room() -> None:
    for text in ("word " * 40, "x" * 200, "支付" * 60, "a-b" * 50):
        for line in wrapped(text, 12, "regular", 100, 3):
            assert fonts.width(line, 12) <= 100


def test_letters_of_the_arabic_script_are_measured_in_the_shape_that_their_neighbours_give_them() -> None:
    assert joined("\u0628\u064e\u0628\u0628") == "\ufe91\ufe92\ufe90"  # beh three times, with a mark that parts nobody
    assert joined("\u062f\u0628") == "\ufea9\ufe8f"  # dal joins nothing after it
    assert joined("\u0644\u0627") == "\ufefb"  # lam and alef are one shape
    assert joined("web shop") == "web shop"
    assert fonts.width("\u0628\u0628\u0628", 10) < 3 * fonts.width("\u0628", 10)


@pytest.mark.parametrize(("text", "held"), [("\u0926\u0941\u0915\u093e\u0928", True), ("\u0645\u062a\u062c\u0631", True),
                                            ("\u05d7\u05e0\u05d5\u05ea", False), ("Shop", False), ("\u5546\u5e97", False)])
def test_text_that_a_readers_own_font_draws_is_held_to_the_room_that_was_measured(text: str, held: bool) -> None:
    drawn = svg.draw(layout.place(Picture("v", "T", "", boxes=(Box("a", text), Box("b", "b")),
                                          arrows=(Arrow("a", "b", "request"),))))
    assert (f'textLength="{number(fonts.width(text, measure.TITLE, "semibold"))}"' in drawn) == held
