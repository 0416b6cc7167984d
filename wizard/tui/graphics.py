"""Pictures as images, where the terminal shows any: as Sixels, or by Kitty's protocol. Loaded only there.

Asks the terminal for the size of its cells, so it has to be loaded before the screen is Textual's.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from PIL.Image import Image, new
from PIL.Image import open as read
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual_image._geometry import ImageSize
from textual_image._pixeldata import PixelData
from textual_image._terminal import CellSize, TerminalError, capture_terminal_response, get_cell_size
from textual_image.renderable import Image as Automatic
from textual_image.renderable import tgp
from textual_image.widget import Image as Best
from textual_image.widget import sixel
from textual_image.widget._base import Image as BaseImage

from wizard.tui.drawing import Drawn
from wizard.tui.sixels import Bands, banded, sixels


class _Encoded(sixel._ImageSixelImpl, inherit_css=False):
    made: Bands | None = None
    """The whole image, where it was made elsewhere."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is seen of the image; made here only where what was made elsewhere is in another size or place."""
        cell, made = get_cell_size(), self.made
        if made is not None and self.image and crop.offset == (0, 0) and crop.width == self.content_size.width and (
                made.width == crop.width * cell.width and not self._cached_sixels):
            self._cached_sixels = sixel._CachedSixels(
                self.image, crop, self.content_size, cell, self._sixel_options, self._get_background_rgba(),
                made.upper(crop.height * cell.height))
        return super().render_lines(crop)

    def _scale_image(self, image_data: PixelData, terminal_sizes: CellSize) -> PixelData:
        # One that was drawn for its place is as wide as that, and misses part of a cell at most: not worth blurring it.
        wide, high = self.content_size.width * terminal_sizes.width, self.content_size.height * terminal_sizes.height
        if image_data.width != wide or abs(image_data.height - high) >= terminal_sizes.height:
            return super()._scale_image(image_data, terminal_sizes)
        whole = new("RGB", (wide, high), self.background_colors[1].rgb)
        whole.paste(image_data.pil_image, (0, 0))
        return PixelData(whole)

    def _image_to_sixels(self, image: Image, *arguments: Any, **more: Any) -> str:
        return sixels(banded(image))

    def _get_sixel_segments(self, sixel_data: str) -> Iterable[Segment]:
        # What stands to the right of the image's last line is written next, and then a line is begun: the library goes on
        # one line too low, where a terminal scrolls.
        # Below whole lines of Sixels a part of the image's last line is left, where a taller image may have been before.
        *drawn, _ = super()._get_sixel_segments(sixel_data)
        seen = self.screen.find_widget(self).visible_region
        last = Control.move_to(seen.x, seen.bottom - 1).segment.text
        plain = Style(bgcolor=self.background_colors[1].rich_color)
        return [Segment(last, Style.null()), Segment(" " * seen.width, plain), *drawn,
                Segment(Control.move_to(seen.right, seen.bottom - 1).segment.text, Style.null())]


class Sixels(sixel.Image, Renderable=sixel._NoopRenderable):
    """An image as Sixels."""

    made: Bands | None = None

    def compose(self) -> ComposeResult:
        """The widget that draws."""
        drawing = _Encoded(self.image, self._sixel_options)
        drawing.made = self.made
        yield drawing

    def put(self, image: BytesIO, made: Bands | None) -> None:
        """Another image in the same widgets: made anew, as the library does, they show nothing for some frames."""
        self.made = made
        BaseImage.image.fset(self, image)  # type: ignore[attr-defined]
        for drawing in self.query(_Encoded):
            drawing.image, drawing.made, drawing._cached_sixels = image, made, None
            drawing.refresh()


PART = 4096
"""Letters of an image in one message by Kitty's protocol, at most."""


class Placed(tgp.Image):
    """A PNG by Kitty's protocol, sent as it is, and let go of by its number once it is not shown any more. The terminal
    makes it as large as its place, so there is nothing to take apart and to press again here."""

    def __init__(self, image: BytesIO, width: int | str | None = None, height: int | str | None = None) -> None:
        self._png = image.getvalue()
        with read(BytesIO(self._png)) as seen:  # reads only how large it is
            self._render_size = ImageSize(seen.width, seen.height, width, height)
        self.terminal_image_id: int | None = None

    def _send_image_to_terminal(self, width: int, height: int) -> None:
        self.terminal_image_id = next(tgp.Image._image_id_counter)
        said = b64encode(self._png).decode("ascii")
        parts = [said[at:at + PART] for at in range(0, len(said), PART)]
        for number, part in enumerate(parts, 1):
            tgp._send_tgp_message(i=self.terminal_image_id, m=int(number < len(parts)), f=100, payload=part, q=2)

    def cleanup(self) -> None:
        """Free the terminal's memory; other images stay."""
        if self.terminal_image_id:
            tgp._send_tgp_message(a="d", d="I", i=self.terminal_image_id, q=2)
            self.terminal_image_id = None


class Kitty(BaseImage, Renderable=Placed):
    """An image by Kitty's protocol."""


def images() -> bool:
    """Whether the terminal shows images. Asks it."""
    if as_sixels():
        return True
    # The place of an image by Kitty's protocol is said by letters, and its number by their colour.
    return Automatic is tgp.Image and "NO_COLOR" not in os.environ and _takes_letters()


def _takes_letters() -> bool:
    """Whether the terminal knows letters that stand for parts of an image: Kitty since 0.28 (others show boxes)."""
    try:
        with capture_terminal_response(tgp._TGP_MESSAGE_START, tgp._TGP_MESSAGE_END, timeout=0.3) as answer:
            tgp._send_tgp_message(i=1, s=1, v=1, a="q", t="d", f=24, U=1, payload="AAAA")
    except (TerminalError, TimeoutError):
        return False
    return bool(answer.sequence.endswith(f";OK{tgp._TGP_MESSAGE_END}"))


def as_sixels() -> bool:
    """Whether the terminal shows images as Sixels."""
    return issubclass(Best, sixel.Image)


def shown(drawn: Drawn) -> Widget:
    """A widget that shows an image, as wide as its place."""
    made: BaseImage = (Sixels if as_sixels() else Kitty)(BytesIO(drawn.png))
    if isinstance(made, Sixels):
        made.made = drawn.sixels
    made.styles.width, made.styles.height = "100%", "auto"
    return made


def show(widget: Widget, drawn: Drawn) -> None:
    """Show another image in a widget."""
    assert isinstance(widget, BaseImage)
    if isinstance(widget, Sixels):
        widget.put(BytesIO(drawn.png), drawn.sixels)
    else:
        widget.image = BytesIO(drawn.png)


def cell_width() -> int:
    """How many pixels wide a cell is."""
    return int(get_cell_size().width)
