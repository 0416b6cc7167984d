"""A window in which a text is edited. Apart from the other general windows, as its editor takes long to load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from wizard.tui.rows import Cell, Row
from wizard.tui.screens.above import Panel
from wizard.tui.screens.general import Pick, Window


class Edit(Window):
    """Edit a text; gives it, or None. `check` says what is wrong with it, a line each."""

    DEFAULT_CSS = "Edit TextArea { height: 22; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Leave", show=False, priority=True),
        Binding("ctrl+s", "take", "Take", show=False, priority=True),
    ]

    def __init__(
        self, title: str, value: str, check: Callable[[str], Sequence[str]], faults: Sequence[str] = (), at: int = 1,
    ) -> None:
        super().__init__()
        self._title, self._value, self._check, self._faults, self._at = title, value, check, tuple(faults), at

    def compose(self) -> ComposeResult:
        """Title, text, faults."""
        with Panel():
            yield Static(Text(self._title), classes="title")
            yield TextArea(self._value, id="text", show_line_numbers=True, tab_behavior="indent")
            yield Static(_few(self._faults), classes="fault")
            yield Static("Ctrl+S takes it · Escape leaves it as it was", classes="hint")

    def on_mount(self) -> None:
        """Keys go to the text; its cursor does not blink."""
        area = self.query_one(TextArea)
        area.cursor_blink = False
        area.styles.height = max(5, min(self.app.size.height * 92 // 100 - 9, 40))
        area.cursor_location = (self._at - 1, 0)
        area.focus()

    def action_take(self) -> None:
        """Taken, unless something is wrong with it."""
        text = self.query_one(TextArea).text
        problems = self._check(text)
        if problems:
            self.query_one(".fault", Static).update(_few(problems))
        else:
            self.dismiss(text)


    def action_close(self) -> None:
        """Leave; what was typed is not dropped unasked."""
        if self.query_one(TextArea).text == self._value:
            self.dismiss(None)
        else:
            self.ask_leaving()

    @work
    async def ask_leaving(self) -> None:
        """Drop what was typed, or go on."""
        rows = [Row("on", (Cell(" ✎", 4, "accent"), Cell("Go on editing", 0))),
                Row("drop", (Cell(" ×", 4, "warn"), Cell("Drop what was changed here", 0)))]
        if await self.app.push_screen_wait(Pick("Leave the text as it was?", rows)) == "drop":
            self.dismiss(None)


def _few(faults: Sequence[str], most: int = 4) -> Text:
    """The first faults, a line each; how many more there are."""
    told = [*faults[:most], *([f"… and {len(faults) - most} more"] if len(faults) > most else [])]
    return Text("\n".join(told), no_wrap=True, overflow="ellipsis")
