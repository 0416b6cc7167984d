"""The picture: drawn in a worker, the newest wins; an image where the terminal can, else box drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import get_current_worker

from catalog.design import Design
from wizard.tui.sketch import sketch

if TYPE_CHECKING:
    from PIL.Image import Image

    from wizard.tui.app import WizardApp


class PictureScreen(Screen[None]):
    """See the module. `layer` is what `z` zooms to."""

    DEFAULT_CSS = """
    PictureScreen #frame { height: 1fr; padding: 0 1; }
    PictureScreen #caption { height: 1; background: $primary-background; padding: 0 1; text-style: bold; }
    PictureScreen #drawn { width: auto; height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,v", "app.pop_screen", "Back"),
        Binding("z", "zoom", "Zoom to the layer"),
        Binding("n", "view(1)", "Next view"),
        Binding("p", "view(-1)", "View before"),
        Binding("i", "form", "Image or text"),
    ]

    def __init__(self, layer: str | None) -> None:
        super().__init__()
        self._layer = layer
        self._zoomed = False
        self._views: tuple[str, ...] = ()
        self._at = -1
        self._image = False

    def compose(self) -> ComposeResult:
        """Caption and frame."""
        yield Static(id="caption")
        with ScrollableContainer(id="frame"):
            yield Static(id="drawn")
        yield Footer(compact=True, show_command_palette=False)

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    def on_mount(self) -> None:
        """The sketch at once, views as they are found."""
        self._image = self.wizard.images
        self._draw()
        self._find()
        self.query_one("#frame").focus()

    def action_zoom(self) -> None:
        """The layer that one comes from, or everything."""
        self._zoomed = not self._zoomed and self._layer is not None
        self._at = -1
        self._draw()

    def action_view(self, step: int) -> None:
        """Another view of the design."""
        if self._views:
            self._at = (self._at + step + 1) % (len(self._views) + 1) - 1 if self._at + step >= -1 else len(self._views) - 1
            self._draw()

    def action_form(self) -> None:
        """Image or text."""
        self._image = not self._image
        if self._image and self._at < 0 and self._views:
            self._at = 0
        self._draw()

    def _caption(self, text: str) -> None:
        self.query_one("#caption", Static).update(Text(text))

    def _draw(self) -> None:
        desk = self.wizard.desk
        assert desk is not None
        if self._at < 0:
            self._caption("The architecture so far" + (" · one layer" if self._zoomed else ""))
            self._put(sketch(desk.view, self._layer if self._zoomed else None))
            return
        design = self.wizard.thoughts.design
        if design is None:
            self._put(Text("No picture while the answers are in conflict."))
            return
        self._caption(f"{self._views[self._at]} · drawing …")
        self._paint_view(design, self._views[self._at], self._image)

    @work(thread=True, exclusive=True, group="find")
    def _find(self) -> None:
        design = self.wizard.thoughts.design
        if design is None:
            return
        from exporters.pictures.terminal import views

        found = views(design)
        self.app.call_from_thread(setattr, self, "_views", found)

    @work(thread=True, exclusive=True, group="draw")
    def _paint_view(self, design: Design, view: str, image: bool) -> None:
        from catalog.errors import WizardError
        from exporters.pictures import terminal
        from exporters.pictures.faults import PictureError

        worker = get_current_worker()
        drawn: Text | Image
        try:
            if image:
                from PIL import Image as Pillow

                drawn = Pillow.open(terminal.image(design, view, dark="light" not in self.app.theme))
                drawn.load()
            else:
                drawn = Text(terminal.source(design, view, "text"))
        except (PictureError, WizardError, OSError, ImportError) as error:
            drawn = Text(f"This picture cannot be drawn here: {error}")
        if not worker.is_cancelled:
            self.app.call_from_thread(self._arrived, view, drawn)

    def _arrived(self, view: str, drawn: Text | Image) -> None:
        if not self.is_mounted:
            return
        number = f"{self._at + 1} of {len(self._views)}"
        self._caption(f"{view} · {number} · n and p: other views")
        if isinstance(drawn, Text):
            self._put(drawn)
        else:
            self._put_image(drawn)

    def _put(self, text: Text) -> None:
        frame = self.query_one("#frame", ScrollableContainer)
        for other in frame.query(".image"):
            other.remove()
        static = self.query_one("#drawn", Static)
        static.display = True
        static.update(text)
        frame.scroll_home(animate=False)

    def _put_image(self, image: Image) -> None:
        from textual_image.widget import HalfcellImage
        from textual_image.widget import Image as Best

        frame = self.query_one("#frame", ScrollableContainer)
        for other in frame.query(".image"):
            other.remove()
        self.query_one("#drawn", Static).display = False
        shown = (Best if self.wizard.images else HalfcellImage)(image)
        shown.add_class("image")
        shown.styles.width = "100%"
        shown.styles.height = "auto"
        frame.mount(shown)
