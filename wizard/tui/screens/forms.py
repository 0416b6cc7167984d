"""Forms: an entry of the answers field by field, parts of it in forms of their own. Gives plain data; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from wizard.entries import Offers
from wizard.fields import HINTS, Field, shown, titled, understood
from wizard.tui.rows import Cell, Row, Rows, line
from wizard.tui.screens.above import Panel
from wizard.tui.screens.general import Ask, Pick, Window


class Form(Window):
    """Fill in the fields of one entry; gives its data, {} to remove it, None to leave it as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Leave", show=False), Binding("ctrl+s", "take", "Take", show=False),
        Binding("backspace,delete", "clear", "Clear", show=False),
    ]

    def __init__(
        self, title: str, fields: Sequence[Field], value: Mapping[str, Any], check: Callable[[dict[str, Any]], Sequence[str]],
        offers: Offers | None = None, *, removable: bool = False, about: str = "",
    ) -> None:
        super().__init__()
        self._title, self._fields, self._check, self._about = title, tuple(fields), check, about
        self._offers: Offers = offers or {}
        self._before = dict(value)
        self.value: dict[str, Any] = dict(value)
        self._removable = removable

    def compose(self) -> ComposeResult:
        """Title, fields, what is wrong."""
        with Panel():
            yield Static(Text(self._title), classes="title")
            if self._about:
                yield Static(Text(self._about), classes="text")
            yield Rows(self._rows(), id="form")
            yield Static("", classes="fault")
            yield Static("Enter fills in · Backspace clears · Ctrl+S takes it · Escape leaves", classes="hint")

    def on_mount(self) -> None:
        """The list is as high as its rows."""
        self._show()
        self.query_one(Rows).focus()

    def on_resize(self) -> None:
        """As high as there is room."""
        self._show()

    def _show(self) -> None:
        rows = self.query_one(Rows)
        found = self._rows()
        about = len(wrap(self._about, max(self.app.size.width * 92 // 100 - 6, 20))) + 1 if self._about else 0
        rows.styles.height = max(3, min(len(found), self.app.size.height * 92 // 100 - 5 - about))
        rows.show(found)

    def _rows(self) -> list[Row]:
        found = []
        wide = max(len(field.name) for field in self._fields) + 2
        for field in self._fields:
            value = self.value.get(field.name)
            told, style = shown(field, value), "mark"
            if value is None:
                told, style = "needed" if field.required else f"({shown(field, field.default)})" if field.default else "", \
                    "warn" if field.required else "dim"
            glyph = "●" if value is not None else "!" if field.required else "○"
            found.append(Row(("field", field.name), (
                Cell(f" {glyph}", 4, style), Cell(field.name, wide), Cell(told, 0, style))))
        found += [line(), Row(("take",), (Cell(" ●", 4, "good"), Cell("Take it", 0)))]
        if self._removable:
            found.append(Row(("remove",), (Cell(" ×", 4, "warn"), Cell("Remove it", 0))))
        return found

    @on(Rows.Chosen)
    def chosen(self, event: Rows.Chosen) -> None:
        """A field to fill in, or the end."""
        event.stop()
        key = event.row.key
        if key == ("take",):
            self.action_take()
        elif key == ("remove",):
            self.dismiss({})
        else:
            assert isinstance(key, tuple)
            self.fill(next(field for field in self._fields if field.name == key[1]))

    def _put(self, field: Field, value: Any) -> None:
        if value in (None, "", [], {}):
            self.value.pop(field.name, None)
        else:
            self.value[field.name] = value
        # In the order of the fields, whatever was filled in first.
        self.value = {each.name: self.value[each.name] for each in self._fields if each.name in self.value}
        self.query_one(".fault", Static).update("")
        self._show()

    def action_clear(self) -> None:
        """Nothing in the field under the cursor."""
        row = self.query_one(Rows).current
        if row is not None and isinstance(row.key, tuple) and row.key[0] == "field":
            self._put(next(field for field in self._fields if field.name == row.key[1]), None)

    def action_take(self) -> None:
        """Taken, unless something is wrong with it."""
        missing = [field.name for field in self._fields if field.required and field.name not in self.value]
        problems = [f"{name} is needed" for name in missing] or list(self._check(self.value))
        if problems:
            self.query_one(".fault", Static).update(Text("\n".join(problems[:3])))
        else:
            self.dismiss(self.value)

    def action_close(self) -> None:
        """Leave; what was filled in is not dropped unasked."""
        if self.value == self._before:
            self.dismiss(None)
        else:
            self.ask_leaving()

    @work
    async def ask_leaving(self) -> None:
        """Take what was filled in, drop it, or go on."""
        rows = [Row("take", (Cell(" ●", 4, "good"), Cell("Take it", 0))),
                Row("drop", (Cell(" ×", 4, "warn"), Cell("Leave it as it was", 0)))]
        picked = await self.app.push_screen_wait(Pick("Take what was filled in?", rows, hint="Escape goes on with the form"))
        if picked == "take":
            self.action_take()
        elif picked == "drop":
            self.dismiss(None)

    @work
    async def fill(self, field: Field) -> None:
        """Ask for the value of a field in the way that fits its kind."""
        now = self.value.get(field.name)
        if field.kind == "part":
            found = await self.app.push_screen_wait(Form(
                f"{self._title} · {field.name}", field.parts, now or {}, lambda value: (), removable=now is not None,
                about=field.means))
            if found is not None:
                self._put(field, found)
        elif field.kind == "parts":
            await self._fill_several(field)
        elif field.kind in ("choice", "switch") or field.name in self._offers:
            await self._pick(field, now)
        else:
            text = await self.app.push_screen_wait(Ask(f"{self._title} · {field.name}", shown(field, now), HINTS.get(
                field.kind, ""), lambda text: _problem(field, text)))
            if text is not None:
                self._put(field, understood(field, text))

    async def _pick(self, field: Field, now: Any) -> None:
        offered: Sequence[tuple[str, str]] = self._offers.get(field.name) or [
            (name, "") for name in field.choices or ("yes", "no")]
        held = now if isinstance(now, list) else [shown(field, now)]
        wide = min(max((len(name) for name, _ in offered), default=0) + 2, 44)
        rows = [Row((name,), (Cell(" ●" if name in held else " ○", 4, "accent"), Cell(name, wide), Cell(told, 0, "dim")))
                for name, told in offered]
        rows.append(Row(("clear",), (Cell(" ×", 4, "dim"), Cell("Nothing", 0, "dim"))))
        if field.kind in ("text", "words"):
            rows.append(Row(("other", ""), (Cell(" ✎", 4, "accent"), Cell("Something else", 0))))
        picked = await self.app.push_screen_wait(Pick(f"{self._title} · {field.name}", rows))
        if picked is None:
            return
        if picked == ("other", ""):
            text = await self.app.push_screen_wait(Ask(
                f"{self._title} · {field.name}", shown(field, now), HINTS.get(field.kind, ""),
                lambda text: _problem(field, text)))
            if text is not None:
                self._put(field, understood(field, text))
        elif picked == ("clear",):
            self._put(field, None)
        elif field.kind == "words":
            name = picked[0]
            self._put(field, [each for each in held if each and each != name] + ([] if name in held else [name]))
        else:
            self._put(field, picked[0] == "yes" if field.kind == "switch" else picked[0])

    async def _fill_several(self, field: Field) -> None:
        """The entries of a list: each in a form of its own."""
        while True:
            held: list[dict[str, Any]] = list(self.value.get(field.name) or [])
            rows = [Row(number, (Cell(" ●", 4, "accent"), Cell(titled(entry), 24), Cell(", ".join(
                f"{part.name} {shown(part, entry[part.name])}" for part in field.parts if part.name in entry), 0, "dim")))
                for number, entry in enumerate(held)]
            rows.append(Row(-1, (Cell(" +", 4, "accent"), Cell("Add one", 0))))
            picked = await self.app.push_screen_wait(Pick(
                f"{self._title} · {field.name}", rows, field.means, "Enter opens one · Escape goes back", at=-1))
            if not isinstance(picked, int):
                return
            entry = held[picked] if picked >= 0 else {}
            found = await self.app.push_screen_wait(Form(
                f"{self._title} · {field.name}", field.parts, entry, lambda value: (), removable=picked >= 0,
                about=field.means))
            if found is None:
                continue
            if picked < 0:
                held += [found] if found else []
            elif found:
                held[picked] = found
            else:
                del held[picked]
            self._put(field, held)


def _problem(field: Field, text: str) -> str:
    try:
        understood(field, text)
    except ValueError as error:
        return str(error)
    return ""
