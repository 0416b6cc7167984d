"""The picture: drawn beside the keys, the newest wins; an image where the terminal can, else half blocks or text."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.screen import Screen
from textual.widgets import Static

from wizard.tui.drawing import Drawn, Wanted
from wizard.tui.foot import Foot
from wizard.tui.halves import halves
from wizard.tui.sketch import sketch

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp


class PictureScreen(Screen[None]):
    """See the module. `layer` is what `z` zooms to."""

    DEFAULT_CSS = """
    PictureScreen #frame { height: 1fr; padding: 0 1; }
    PictureScreen #caption { height: 1; background: $primary-background; color: $text; padding: 0 1; text-style: bold; }
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
        self._wanted = Wanted()
        self._shown: Drawn | None = None

    def compose(self) -> ComposeResult:
        """Caption and frame."""
        yield Static(id="caption")
        with ScrollableContainer(id="frame"):
            yield Static(id="drawn")
        yield Foot()

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    def on_mount(self) -> None:
        """The sketch at once, views as they are found."""
        self._image = self.wizard.images
        self._draw()
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
        elif not desk.view.space.stands:
            self._put(Text("No picture while the answers are in conflict."))
        else:
            self._caption(f"{self._views[self._at]} · drawing …")
        self._ask()

    def _ask(self) -> None:
        """Ask for the view of now; where there is none yet, for the views that there are."""
        view = self._views[self._at] if self._at >= 0 else ""
        self._wanted = Wanted(view, self._image and bool(view), "light" not in self.app.theme,
                              0 if self.wizard.images else max(self.query_one("#frame").size.width - 2, 20))
        self.wizard.draw(self._wanted)

    def on_known(self) -> None:
        """A picture may have arrived."""
        drawn = self.wizard.thoughts.drawn
        if drawn is None or drawn.wanted != self._wanted or drawn is self._shown:
            if self._at < 0 and self.wizard.desk is not None and self._shown is None:
                self._put(sketch(self.wizard.desk.view, self._layer if self._zoomed else None))
            return
        self._shown = drawn
        first = not self._views
        self._views = drawn.views or self._views
        if self._at < 0 and first and self._views and self.wizard.images:
            # Where images can be shown, they are what is wanted; the sketch was there until now.
            self._at = 0
            self._draw()
            return
        if self._at < 0:
            return
        self._caption(f"{drawn.view} · {self._at + 1} of {len(self._views)} · n and p: other views")
        if drawn.png:
            self._put_image(drawn)
        else:
            self._put(Text(drawn.text or drawn.problem))

    def _put(self, shown: Text) -> None:
        frame = self.query_one("#frame", ScrollableContainer)
        frame.query(".image").remove()
        static = self.query_one("#drawn", Static)
        static.display = True
        static.update(shown)
        frame.scroll_home(animate=False)

    def _put_image(self, drawn: Drawn) -> None:
        if not self.wizard.images:
            from PIL import Image

            self._put(halves(Image.open(BytesIO(drawn.png)), self._wanted.width))
            return
        from wizard.tui.graphics import shown

        frame = self.query_one("#frame", ScrollableContainer)
        frame.query(".image").remove()
        self.query_one("#drawn", Static).display = False
        made = shown(drawn)
        made.add_class("image")
        frame.mount(made)
