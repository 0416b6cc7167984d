"""Three general windows: pick a row, read a text, say a line; a fourth, to edit a text, loads more. Every special window is
one of these."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from textwrap import wrap
from typing import ClassVar, NamedTuple

from rich.console import RenderableType
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from wizard.tui.rows import Cell, Row, Rows, line
from wizard.tui.screens.above import Above, Panel


class Window(Above):
    """What the windows share: a title, a hint of keys, escape closes."""

    DEFAULT_CSS = """
    Window { align: center middle; }
    Window > Panel { width: 92%; max-width: 150; height: auto; max-height: 92%; border: round $primary;
                        background: $background; padding: 0 1; }
    Window .title { text-style: bold; color: $text-primary; height: auto; }
    Window .text { height: auto; max-height: 12; margin-bottom: 1; }
    Window .hint { color: $text-muted; height: 1; }
    Window Rows { height: auto; max-height: 40; min-height: 1; }
    Window .whole { height: auto; scrollbar-size-vertical: 1; }
    Window .fault { color: $text-error; height: auto; max-height: 5; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close", show=False)]

    def action_close(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)


class Filled(NamedTuple):
    """What a list shows, and the text above it."""

    rows: Sequence[Row]
    text: Text | str = ""


class Pick(Window):
    """Pick one of several rows; gives the row's key, or None."""

    def __init__(
        self, title: str, rows: Sequence[Row], text: Text | str = "", hint: str = "Enter chooses · Escape leaves",
        at: Hashable | None = None,
    ) -> None:
        super().__init__()
        self._title, self._rows, self._text, self._hint, self._at = title, tuple(rows), text, hint, at

    _room = 1
    """Lines that the list has at least."""

    def compose(self) -> ComposeResult:
        """Title, text, rows."""
        with Panel():
            yield Static(Text(self._title), classes="title")
            if self._text:
                with VerticalScroll(classes="text", can_focus=False):
                    yield Static(self._text if isinstance(self._text, Text) else Text(self._text))
            yield Rows(self._rows, id="pick")
            yield Static(Text(self._hint), classes="hint")

    def on_mount(self) -> None:
        """The list is as high as its rows."""
        self._list(self._rows)
        self.query_one(Rows).focus()

    def _list(self, shown: Sequence[Row]) -> None:
        rows = self.query_one(Rows)
        rows.styles.height = max(self._room, min(len(shown), self.app.size.height - 9))
        rows.show(shown, key=self._at)

    @on(Rows.Chosen)
    def chosen(self, event: Rows.Chosen) -> None:
        """Picked."""
        event.stop()
        self.dismiss(event.row.key)


def agreed(told: Sequence[str], wide: int) -> Filled:
    """What else a change would change, as rows, and how much it is."""
    rows = [row for number, each in enumerate(told) for row in _hung(number, each, wide)] or [
        line("  The completed design stays the same.", "dim", 0)]
    return Filled([Row("do", (Cell(" ●", 4, "accent"), Cell("Do it", 0))), *rows], (
        f"{len(told)} thing{'' if len(told) == 1 else 's'} in the completed design would change" if told else ""))


def _hung(key: Hashable, text: str, wide: int) -> list[Row]:
    """A line of a list; where it needs several, they hang below the first."""
    first, *more = wrap(text, max(wide - 8, 20)) or [""]
    return [line(f"  {first}", "plain", key if text else None), *(line(f"      {each}") for each in more)]


class Read(Window):
    """Read a text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,question_mark", "close", "Close", show=False)]

    def __init__(self, title: str, text: RenderableType) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Title and text."""
        with Panel():
            yield Static(Text(self._title), classes="title")
            with VerticalScroll(classes="whole"):
                yield Static(self._text, id="reading")
            yield Static("Arrows scroll · Escape closes", classes="hint")

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self._fit()
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """The hint stays in sight."""
        self._fit()

    def _fit(self) -> None:
        self.query_one(VerticalScroll).styles.max_height = max(3, self.app.size.height * 92 // 100 - 4)


class Ask(Window):
    """Ask for one line; gives the text, or None. `check` says what is wrong with a text, or nothing."""

    def __init__(self, title: str, value: str = "", text: str = "", check: Callable[[str], str] = lambda _: "") -> None:
        super().__init__()
        self._title, self._value, self._text, self._check = title, value, text, check

    def compose(self) -> ComposeResult:
        """Title, text, line."""
        with Panel():
            yield Static(Text(self._title), classes="title")
            if self._text:
                yield Static(Text(self._text), classes="text")
            yield Input(self._value, id="line")
            yield Static("", classes="fault")
            yield Static("Enter takes it · Escape leaves", classes="hint")

    def on_mount(self) -> None:
        """Keys go to the line; its cursor does not blink."""
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Taken, unless something is wrong with it."""
        problem = self._check(event.value)
        if problem:
            self.query_one(".fault", Static).update(Text(problem))
        else:
            self.dismiss(event.value)
