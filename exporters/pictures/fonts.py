"""The fonts that come with the product: where they are, how wide a character is, and a subset to embed in an SVG.

Owns the little of the TrueType format that this needs (cmap, hmtx, glyf); refuses shaping, kerning and hinting, which
is why pictures switch kerning off: what is measured here is then what every viewer draws.
Format: https://learn.microsoft.com/typography/opentype/spec/
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from exporters.pictures.faults import PictureError
from exporters.pictures.joining import joined

Weight = Literal["regular", "semibold"]

FAMILY = "Source Sans Pro"
FAMILY_CJK = "WenQuanYi Micro Hei"

_FILES: dict[str, tuple[str, str]] = {
    "regular": ("font_source_sans_pro", "files/SourceSansPro-Regular.ttf"),
    "semibold": ("font_source_sans_pro", "files/SourceSansPro-Semibold.ttf"),
    "cjk": ("paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"),
    "emoji": ("manimgx_fonts", "NotoEmoji[wght].ttf"),
    "symbols": ("manimgx_fonts", "NotoSansSymbols[wght].ttf"),
    **{script.lower(): ("manimgx_fonts", f"NotoSans{script}[wght].ttf") for script in (
        "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada",
        "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai")},
}

TEXT = ("regular", "semibold", "cjk")
"""Faces that every picture may need."""
RARE = tuple(name for name in _FILES if name not in TEXT)
"""Faces that are opened only for a character that the others do not have."""
SIMPLE = ("emoji", "symbols", "armenian", "ethiopic", "georgian", "hebrew", "lao", "thai")
"""Rare faces whose characters stand by themselves, so that a subset of them can be embedded. The letters of the others
change with their neighbours: viewers bring their own fonts for those, and the rasteriser is handed ours."""

_MORE_COMPONENTS, _HAS_INSTRUCTIONS = 0x0020, 0x0100


def file(name: str) -> Path:
    """Path of a shipped font file (`regular`, `semibold`, `cjk`); PictureError when its package is not installed."""
    package, inside = _FILES[name]
    spec = find_spec(package)  # finds the folder without running the package's own code
    if spec is None or spec.origin is None:
        raise PictureError(f"the font package {package.replace('_', '-')} is not installed; install k8s-wizard again")
    return Path(spec.origin).parent / inside


class Face:
    """One TrueType face, read on demand."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
        count = struct.unpack_from(">H", data, start + 4)[0]
        self._tables: dict[str, tuple[int, int]] = {}
        for index in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
            self._tables[tag.decode("latin-1")] = (offset, length)
        head = self._tables["head"][0]
        self.units: int = struct.unpack_from(">H", data, head + 18)[0]
        self._long_loca = struct.unpack_from(">h", data, head + 50)[0] == 1
        self._metrics: int = struct.unpack_from(">H", data, self._tables["hhea"][0] + 34)[0]
        self._segments = self._read_cmap()
        self._glyphs: dict[int, int] = {}
        self._shapes: dict[int, bytes] = {}
        """Glyphs of one piece as they stand in any subset."""

    def _table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def _read_cmap(self) -> tuple[int, int]:
        """Offset and format of the best Unicode subtable (12 before 4)."""
        base = self._tables["cmap"][0]
        best = (0, 0)
        for index in range(struct.unpack_from(">H", self._data, base + 2)[0]):
            platform, encoding, offset = struct.unpack_from(">HHI", self._data, base + 4 + 8 * index)
            form: int = struct.unpack_from(">H", self._data, base + offset)[0]
            if (platform, encoding) in ((3, 10), (3, 1), (0, 3), (0, 4)) and form in (4, 12) and form > best[1]:
                best = (base + offset, form)
        return best

    def glyph(self, char: str) -> int:
        """Glyph index of a character; 0 when the face has none."""
        code = ord(char)
        found = self._glyphs.get(code)
        if found is None:
            found = self._glyphs[code] = self._find12(code) if self._segments[1] == 12 else self._find4(code)
        return found

    def _find12(self, code: int) -> int:
        base = self._segments[0]
        low, high = 0, struct.unpack_from(">I", self._data, base + 12)[0]
        while low < high:
            middle = (low + high) // 2
            first, last, glyph = struct.unpack_from(">III", self._data, base + 16 + 12 * middle)
            if code < first:
                high = middle
            elif code > last:
                low = middle + 1
            else:
                return int(glyph + code - first)
        return 0

    def _find4(self, code: int) -> int:
        if code > 0xFFFF:
            return 0
        base = self._segments[0]
        count = struct.unpack_from(">H", self._data, base + 6)[0] // 2
        ends, starts = base + 14, base + 16 + 2 * count
        deltas, offsets = starts + 2 * count, starts + 4 * count
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if struct.unpack_from(">H", self._data, ends + 2 * middle)[0] < code:
                low = middle + 1
            else:
                high = middle
        if low == count:
            return 0
        first = struct.unpack_from(">H", self._data, starts + 2 * low)[0]
        if code < first:
            return 0
        delta = struct.unpack_from(">H", self._data, deltas + 2 * low)[0]
        jump = struct.unpack_from(">H", self._data, offsets + 2 * low)[0]
        if jump == 0:
            return int(code + delta) & 0xFFFF
        glyph = struct.unpack_from(">H", self._data, offsets + 2 * low + jump + 2 * (code - first))[0]
        return int(glyph + delta) & 0xFFFF if glyph else 0

    def metrics(self, glyph: int) -> tuple[int, int]:
        """Advance and left bearing of a glyph, in font units."""
        base = self._tables["hmtx"][0]
        if glyph < self._metrics:
            advance, bearing = struct.unpack_from(">Hh", self._data, base + 4 * glyph)
            return int(advance), int(bearing)
        advance = struct.unpack_from(">H", self._data, base + 4 * (self._metrics - 1))[0]
        bearing = struct.unpack_from(">h", self._data, base + 4 * self._metrics + 2 * (glyph - self._metrics))[0]
        return int(advance), int(bearing)

    def _outline(self, glyph: int) -> bytes:
        loca, glyf = self._tables["loca"][0], self._tables["glyf"][0]
        if self._long_loca:
            start, end = struct.unpack_from(">II", self._data, loca + 4 * glyph)
        else:
            start, end = (2 * value for value in struct.unpack_from(">HH", self._data, loca + 2 * glyph))
        return self._data[glyf + start : glyf + end]

    def _shape(self, glyph: int, place: dict[int, int], order: list[int]) -> bytes:
        known = self._shapes.get(glyph)
        if known is not None:
            return known
        outline = self._outline(glyph)
        plain = _plain(outline, place, order)
        padded = plain + b"\0" * (-len(plain) % 4)
        if not outline or outline[:2] < b"\x80":  # a count of contours below zero marks a glyph made of others
            self._shapes[glyph] = padded
        return padded

    def subset(self, chars: str) -> bytes:
        """A small unhinted TrueType font with just these characters (those the face has); the same bytes every time."""
        codes = sorted({ord(char) for char in chars if self.glyph(char)})
        order = [0]  # new index -> old index; 0 stays the missing glyph
        place = {0: 0}
        for code in codes:
            glyph = self.glyph(chr(code))
            if glyph not in place:
                place[glyph] = len(order)
                order.append(glyph)
        shapes: list[bytes] = []
        loca = [0]
        for glyph in order:  # grows while parts of composite glyphs are met
            shapes.append(self._shape(glyph, place, order))
            loca.append(loca[-1] + len(shapes[-1]))
        glyf = b"".join(shapes)
        hmtx = b"".join(struct.pack(">Hh", *self.metrics(glyph)) for glyph in order)
        head = bytearray(self._table("head"))
        head[8:12] = b"\0\0\0\0"
        head[50:52] = b"\0\1"
        hhea = bytearray(self._table("hhea"))
        hhea[34:36] = struct.pack(">H", len(order))
        maxp = bytearray(self._table("maxp"))
        maxp[4:6] = struct.pack(">H", len(order))
        return _assemble({
            "OS/2": self._table("OS/2"),
            "cmap": _cmap([(code, place[self.glyph(chr(code))]) for code in codes]),
            "glyf": glyf or b"\0\0\0\0",
            "head": bytes(head),
            "hhea": bytes(hhea),
            "hmtx": hmtx,
            "loca": struct.pack(f">{len(loca)}I", *loca),
            "maxp": bytes(maxp),
            "name": struct.pack(">HHH", 0, 0, 6),
            "post": struct.pack(">IIhhIIIII", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0),
        })


def _plain(outline: bytes, place: dict[int, int], order: list[int]) -> bytes:
    """A glyph without hinting instructions, its parts renumbered."""
    if not outline:
        return b""
    contours = struct.unpack_from(">h", outline, 0)[0]
    if contours >= 0:
        at = 10 + 2 * contours
        length = struct.unpack_from(">H", outline, at)[0]
        return outline[:at] + b"\0\0" + outline[at + 2 + length :]
    result = bytearray(outline)
    at = 10
    while True:
        flags, part = struct.unpack_from(">HH", outline, at)
        if part not in place:
            place[part] = len(order)
            order.append(part)
        struct.pack_into(">HH", result, at, flags & ~_HAS_INSTRUCTIONS, place[part])
        at += 4 + (4 if flags & 0x0001 else 2)
        at += 2 if flags & 0x0008 else 4 if flags & 0x0040 else 8 if flags & 0x0080 else 0
        if not flags & _MORE_COMPONENTS:
            return bytes(result[:at])


def _cmap(pairs: list[tuple[int, int]]) -> bytes:
    groups = b"".join(struct.pack(">III", code, code, glyph) for code, glyph in pairs)
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(pairs)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded))) & 0xFFFFFFFF


def _assemble(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    offset = 12 + 16 * count
    directory, body = b"", b""
    head_at = 0
    for tag in sorted(tables):
        data = tables[tag]
        if tag == "head":
            head_at = offset + len(body)
        directory += struct.pack(">4sIII", tag.encode("latin-1"), _checksum(data), offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    whole = bytearray(header + directory + body)
    struct.pack_into(">I", whole, head_at + 8, (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


@cache
def face(name: str) -> Face:
    """A shipped face; PictureError when it cannot be read."""
    try:
        return Face(file(name).read_bytes())
    except (OSError, struct.error, KeyError) as error:
        raise PictureError(f"the shipped font {name} cannot be read: {error}; install k8s-wizard again") from error


@lru_cache(maxsize=4096)
def home(char: str) -> str:
    """The shipped face that has a character; empty when none does."""
    return next((name for name in ("regular", "cjk", *RARE) if face(name).glyph(char)), "")


def family(name: str) -> str:
    """The name by which a face other than the usual one is known to viewers and rasterisers."""
    if name == "cjk":
        return FAMILY_CJK
    return "Noto Emoji" if name == "emoji" else f"Noto Sans {name.capitalize()}"


def runs(text: str) -> list[tuple[str, str]]:
    """A text cut where it goes over to another face: the face (empty for the usual one) and the piece.

    Spaces and marks stay with what stands before them."""
    found: list[tuple[str, str]] = []
    for char in text:
        name = "" if char.isascii() else home(char)
        name = "" if name == "regular" else name
        joins = char == " " or unicodedata.category(char) in ("Mn", "Me", "Cf")
        if found and (joins or found[-1][0] == name):
            found[-1] = (found[-1][0], found[-1][1] + char)
        else:
            found.append((name, char))
    return found


class _Advances(dict[str, float]):
    """Width of each character in em, found when first asked for. What no shipped font has is given a generous width:
    viewers will substitute."""

    def __init__(self, weight: Weight) -> None:
        super().__init__()
        self.weight = weight

    def __missing__(self, char: str) -> float:
        name = home(char) if not face(self.weight).glyph(char) else self.weight
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            found = 0.0
        elif name:
            source = face(name)
            found = source.metrics(source.glyph(char))[0] / source.units
        else:
            found = 1.25
        self[char] = found
        return found


_ADVANCES: dict[Weight, _Advances] = {"regular": _Advances("regular"), "semibold": _Advances("semibold")}


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """Width of a line of text in pixels at a font size in pixels, without kerning."""
    if not text.isascii() and any("\u0600" <= char <= "\u06ff" for char in text):
        text = joined(text)
    return sum(map(_ADVANCES[weight].__getitem__, text)) * size


def shaped(text: str) -> bool:
    """True for text whose letters change with their neighbours: an SVG holds no font for it."""
    return not text.isascii() and any(home(char) in RARE and home(char) not in SIMPLE for char in text)


def shown_by(name: str, chars: Iterable[str], but_not: str | None = None) -> str:
    """The distinct characters that a face has (and another has not), sorted."""
    ours = face(name)
    other = face(but_not) if but_not else None
    return "".join(sorted(char for char in set(chars) if ours.glyph(char) and not (other and other.glyph(char))))
