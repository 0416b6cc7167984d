"""A drawing for a screen, put together from pieces that are painted once: the next drawing has most of them too.

The rasteriser takes longest of all that a picture needs. From one design to the next a few boxes change, and the others
at most move; so every piece is kept as pixels, and only those not seen before are painted, all at once. What is shown
differs from a drawing painted whole by parts of a pixel in where a piece stands.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from math import ceil, floor

from PIL import Image

from exporters.pictures import icons, palette, raster, svg
from exporters.pictures.layout import Placed
from exporters.pictures.sheet import Sheet

KEPT = 12_000_000
"""Bytes of pixels that are kept beside those of the last drawing."""
_WIDE = 1024
"""Pixels of the sheet on which new pieces are painted."""
_STEPS = 4
"""A piece that meets others stands at so many places within a pixel."""

_Key = tuple[tuple[str, ...], str, int, int, float, float, float, bool]


class Mosaic:
    """Paints, and keeps the pieces."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Image.Image] = OrderedDict()
        self._bytes = 0

    def paint(self, placed: Placed, dark: bool, width: int = 0) -> Image.Image:
        """The drawing, so many pixels wide (0: as wide as it is); PictureError when the rasteriser fails."""
        wide, high = svg.size(placed)
        scale = width / wide if width else 1.0
        tint = palette.DARK if dark else palette.LIGHT
        canvas = Image.new("RGB", (round(wide * scale), ceil(high * scale - 1e-6)), tint["paper"])
        places: list[tuple[_Key, int, int]] = []
        for piece in svg.pieces(placed):
            x, y = piece.area.x * scale, piece.area.y * scale
            if piece.joined:
                x, y = floor(x * _STEPS) / _STEPS, floor(y * _STEPS) / _STEPS
            else:
                x, y = round(x), round(y)
            left, top = floor(x), floor(y)
            key = (piece.parts, piece.icon, ceil(piece.area.w * scale) + 1, ceil(piece.area.h * scale) + 1, x - left, y - top,
                   scale, dark)
            places.append((key, left, top))
        self._add([key for key in dict.fromkeys(key for key, _, _ in places) if key not in self._kept])
        for key, left, top in places:
            self._kept.move_to_end(key)
            canvas.paste(self._kept[key], (left, top), self._kept[key])
        while self._bytes > KEPT and len(self._kept) > len(places):
            _, old = self._kept.popitem(last=False)
            self._bytes -= _size(old)
        return canvas

    def _add(self, missing: Sequence[_Key]) -> None:
        """Paint pieces on one sheet, in rows, and cut them out."""
        if not missing:
            return
        sheet = Sheet(svg.ICONS, pieces=True)
        sheet.icons = sorted({key[1] for key in missing} - {""})
        across = max(_WIDE, *(key[2] for key in missing))
        spots: list[tuple[_Key, int, int]] = []
        x = y = tall = 0
        for key in sorted(missing, key=lambda key: -key[3]):
            parts, _, wide, high, right, down, scale, _ = key
            if x + wide > across:
                x, y, tall = 0, y + tall, 0
            spots.append((key, x, y))
            sheet.add(f'<g transform="translate({x + right:.2f} {y + down:.2f}) scale({scale:.6f})">')
            sheet.parts.extend(parts)
            sheet.add("</g>")
            x, tall = x + wide, max(tall, high)
        drawn = icons.coarse(sheet.file("", "", across, y + tall, "dark" if missing[0][-1] else "light", False, paper=False))
        with Image.open(io.BytesIO(raster.png(drawn))) as whole:
            for key, left, top in spots:
                cut = self._kept[key] = whole.crop((left, top, left + key[2], top + key[3]))
                self._bytes += _size(cut)


def _size(image: Image.Image) -> int:
    return 4 * image.width * image.height


def png(image: Image.Image) -> bytes:
    """A drawing as PNG, made for one reader nearby: no row is told by another, which takes a third of the time and for
    plain areas no more room (https://www.w3.org/TR/png-3/)."""
    wide, high = image.size
    data, row = image.convert("RGB").tobytes(), 3 * wide
    rows = b"".join(b"\0" + data[at:at + row] for at in range(0, len(data), row))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in (
            (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")))
