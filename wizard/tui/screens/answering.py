"""Answering: questions of the use case and settings. Each change goes through the desk's `consider`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from textual import work

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.layers import Question
from catalog.words import listed, plain
from wizard import changes
from wizard.changes import Change
from wizard.solver import ContextOption, SettingOption
from wizard.tui.about import setting_value
from wizard.tui.errands import FindWaysOut, FindWhys, WaysOut, Whys
from wizard.tui.pages import usecase as usecase_page
from wizard.tui.rows import Cell, Row, line, long
from wizard.tui.screens.awaited import Awaited
from wizard.tui.screens.desk import Desk
from wizard.tui.screens.general import Ask, Filled, Pick
from wizard.tui.view import View


class Answering(Desk):
    """A part of the main screen."""

    @work
    async def answer_question(self, question: str) -> None:
        """Pick a value; one that is ruled out shows the ways out."""
        view = self.view
        found = view.catalog.questions[question]
        picked = await self.app.push_screen_wait(self._values(view, found))
        if picked is None:
            return
        if picked == "":
            self.change(changes.answer(view.words, question, (), self.kind, view.space))
            return
        said = usecase_page.said(view, found, usecase_page.kinds(view, found)[0])
        values: Sequence[str] = (str(picked),)
        if found.several:
            order = [value.id for value in found.values]
            kept = set(said) ^ {str(picked)}
            values = [value for value in order if value in kept]
        blocked = [ContextOption(question, value, kind) for kind in usecase_page.kinds(view, found) for value in values
                   if view.value(ContextOption(question, value, kind)) == "excluded"]
        if blocked and picked not in said:
            self.ways_out_context(blocked[0], values)
        else:
            self.consider(changes.answer(view.words, question, values, self.kind, view.space))

    @work
    async def ways_out_context(self, blocked: ContextOption, values: Sequence[str]) -> None:
        """A value that the other answers rule out: mend those, or leave it."""
        view = self.view
        found: list[WaysOut] = []

        def fill(told: WaysOut) -> Filled:
            found[:] = [told]
            rows = [*self._ways(view, told), Row(-1, (Cell(" !", 5, "warn"), Cell(
                "Say it nevertheless, and see the conflict", 0, "warn")))]
            return Filled(rows, view.words.line(told.reasons[0]) if told.reasons else "")

        title = f"“{view.words.value(blocked.question, blocked.value)}” does not fit the other answers"
        picked = await self.app.push_screen_wait(Awaited(title, FindWaysOut(blocked), fill))
        if not isinstance(picked, int):
            return
        said = changes.answer(view.words, blocked.question, values, self.kind, view.space)
        if picked < 0:
            self.change(said)
            return
        mended = changes.mend(view.words, found[0].repairs[picked], view.space)
        self.change(Change(f"{said.name}; {mended.name}", lambda answers: said.make(mended.make(answers))))

    def _ways(self, view: View, told: WaysOut) -> list[Row]:
        return [row for number, repair in enumerate(told.repairs)
                for row in long(number, f" {number + 1}. ", view.words.repair(repair), self.window)]

    def _values(self, view: View, question: Question) -> Pick:
        kinds = usecase_page.kinds(view, question)
        said = [usecase_page.said(view, question, kind) for kind in kinds]
        at = next((value.id for value in reversed(question.values) if all(value.id in each for each in said)), None)
        out = tuple(option for value in question.values if value.id != at or question.several for kind in kinds
                    if view.value(option := ContextOption(question.id, value.id, kind)) == "excluded")
        now = Filled(self._value_rows(view, question, Whys()), question.why)
        if not out:
            return Pick(question.title, now.rows, now.text, at=at)

        def fill(told: Whys) -> Filled:
            return Filled(self._value_rows(view, question, told), question.why)

        return Awaited(question.title, FindWhys(out), fill, at=at, now=now)

    def _value_rows(self, view: View, question: Question, told: Whys) -> list[Row]:
        """The values with what is known by now of why each is ruled out."""
        kinds = usecase_page.kinds(view, question)
        said = [usecase_page.said(view, question, kind) for kind in kinds]
        rows = []
        for value in question.values:
            on = all(value.id in each for each in said)
            states = {view.value(ContextOption(question.id, value.id, kind)) for kind in kinds}
            note, style = "", "plain"
            if on:
                note, style = "answered", "good"
            elif "excluded" in states:
                found = next((why[0] for kind in kinds if (why := told.reasons.get(
                    ContextOption(question.id, value.id, kind)))), None)
                note, style = f"ruled out: {view.words.short(found)}" if found else "ruled out", "dim"
            elif states == {"implied"}:
                note, style = "follows from the answers", "good"
            mark = "(●)" if on else " × " if style == "dim" else "( )"
            mark = mark.replace("(", "[").replace(")", "]").replace("●", "x") if question.several else mark
            wide = min(max(len(each.title) for each in question.values) + 2, 46)
            rows.append(Row(value.id, (Cell(f"{mark} ", 4, style), Cell(value.title, wide, style), Cell(note, 0, "dim"))))
        assume = (question.assume,) if isinstance(question.assume, str) else question.assume
        assumed = listed([view.words.value(question.id, each) for each in assume])
        return [*rows, *long("", " ○  ", f"Leave it open; until then this is assumed: {assumed}", self.window, "dim")]

    @work
    async def set_setting(self, setting: str) -> None:
        """Offer steps and choices, and a line for another value."""
        view = self.view
        found = view.catalog.settings[setting]
        rows = []
        offered: Sequence[Scalar] = found.choices or found.steps or ((True, False) if found.type == "boolean" else ())
        kind = view.kinds(view.catalog.setting_decision[setting])[0]
        now, origin = setting_value(view, setting)
        at = None
        for value in offered:
            out = view.space.state(SettingOption(setting, value, kind)) == "excluded"
            text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            held, style = text == now, "dim" if out else "good" if text == now and origin == "set" else "plain"
            at = ("value", value) if held else at
            rows.append(Row(("value", value), (
                Cell(" × " if out else "(●) " if style == "good" else "( ) ", 5, style), Cell(text, 20, style),
                Cell("ruled out by the other answers" if out else origin if held else "", 0, "dim"))))
        if found.type not in ("boolean", "choice"):
            rows.append(Row(("other",), (Cell(" ✎", 5, "accent"), Cell("Another value", 0))))
        rows.append(Row(("default",), (Cell(" ○", 5, "dim"), Cell("Leave it at its default", 0, "dim"))))
        picked = cast("tuple[object, ...] | None", ("other",) if not offered else await self.app.push_screen_wait(
            Pick(found.title, rows, found.why, at=at)))
        if picked is None:
            return
        if picked[0] == "default":
            self.change(changes.put(view.catalog, setting, None, self.kind, view.space))
        elif picked[0] == "value":
            self._put(setting, cast(Scalar, picked[1]))
        else:
            said = view.space.setting_said(setting, view.space.scope(kind))
            before = str(said.value) if said is not None else found.placeholder or ""
            text = await self.app.push_screen_wait(Ask(
                found.title, before, found.why, lambda text: _problem(view.catalog, setting, text)))
            if text is not None:
                self._put(setting, _scalar(view.catalog, setting, text))

    def _put(self, setting: str, value: Scalar) -> None:
        view = self.view
        for kind in view.kinds(view.catalog.setting_decision[setting]):
            target = SettingOption(setting, value, kind)
            if view.space.stands and view.space.state(target) == "excluded":
                self.ways_out_setting(target, value)
                return
        self.consider(changes.put(view.catalog, setting, value, self.kind, view.space),
                      view.catalog.setting_decision[setting])

    @work
    async def ways_out_setting(self, target: SettingOption, value: Scalar) -> None:
        """A value that the other answers rule out: mend those, or leave it."""
        view = self.view
        found: list[WaysOut] = []

        def fill(told: WaysOut) -> Filled:
            found[:] = [told]
            return Filled(self._ways(view, told) or [line("  Nothing that is not pinned would help.", "dim", -1)],
                          view.words.line(told.reasons[0]) if told.reasons else "")

        picked = await self.app.push_screen_wait(Awaited(
            f"{view.words.setting(target.setting)} cannot be {plain(value)}", FindWaysOut(target), fill))
        if isinstance(picked, int) and picked >= 0:
            said = changes.put(view.catalog, target.setting, value, self.kind, view.space)
            mended = changes.mend(view.words, found[0].repairs[picked], view.space)
            self.change(Change(f"{said.name}; {mended.name}", lambda answers: said.make(mended.make(answers))))


def _scalar(catalog: Catalog, setting: str, text: str) -> Scalar:
    type_ = catalog.settings[setting].type
    return int(text) if type_ in ("integer", "percent") and text.strip().lstrip("-").isdigit() else text.strip()


def _problem(catalog: Catalog, setting: str, text: str) -> str:
    try:
        catalog.settings[setting].check(_scalar(catalog, setting, text))
    except ValueError as error:
        return str(error)
    return ""
