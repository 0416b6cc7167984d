"""Drawings put together from pieces: the same picture, and only what is new is painted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from exporters.pictures import mosaic, raster, svg, terminal
from exporters.pictures.layout import Placed
from exporters.pictures.subject import subject
from tests.exporters.pictures.landscape import media, shop


def placed(view: str = "overview", **more: Any) -> Placed:
    """A real picture."""
    return terminal.placed(subject(shop(**more)), view)


def whole(drawn: Placed, dark: bool, width: int) -> Image.Image:
    """The same drawing, painted at once."""
    theme: Any = "dark" if dark else "light"
    return Image.open(io.BytesIO(raster.png(svg.draw(drawn, theme, embed=False), width=width))).convert("RGB")


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of a channel, of 255, seen from a little further off: pieces stand on whole pixels."""
    assert one.size == other.size
    small = [each.resize((each.width // 4, each.height // 4), Image.Resampling.BOX) for each in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean)


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("width", [0, 530])
@pytest.mark.parametrize("view", ["overview", "request-path", "logs"])
def test_it_is_the_drawing_that_is_painted_whole(view: str, width: int, dark: bool) -> None:
    drawn = placed(view)
    found = mosaic.Mosaic().paint(drawn, dark, width)
    assert apart(found, whole(drawn, dark, width)) < 3.0
    assert apart(found, whole(drawn, not dark, width)) > 30


def test_it_is_the_same_whatever_was_drawn_before() -> None:
    drawn, before = placed(), mosaic.Mosaic()
    before.paint(terminal.placed(subject(media()), "overview"), True, 530)
    before.paint(placed("logs"), False, 400)
    fresh = mosaic.Mosaic().paint(drawn, True, 530)
    assert apart(before.paint(drawn, True, 530), fresh) < 0.05
    assert apart(before.paint(placed(title="Storefront"), True, 530), fresh) > 0.05


def test_only_what_was_not_seen_before_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[str] = []
    real = raster.png

    def noted(text: str) -> bytes:
        painted.append(text)
        return real(text)

    monkeypatch.setattr(raster, "png", noted)
    one = mosaic.Mosaic()
    one.paint(placed(), True, 530)
    one.paint(placed(), True, 530)
    assert len(painted) == 1
    one.paint(placed(title="Storefront"), True, 530)
    assert len(painted) == 2
    assert "Storefront" in painted[1] and painted[1].count("<text") < painted[0].count("<text") / 3


def test_pieces_that_nobody_needs_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "KEPT", 0)
    one = mosaic.Mosaic()
    for title in ("a", "b", "c", "d"):
        found = one.paint(placed(title=title), True, 530)
        assert len(one._kept) == len(set(one._kept)) <= len(list(svg.pieces(placed(title=title))))
        assert apart(found, mosaic.Mosaic().paint(placed(title=title), True, 530)) < 0.05


def test_the_png_is_read_by_others() -> None:
    image = mosaic.Mosaic().paint(placed(), True, 300)
    read = Image.open(io.BytesIO(mosaic.png(image)))
    assert read.size == image.size and read.tobytes() == image.tobytes()
