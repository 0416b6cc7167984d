"""What the tests of pictures share: an independent reader of font files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def font_of() -> Callable[[bytes], set[int]]:
    """Gives the characters that FreeType, through Pillow, finds in a font file."""
    pillow = pytest.importorskip("PIL.ImageFont", reason="Pillow reads font files independently")

    def characters(data: bytes) -> set[int]:
        font = pillow.truetype(io.BytesIO(data), 100, layout_engine=pillow.Layout.BASIC)
        missing = bytes(font.getmask("\uf8ff"))
        ranges = (range(32, 0x500), range(0x2010, 0x2200), range(0x4E00, 0x9FA6), range(0xAC00, 0xD7A4))
        return {code for codes in ranges for code in codes
                if font.getlength(chr(code)) and (chr(code) in " \u00a0" or bytes(font.getmask(chr(code))) != missing)}

    return characters
